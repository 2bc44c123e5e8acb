"""The few sentences that the local profile says without quoting. They promise nothing it cannot do."""

import difflib
import re

ABILITIES = (
    "I hear English, I quote your documents, and I read the text on a shared screen. "
    "I do not reason: for that, Parley needs a model's key."
)
IDENTITY = "I'm {name}, the AI teammate in this room. I run on this machine alone, and I answer by quoting."
HELLO = "Hello. Ask me something that your documents answer, or share your screen and ask me to read it."
LISTENING = "I'm listening. What would you like to know?"
NOTHING_SAID = "I have not said anything yet."

_GREETING = r"(?:hello|hi|hey|hiya|good (?:morning|afternoon|evening|day)|greetings|howdy)"
_PRAISE = (
    r"(?: (?:so|very|really|much|a|lot|again|for|your|the|that|this|was|is|you|all|help|helpful|answer|great|"
    r"good|perfect|useful|kind|kindly|everyone))*"
)
_REPEAT = re.compile(
    r"(?:(?:can|could) you )?(?:please )?(?:say|repeat) (?:that|it)(?: again)?(?: please)?|(?:come )?again|"
    r"pardon(?: me)?|what did you say"
)
_REPLIES = (
    (
        r"(?:.* )?what (?:can|do|could) you (?:do|know|help with)(?: for (?:me|us))?(?: here)?|"
        r"(?:.* )?how can you help(?: me| us)?|(?:can you )?help(?: me| us)?(?: please)?|"
        r"what are you (?:able to do|for)",
        ABILITIES,
    ),
    (
        r"who(?:'s| is| are)? (?:you|this|there)(?: then| again)?|what(?:'s| is) your name|what are you|"
        r"are you (?:a |an )?(?:real )?(?:human|person|robot|bot|ai|machine|real)",
        IDENTITY,
    ),
    (
        r"how are you(?: doing)?(?: today)?|how(?:'s| is) it going",
        f"I'm running fine, thank you. {LISTENING}",
    ),
    (
        r"(?:can|do|could) you hear (?:me|us)(?: now)?|are you (?:still )?(?:there|here|listening)|"
        r"test(?:ing)?(?: (?:one|two|three|test|testing))*",
        "Yes, I hear you.",
    ),
    (
        rf"(?:(?:ok|okay|great|perfect|yes|no|many) )*(?:thanks|thank you|and you that was|cheers){_PRAISE}|"
        rf"(?:that|this|it)(?:'s| was| is){_PRAISE}",
        "You're welcome.",
    ),
    (
        r"(?:good ?)?bye(?: bye)?(?: everyone)?|see you(?: later| soon)?|good night|"
        r"have a (?:nice|good|great) \w+",
        "Goodbye.",
    ),
    (
        r"(?:ok|okay|all right|alright|fine|great|good|nice|cool|never mind|stop|be quiet|quiet|enough|sorry|"
        r"yes|yeah|yep|no|nope|sure|perfect|i see|got it|that's all)",
        "All right.",
    ),
    (rf"{_GREETING}(?: {_GREETING})*(?: \w+)?(?: again)?", HELLO),
)
_COMPILED = tuple((re.compile(pattern), reply) for pattern, reply in _REPLIES)
_ADDRESS = re.compile(
    r"\s*(?:(?:hey|hi|hello|ok|okay|so|um|uh|and|yes|yeah)\b[\s,.!]*)?([^\W\d_]+)\b[\s,.!:;?]*(.*)", re.DOTALL
)
_SPEAKER = re.compile(r"\s*[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,3}: +(?=\S)")
_NAME_RATIO = 0.75
"""Parlay, Barley and Harley are taken for Parley, party and early are not."""


def find_reply(text: str, name: str, last_said: str | None) -> str | None:
    """What to say to `text`, or None when it is more than small talk. `name` is the agent's."""
    plain = re.sub(r"[^\w' ]+", " ", text.lower().replace("’", "'"))
    plain = re.sub(r"\s+", " ", plain).strip()
    if not plain:
        return LISTENING
    for asked in (plain, re.sub(rf"^{_GREETING}(?: there)? (?=\w)", "", plain)):
        if _REPEAT.fullmatch(asked):
            return last_said or NOTHING_SAID
        for pattern, reply in _COMPILED:
            if pattern.fullmatch(asked):
                return reply.format(name=name)
    return None


def strip_address(text: str, name: str) -> str:
    """`text` without the agent's name in front or at the end, however it was heard ("Hey Parlay, …")."""
    text = re.sub(rf"[\s,]+{re.escape(name)}\s*([.!?]*)\s*$", r"\1", text, flags=re.IGNORECASE)
    found = _ADDRESS.match(text)
    if found is None:
        return text
    likeness = difflib.SequenceMatcher(None, found[1].lower(), name.lower()).ratio()
    return found[2] if likeness >= _NAME_RATIO else text


def strip_speaker(text: str) -> str:
    """`text` without the "Ann: " that tells speakers apart where there are several."""
    found = _SPEAKER.match(text)
    return text[found.end() :] if found else text
