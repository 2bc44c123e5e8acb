"""Whether a question points at the shared screen ("what does the error say", "read it").

Patterns of English, no model: it is asked for each turn and has to be free. When in doubt the answer is
no, since a screen that changed goes with the turn anyway. It is only asked while somebody shares.
"""

import re
from typing import Final

VISIBLE = (
    r"(?:alert|banner|box|button|cell|chart|code|column|console|cursor|dashboard|dialog(?:ue)?|diagram|display|"
    r"document|drawing|editor|email|error|exception|field|figure|file|form|function|graph|heading|headline|"
    r"icon|image|label|line|link|log|menu|message|notification|number|output|page|panel|paragraph|photo|"
    r"picture|plot|pop-?up|row|schedule|screenshot|section|sentence|sheet|sidebar|sign|site|slide|"
    r"spreadsheet|stack ?trace|tab|table|terminal|text|title|toolbar|traceback|url|value|warning|website|"
    r"window|word)s?"
)
"""Things that stand on a screen."""

BROKEN = r"(?:alert|dialog(?:ue)?|error|exception|notification|pop-?up|stack ?trace|traceback|warning)s?"
"""Of these, what is asked about as "the error" although no word points."""

PATTERNS: Final = [
    re.compile(pattern)
    for pattern in (
        # the screen itself
        r"\b(?:my|your|his|her|their|our|the|this|that|shared|\w+'s) (?:whole |shared |current )?"
        r"(?:screen|display|desktop|monitor)\b",
        r"\bon[- ]?screen\b",
        r"\b(?:i am|i'm|we are|we're) (?:showing|sharing|looking at)\b",
        r"\bam i (?:showing|sharing|looking at|seeing)\b",
        # seeing and reading
        r"\b(?:can|do|could|did) (?:you|u) (?:also |still |now |actually )?(?:see|spot|notice|make out)\b",
        r"\bwhat (?:can|do|did|could) (?:you|we|i) see\b",
        r"\bwhat are you seeing\b",
        r"\b(?:look|looking) at (?:this|that|it|these|those|my|the|here|what)\b",
        r"\b(?:take|have) a (?:quick |closer )?look\b",
        r"\b(?:read|translate) (?:it|this|that|these|those|them|what|me)\b",
        r"\bread .*\b(?:out|aloud)\b",
        r"\b(?:summari[sz]e|explain|describe|check|review|fix|debug|proofread) (?:this|these|what)\b",
        r"\bdescribe (?:it|that|the)\b",
        r"\bwhat(?: does|'s|s| is) (?:it|this|that|here|there) (?:say|saying|read|show|showing|written)\b",
        r"\bwhat(?:'s|s| is) (?:written|shown|displayed|highlighted|selected|wrong here|going on here)\b",
        r"\bwhat(?:'s|s| is| are| does| do) (?:this|these)\b(?! (?:mean for|cost|company|product|service))",
        r"\bwhat(?:'s|s| is) (?:wrong with|missing (?:from|in)) (?:this|that|these|it|my)\b",
        # things that stand on it
        rf"\b(?:this|these|that|those) (?:\w+ ){{0,2}}{VISIBLE}\b",
        rf"\b(?:what|where|which|who|how|why)\b.*\b(?:the|my) (?:\w+ ){{0,2}}{VISIBLE} "
        r"(?:say|says|saying|mean|means|show|shows|showing|read|reads|display|displays|point|points|tell|tells|"
        r"trying)\b",
        rf"\bwhat(?:'s|s| is| are| was) (?:in |on |at )?(?:the|my|that) (?:\w+ )?{BROKEN}\b",
        r"\b(?:read|see|describe|explain|summari[sz]e|translate) (?:me )?(?:the|my) "
        rf"(?:\w+ ){{0,2}}{VISIBLE}\b",
        rf"\bwhat(?:'s|s| is| are)(?: written| shown)? (?:in|on) (?:the|my) (?:\w+ ){{0,2}}{VISIBLE}\b",
        rf"\b(?:getting|get|got|seeing|see|have) (?:this|an|the|these) (?:\w+ )?{BROKEN}\b",
        r"\b(?:which|what|where) (?:\w+ )?(?:button|icon|link|tab|menu|field)\b",
        r"\bwhere (?:should|do|can|must) i (?:click|press|type|tap)\b",
        r"\bwhat (?:should|do|can|must) i (?:click|press|type|tap)\b",
        # places
        r"\b(?:in|at|on) the (?:very )?(?:top|bottom|upper|lower|left|right)(?:[- ](?:left|right))?\b"
        r"(?! (?:of my head|time|track|path|price))",
        r"\b(?:highlighted|underlined|selected|circled)\b",
    )
]


def points_at_screen(question: str) -> bool:
    """Whether the words refer to something that is to be seen. Case and typographic quotes do not matter."""
    words = question.lower().replace("’", "'")
    return any(pattern.search(words) for pattern in PATTERNS)
