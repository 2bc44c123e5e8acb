"""Whether an answer refuses or hedges: phrases in the languages Parley speaks most, near where they count.

A refusal opens an answer; a phrase in the middle ("he says he cannot help") is a story. Hedging is counted
and only fails when it makes up the answer: an honest "I am not sure" inside a full answer is good manners.
"""

import re

from agent.cascade.verify.verdict import Check

_OPENING = 240
"""Characters in which a refusal shows."""

_READ = 1_500
_END = re.compile(r"[.!?]+(?:\s|$)")
_REFUSAL = re.compile(
    r"(?i)\b(?:"
    r"i(?:'m| am) (?:sorry|afraid),? (?:but )?(?:i |that |as an )?.{0,40}?"
    r"(?:can(?:'t|not)|unable|not able|won't|don't have)"
    r"|i (?:can(?:'|no)t|cannot|am unable to|'m unable to|am not able to|'m not able to|won't|will not)"
    r" (?:help|assist|answer|provide|do that|comply|fulfil|continue|discuss|determine|access|see|open|create|"
    r"generate)"
    r"|as an ai(?: language)?(?: model| assistant)?,? i (?:can|do|am|don)"
    r"|i (?:don't|do not) (?:know|have (?:access|enough|the|any|that|real))"
    r"|(?:there is|there's|there isn't|there is not|not) enough (?:information|context|data)"
    r"|es tut mir leid.{0,60}?(?:kann|darf) .{0,30}?nicht"
    r"|ich kann (?:dir |ihnen )?(?:dabei|das|diese frage|hier) (?:leider )?nicht"
    r"|ich weiß (?:es )?(?:leider )?nicht|je (?:suis désolée?.{0,40}?)?ne (?:peux|sais|puis) pas"
    r"|lo siento.{0,40}?no puedo|no puedo (?:ayudar|responder)|no lo sé"
    r"|mi dispiace.{0,40}?non posso|non posso (?:aiutar|rispondere)|desculpe.{0,40}?não posso|não sei"
    r"|het spijt me.{0,40}?kan .{0,20}?niet)"
    r"|(?:申し訳|ごめんなさい).{0,30}?(?:できません|ありません)|抱歉.{0,20}?(?:无法|不能)|我(?:无法|不能)(?:回答|帮助|提供)"
    r"|извините.{0,40}?не могу|я не (?:могу|знаю)"
)
_HEDGE = re.compile(
    r"(?i)\b(?:i(?:'m| am) not (?:entirely |completely |quite )?(?:sure|certain)|"
    r"i (?:think|believe|guess|suppose)|it(?:'s| is) (?:possible|unclear|hard to say|difficult to say)|"
    r"(?:might|may|could) be|perhaps|maybe|"
    r"possibly|probably|presumably|it depends|as far as i know|to the best of my knowledge|not specified|"
    r"without more (?:information|context)|vielleicht|möglicherweise|vermutlich|ich glaube|"
    r"bin (?:mir )?nicht sicher|"
    r"peut-être|probablement|je (?:pense|crois)|quizás?|tal vez|probablemente|creo que|forse|talvez)\b"
)
_UNSURE = re.compile(
    r"(?i)\b(?:i(?:'m| am) not (?:entirely |completely |quite )?(?:sure|certain)|i (?:don't|do not) know|"
    r"hard to say|difficult to say|bin (?:mir )?nicht sicher|je ne suis pas sûre?|no estoy segur[oa])"
)
_QUOTED = re.compile(r"“[^“”]{0,200}”|„[^„“]{0,200}“|\"[^\"]{0,200}\"|«[^«»]{0,200}»")
_PLAIN = str.maketrans({"’": "'", "\u00a0": " "})


def check_refusal(text: str) -> Check:
    """Failed if the answer opens by declining."""
    opening = _QUOTED.sub(" ", text[:_OPENING]).translate(_PLAIN)
    found = _REFUSAL.search(opening)
    early = found is not None and found.start() <= 80
    return Check("refusal", not early, "the answer declines" if early else "")


def count_hedges(text: str) -> int:
    """Hedges in the first 1,500 characters."""
    return sum(1 for _ in _HEDGE.finditer(text[:_READ].translate(_PLAIN)))


def check_hedging(text: str, hedges: int) -> Check:
    """Failed if the answer says it is unsure in its opening, or hedges in more than every other sentence.

    `hedges`: what `count_hedges` found.
    """
    sentences = max(1, len(_END.findall(text[:_READ])))
    unsure = _UNSURE.search(text[:_OPENING].translate(_PLAIN)) is not None
    failed = unsure or (hedges >= 3 and hedges * 2 > sentences)
    return Check("hedging", not failed, f"{hedges} hedges in {sentences} sentences" if failed else "")
