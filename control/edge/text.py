"""What text looks like once it is in: composed characters, and none that cannot be seen.

Characters that show nothing or reorder what is shown let one name pass for another and hide words from people
that a model reads. Kept are line feeds and tabs, and the joiners and selectors that an emoji or a script
cannot be written without, where they stand between such characters. Unicode's tags go, flags of regions too.
"""

import re
import unicodedata
from typing import Final

_EMOJI: Final = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_JOINING: Final = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af"
"""Arabic and its like, Indic scripts, Burmese, Khmer, Mongolian. Source: Unicode 16, section 23.2."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\uffa0\ufff0-\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    f"|(?<![{_JOINING}])\u200c|\u200c(?![{_JOINING}])"
    f"|(?<![{_JOINING}{_EMOJI}\ufe0f])\u200d|\u200d(?![{_JOINING}{_EMOJI}])"
    f"|(?<![{_EMOJI}0-9#*])[\ufe0e\ufe0f]"
)
_ASCII_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SPACES = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """`text` in Unicode's form C, without what cannot be seen, and with line feeds for all ends of lines."""
    if text.isascii() and _ASCII_CONTROL.search(text) is None:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    # Once more after taking out: what stood apart may compose now.
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def clean_line(text: str) -> str:
    """The same on one line, with single spaces, and none at its ends."""
    return _SPACES.sub(" ", clean_text(text)).strip()
