"""Reads arithmetic forward out of tokens: a recursive descent with bounded depth that evaluates nothing.

What holds an unknown ("3x = 30") or a compound measure ("1 hour 30 minutes") is no expression here, because
a false alarm costs a call of the large model and says nothing about the answer.
"""

from collections.abc import Iterator
from fractions import Fraction

from agent.cascade.verify.reckon import Node, Side
from agent.cascade.verify.tokens import Token

_DEPTH = 24


class Reader:
    """Walks the tokens once; every expression is read forward from its first operand."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._units: set[str] = set()
        self._ops: list[str] = []
        self._numbers: list[Token] = []
        self._past: dict[int, tuple[int, tuple[str, ...]]] = {}

    def chains(self) -> Iterator[tuple[list[Side], int]]:
        """Sides joined by equals signs, two or more, and the character where the first begins."""
        at = 0
        while at < len(self._tokens):
            if not self._may_start(at):
                at += 1
                continue
            start = self._tokens[at].start
            sides, end = self._chain(at)
            at = max(end, at + 1) if sides else self._inside(at, end)
            if len(sides) > 1 and any(one.ops for one in sides) and not self._is_compound(end):
                yield sides, start

    def _inside(self, at: int, end: int) -> int:
        """Where to go on after nothing was read at `at`: an equation may stand inside its bracket."""
        if self._tokens[at].kind != "open":
            return max(end, at + 1)
        while at < len(self._tokens) and self._tokens[at].kind == "open":
            at += 1
        return at

    def _may_start(self, at: int) -> bool:
        token = self._tokens[at]
        if token.text == "-" and token.kind == "operator":
            return at == 0 or self._tokens[at - 1].kind in ("break", "open", "equals")
        return token.kind in ("number", "open") and self._begins(at)

    def _begins(self, at: int) -> bool:
        """Nothing before `at` makes what follows the tail of something larger."""
        if at == 0:
            return True
        before = self._tokens[at - 1]
        calls = self._tokens[at].kind == "open" and before.start + len(before.text) == self._tokens[at].start
        if before.kind in ("operator", "number") or (before.kind == "word" and calls):
            return False  # "sqrt(9 + 16) = 5" is more than its bracket
        compound = before.kind == "word" and at > 1 and self._tokens[at - 2].kind == "number"
        return not (compound and before.text.lower() in _COMPOUND)

    def _chain(self, at: int) -> tuple[list[Side], int]:
        """The sides that start at `at`, without one that cannot be read, and the token to go on from."""
        sides: list[Side] = []
        while True:
            side, end = self._side(at)
            if side is None:
                return sides, end
            sides.append(side)
            equals = self._peek(end)
            if equals is None or equals.kind != "equals":
                return sides, end
            at = end + 1

    def _is_compound(self, end: int) -> bool:
        """ "= 1 hour 45 minutes": the last side goes on in a smaller unit."""
        after = self._peek(end)
        words = [token for token in self._tokens[end : end + 2] if token.kind == "word"]
        if after is None or not words or words[0] is not after:
            return False
        following = self._peek(end + 1)
        return following is not None and following.kind == "number" and after.text.lower() in _COMPOUND

    def _side(self, at: int) -> tuple[Side | None, int]:
        self._units, self._ops, self._numbers = set(), [], []
        node, end = self._sum(at, 0)
        if node is None:
            return None, end
        after = self._peek(end)
        if after is not None and after.kind in ("operator", "open") and not self._is_remark(end):
            return None, end
        side = Side(node, tuple(self._ops), tuple(self._numbers), frozenset(self._units))
        return side, self._past_units(end)

    def _is_remark(self, at: int) -> bool:
        """What follows a result without being part of it: "(rounded)", "- quite a lot"."""
        after = self._peek(at + 1)
        dashed = self._tokens[at].text == "-" and after is not None and after.kind == "word"
        return _is_aside(self._tokens, at) or (dashed and after is not None and len(after.text) > 1)

    def _sum(self, at: int, depth: int) -> tuple[Node | None, int]:
        return self._joined(at, depth, "+-")

    def _joined(self, at: int, depth: int, ops: str) -> tuple[Node | None, int]:
        below = self._product if ops == "+-" else self._power
        node, end = below(at, depth)
        while node is not None:
            op_at = self._past_units(end)
            op = self._peek(op_at)
            if op is None or op.kind != "operator" or op.text not in ops or self._is_remark(op_at):
                if ops == "*/" and self._multiplies(end):
                    self._ops.append("*")
                    right, end = below(end, depth)
                    node = None if right is None else ("*", node, right)
                    continue
                return node, end
            right, after = below(op_at + 1, depth)
            if right is None:
                return None, after
            self._ops.append(op.text)
            node, end = (op.text, node, right), after
        return None, end

    def _product(self, at: int, depth: int) -> tuple[Node | None, int]:
        return self._joined(at, depth, "*/")

    def _multiplies(self, at: int) -> bool:
        """ "3(4 + 5)": a bracket glued to what stands before it."""
        token = self._peek(at)
        if token is None or token.kind != "open" or at == 0 or _is_aside(self._tokens, at):
            return False
        before = self._tokens[at - 1]
        return not before.mark.isalpha() and before.start + len(before.text) >= token.start - 1

    def _power(self, at: int, depth: int) -> tuple[Node | None, int]:
        node, end = self._atom(at, depth)
        op = self._peek(end)
        if node is None or op is None or op.text != "^" or op.kind != "operator":
            return node, end
        self._ops.append("^")
        right, end = self._atom(end + 1, depth)
        return (None if right is None else ("^", node, right)), end

    def _atom(self, at: int, depth: int) -> tuple[Node | None, int]:
        token = self._peek(at)
        if token is None or depth > _DEPTH:
            return None, at + 1
        if token.text == "-" and token.kind == "operator":
            node, end = self._atom(at + 1, depth + 1)
            return (None if node is None else ("-", _ZERO, node)), end
        if token.kind == "open":
            return self._bracket(at, depth)
        if token.kind != "number" or (token.mark.isalpha() and len(token.mark) == 1):
            return None, at + 1
        if token.mark:
            self._units.add(token.mark.lower())
        self._numbers.append(token)
        return self._mixed(token, at)

    def _mixed(self, token: Token, at: int) -> tuple[Node, int]:
        """ "1 1/2" is one number."""
        ahead = self._tokens[at + 1 : at + 4]
        shaped = len(ahead) == 3 and ahead[0].kind == ahead[2].kind == "number" and ahead[1].text == "/"
        if not shaped or token.decimals or not ahead[2].value or ahead[0].text >= ahead[2].text > "9":
            return token, at + 1
        return ("+", token, ("/", ahead[0], ahead[2])), at + 4

    def _bracket(self, at: int, depth: int) -> tuple[Node | None, int]:
        node, end = self._sum(at + 1, depth + 1)
        end = self._past_units(end)
        close = self._peek(end)
        if node is None or close is None or close.kind != "close":
            return None, end
        return node, end + 1

    def _past_units(self, at: int) -> int:
        """Past the words that name what was counted, if an operator, an equals sign or a bracket follows."""
        known = self._past.get(at)
        if known is None:
            known = self._past[at] = self._look_past(at)
        end, named = known
        self._units.update(named)
        return end

    def _look_past(self, at: int) -> tuple[int, tuple[str, ...]]:
        """Where `_past_units` goes on, and the words that it passes."""
        end = at
        for _ in range(6):
            token = self._peek(end)
            if token is None:
                break
            if token.kind == "word" and token.text.lower() not in _JOINING:
                end += 1
            elif self._is_per(end):
                end += 2
            elif _is_aside(self._tokens, end):
                end = _close(self._tokens, end) + 1
            else:
                break
        token = self._peek(end)
        goes_on = token is not None and token.kind in ("operator", "equals", "close")
        named = self._tokens[at : end if goes_on else at + 1]
        words = tuple(one.text.lower() for one in named if one.kind == "word")
        return (end if goes_on else at), words

    def _is_per(self, at: int) -> bool:
        """ "miles/hour": a stroke glued to a word."""
        if self._tokens[at].text != "/" or at + 1 >= len(self._tokens):
            return False
        after = self._tokens[at + 1]
        return after.kind == "word" and after.start == self._tokens[at].start + 1

    def _peek(self, at: int) -> Token | None:
        return self._tokens[at] if at < len(self._tokens) else None


_ZERO = Token("number", "0", 0, Fraction(0))
_COMPOUND = frozenset({
    "hour", "hours", "hr", "hrs", "h", "minute", "minutes", "min", "feet", "foot", "ft", "pound",
    "pounds", "lb", "lbs", "dollar", "dollars", "day", "days", "week", "weeks", "year", "years",
    "month", "months", "gallon", "gallons", "yard", "yards", "mile", "miles", "meter", "meters",
    "kg", "km",
})  # fmt: skip
_JOINING = frozenset({
    "and", "or", "then", "so", "if", "because", "since", "which", "is", "are", "was", "were", "=",
    "but",
})  # fmt: skip


def _is_aside(tokens: list[Token], at: int) -> bool:
    """ "(math)": a bracket that holds no number."""
    if at >= len(tokens) or tokens[at].kind != "open":
        return False
    end = _close(tokens, at)
    inside = tokens[at + 1 : end]
    return end < len(tokens) and bool(inside) and inside[0].kind == "word"


def _close(tokens: list[Token], at: int) -> int:
    """Where the bracket at `at` closes within 24 tokens, else the end of the tokens."""
    for end in range(at + 1, min(at + 24, len(tokens))):
        if tokens[end].kind == "close":
            return end
        if tokens[end].kind == "open" or tokens[end].text == "\n":
            break
    return len(tokens)
