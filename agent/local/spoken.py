"""Text as it should be read aloud: no Markdown, no addresses, no signs that a voice stumbles over."""

import re
import unicodedata

_CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds"}

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_URL = re.compile(r"(?:https?://|www\.)(?:www\.)?([^\s/?#)\]>\"”]+)[^\s)\]>\"”]*", re.IGNORECASE)
_LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}|[-*+•]|>|\d+[.)])[ \t]+", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:[-*_=|:]{3,}|```\w*)[ \t]*$", re.MULTILINE)
_EMPHASIS = re.compile(r"[*`~]+|(?<!\w)_+|_+(?!\w)")
_QUOTES = re.compile(r"[\"“”„«»<>{}\[\]\\^]")
_MONEY = re.compile(r"([$€£])\s?(\d[\d,]*(?:\.\d+)?)")
_FULL_HOUR = re.compile(r"\b(\d{1,2}):00\b")
_RANGE = re.compile(r"(?<=\w)–(?=\w)")
_CODE = re.compile(r"\b0x[0-9a-f]+\b|\b\d{5,}\b", re.IGNORECASE)


def to_spoken(text: str) -> str:
    """What a voice should say for `text`; empty when nothing of it can be said."""
    text = _RULE.sub("", _LINK.sub(r"\1", text))
    text = _URL.sub(lambda found: found[1].rstrip(".,;:!?") + _closing(found[0]), text)
    text = _LINE_MARK.sub("", text)
    text = _EMPHASIS.sub("", text)
    text = _QUOTES.sub(" ", text).replace("’", "'")
    text = _MONEY.sub(lambda found: f"{found[2]} {_CURRENCIES[found[1]]}", text)
    text = _FULL_HOUR.sub(r"\1", text)
    text = _RANGE.sub(" to ", text)
    text = _CODE.sub(lambda found: " ".join(found[0]), text)
    text = re.sub(r"[/_|]", " ", text)
    text = "".join(character for character in text if not _is_pictogram(character))
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ([,.;:!?])", r"\1", text)
    return text if any(character.isalnum() for character in text) else ""


def _closing(address: str) -> str:
    """The mark that ends the sentence after an address, if the address swallowed it."""
    return address[-1] if address[-1] in ".,;:!?" else ""


def _is_pictogram(character: str) -> bool:
    return unicodedata.category(character) in {"So", "Sk", "Cf", "Cc", "Co", "Cs", "Cn"} and character != "\n"
