"""Which language a text is written in, by script and by its most common words: no model, no list of names.

Tells languages apart that share a script only where enough common words stand; else it says None, and the
check passes. A short text, code or a formula has no language here.
"""

import re
from collections import Counter

from agent.cascade.verify.tokens import CODE
from agent.cascade.verify.verdict import Check

_READ = 1_000
_LETTERS = 40
"""Letters below which nothing is said of a text in Latin or Cyrillic script."""

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("cyrillic", re.compile(r"[\u0400-\u04ff]")),
)
_COMMON = {
    "en": "the and of to is in that it for you with are this on be have not was as from they at or",
    "de": "der die das und ist nicht ein eine zu den mit von für auf sie ich es im dem werden wird",
    "fr": "le la les des et est une un que pour dans vous pas sur avec il elle nous ce cette sont",
    "es": "el la los las y es una un que para en con no por del se su como más este esta son al lo",
    "it": "il la gli le e è una un che per di non con del della sono si come più questo questa nel",
    "pt": "o os as e é uma um que para em com não por do da dos das se sua como mais este esta são",
    "nl": "de het een en is niet van voor met op te dat zijn je ik die er aan ook als maar om",
    "pl": "i w nie na się to jest do że z jak dla od są ale co przez po być może oraz tym która",
    "tr": "ve bir bu için ile de da çok ne olarak daha gibi en var değil olan ama ya mi kadar sonra",
    "ru": "и в не на что с это как для по от но из у к то он она мы вы так же или при",
    "uk": "і в не на що з це як для по від але та у до він вона ми ви так або при є",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_SPOKEN = {
    word: [one for one in _WORDS if word in _WORDS[one]] for words in _WORDS.values() for word in words
}
_CYRILLIC = ("ru", "uk")


def language_of(text: str) -> str | None:
    """The language's ISO 639-1 code, or None when it cannot be told."""
    text = CODE.sub(" ", text[:_READ])
    letters = sum(character.isalpha() for character in text)
    script = _script_of(text, letters)
    if script is not None and script != "cyrillic":
        return script
    if letters < _LETTERS:
        return None
    return _by_words(text, _CYRILLIC if script == "cyrillic" else tuple(set(_WORDS) - set(_CYRILLIC)))


def _script_of(text: str, letters: int) -> str | None:
    seen = {script: len(pattern.findall(text)) for script, pattern in _SCRIPTS}
    if seen["ja"] and seen["ja"] + seen["zh"] >= max(4, letters * 0.4):
        return "ja"  # Han characters stand in Japanese too, kana in no Chinese
    return next((script for script, count in seen.items() if count >= max(4, letters * 0.4)), None)


def _by_words(text: str, among: tuple[str, ...]) -> str | None:
    """The language whose common words make up most, if at least four and clearly more than the next's."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = Counter(dict.fromkeys(among, 0))
    for word, times in Counter(words).items():
        counts.update({one: times for one in _SPOKEN.get(word, ()) if one in counts})
    (first, most), (_, next_most) = counts.most_common(2)
    clear = most >= 4 and most >= len(words) * 0.12 and most >= next_most * 1.5
    return first if clear else None


def check_language(text: str, wanted: str | None, question: str) -> Check | None:
    """Failed if the answer is in another language than asked for; None when either cannot be told.

    `wanted`: BCP 47, None for the question's. A question that asks for a translation names no language.
    """
    if wanted is None and _TRANSLATES.search(question):
        return None
    target = _primary(wanted) if wanted else language_of(question)
    seen = language_of(text)
    if target is None or seen is None or target not in _KNOWN:
        return None
    fits = seen == target
    return Check("language", fits, "" if fits else f"written in {seen!r} where {target!r} is spoken")


def _primary(tag: str) -> str:
    return tag.replace("_", "-").split("-", 1)[0].lower()


_KNOWN = frozenset(_WORDS) | {script for script, _ in _SCRIPTS if len(script) == 2}
_TRANSLATES = re.compile(
    r"(?i)\b(?:translat|übersetz|tradu[icz]|vertaal|in (?:english|german|french|spanish|italian|portuguese|"
    r"dutch|polish|turkish|russian|ukrainian|japanese|chinese|korean|arabic|hebrew|greek|hindi|thai)|"
    r"auf (?:deutsch|englisch|französisch|spanisch)|"
    r"en (?:anglais|français|allemand|inglés|español|alemán)|say .{1,60} in )"
)
