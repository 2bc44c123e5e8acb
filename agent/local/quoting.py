"""Finds the sentences in a tenant's passages that answer a question, and nothing that does not.

A sentence scores by the words it shares with the question, rarer ones more, by its heading, and by having
what the question asks for (a time, a price, a place, a step). It answers only if enough of the question is
in it: one shared word in passing is no answer.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.local.words import content_stems, match

HEADING_SHARE = 0.6
"""What a word counts that stands in the heading but not in the sentence."""

KIND_BONUS = 0.5
LEAD_BONUS = 0.1
LEAST_COVERAGE = 0.3
SURE_COVERAGE = 0.66
ALSO_SHARE = 0.9
"""A second sentence is quoted from elsewhere in the document if it scores this share of the first."""

NEXT_SHARE = 0.55
MAX_QUOTE_WORDS = 45

_NUMBER = r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|once|twice)\b"
_KINDS = (
    (
        re.compile(r"\bhow much\b|\bcosts?\b|\bprices?\b|\bfees?\b|\bexpensive\b|\bcharged?\b"),
        re.compile(r"[$€£]|\b(?:euros?|dollars?|pounds?|free|nothing|cents?|usd|eur)\b"),
    ),
    (
        re.compile(
            r"\bwhen\b|\bhow (?:long|soon|fast|quickly)\b|\bwhat time\b|\bperiod\b|\bhours?\b|\buntil\b"
        ),
        re.compile(
            _NUMBER + r"|\b(?:minutes?|hours?|days?|weeks?|months?|years?|\w+day|at once|immediately)\b",
        ),
    ),
    (re.compile(r"\bhow (?:many|big|large)\b|\b(?:maximum|largest|limit)\b"), re.compile(_NUMBER)),
    (re.compile(r"\bwhere\b"), re.compile(r"\b(?:in|at|under|on) (?:[A-Z]|the\b|two\b)|\w@\w|\w\.\w{2,}")),
    (
        re.compile(r"\bhow (?:do|can|could|should|would|to)\b|\bsteps?\b"),
        re.compile(
            r"^To \w+|\b(?:[Cc]hoose|[Cc]lick|[Oo]pen|[Ss]elect|[Ww]rite|[Pp]ress|[Gg]o to|[Yy]ou can)\b"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage as the model gets it. `title`: the document's, then ": " and the heading, if it has one."""

    title: str
    text: str

    @property
    def document(self) -> str:
        return self.title.partition(": ")[0]

    @property
    def heading(self) -> str:
        return self.title.rpartition(": ")[2]


@dataclass(frozen=True, slots=True)
class Quote:
    """`sentences`: one or two, word by word as they stand in the document."""

    document: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Scored:
    excerpt: int
    place: int
    text: str
    score: float
    coverage: float
    hits: int
    inside: int
    in_heading: bool


def find_quote(question: str, excerpts: Sequence[Excerpt]) -> Quote | None:
    """The best one or two sentences, or None when nothing in the excerpts answers the question."""
    asked = content_stems(question)
    scored = _score(question, asked, excerpts)
    answers = [sentence for sentence in scored if _answers(sentence)]
    if not answers:
        return None
    best = max(answers, key=lambda sentence: sentence.score)
    chosen = [best, *_companion(best, scored, excerpts)]
    return Quote(
        document=excerpts[best.excerpt].document,
        sentences=tuple(_shorten(sentence.text) for sentence in chosen),
    )


def split_sentences(text: str) -> list[str]:
    """Sentences and list items, without Markdown's marks."""
    pieces: list[str] = []
    for line in re.split(r"\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)]|#))", text):
        plain = re.sub(r"^\s*(?:#{1,6}|[-*•]|\d+[.)])\s+", "", line)
        plain = re.sub(r"\[([^\]]*)\]\([^)\s]*\)", r"\1", plain)
        plain = re.sub(r"\s+", " ", re.sub(r"[*`]+", "", plain)).strip()
        pieces += re.split(r"(?<=[.!?])[”\"')]*\s+(?=[A-Z“\"(\d])", plain) if plain else []
    return [piece for piece in pieces if any(character.isalnum() for character in piece)]


def _score(question: str, asked: Sequence[str], excerpts: Sequence[Excerpt]) -> list[_Scored]:
    sentences = [
        (number, place, text)
        for number, excerpt in enumerate(excerpts)
        for place, text in enumerate(split_sentences(excerpt.text))
    ]
    stems = [content_stems(text) for _, _, text in sentences]
    headings = [content_stems(excerpt.title) for excerpt in excerpts]
    weights = {
        term: _rarity(sum(match(term, present) > 0 for present in stems), len(stems)) for term in asked
    }
    kinds = [present for wanted, present in _KINDS if wanted.search(question.lower())]
    scored = []
    for (number, place, text), present in zip(sentences, stems, strict=True):
        inside = {term: match(term, present) for term in asked}
        above = {term: match(term, headings[number]) for term in asked}
        matched = {term: max(inside[term], HEADING_SHARE * above[term]) for term in asked}
        score = sum(weights[term] * matched[term] for term in asked)
        if score > 0:
            score += KIND_BONUS * any(kind.search(text) for kind in kinds) + LEAD_BONUS * (place == 0)
        scored.append(
            _Scored(
                excerpt=number,
                place=place,
                text=text,
                score=score,
                coverage=sum(max(inside[term], above[term]) for term in asked) / max(len(asked), 1),
                hits=sum(matched[term] > 0 for term in asked),
                inside=sum(inside[term] > 0 for term in asked),
                in_heading=any(above.values()),
            )
        )
    return scored


def _answers(sentence: _Scored) -> bool:
    if sentence.score <= 0 or sentence.coverage < LEAST_COVERAGE:
        return False
    return sentence.coverage >= SURE_COVERAGE or sentence.in_heading or sentence.hits >= 2


def _companion(best: _Scored, scored: Sequence[_Scored], excerpts: Sequence[Excerpt]) -> list[_Scored]:
    """A second sentence worth saying: as good a one in the same document, else the next if it goes on."""
    document = excerpts[best.excerpt].document
    others = [
        other
        for other in scored
        if other is not best
        and excerpts[other.excerpt].document == document
        and other.inside >= best.inside
        and other.score >= ALSO_SHARE * best.score
    ]
    if others:
        return [max(others, key=lambda other: other.score)]
    follows = (other.excerpt == best.excerpt and other.place == best.place + 1 for other in scored)
    return [
        other
        for other, is_next in zip(scored, follows, strict=True)
        if is_next and (other.score >= NEXT_SHARE * best.score or len(best.text.split()) < 5)
    ]


def _rarity(sentences_with_it: int, sentences: int) -> float:
    return math.log(1 + (sentences + 1) / (sentences_with_it + 1))


def _shorten(sentence: str) -> str:
    words = sentence.split()
    return sentence if len(words) <= MAX_QUOTE_WORDS else " ".join(words[:MAX_QUOTE_WORDS]) + " …"
