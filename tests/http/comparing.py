"""A cascade that compares its turns, and a purse that has what it has: steps of the tests of shadow turns."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from agent.cascade import Cascade, resolve
from agent.cascade.comparing.shadow import ShadowTurns
from agent.cascade.facts import TURN_KEY, TurnFacts
from agent.cascade.money.budget import BudgetState, Hold, Purse
from agent.cascade.score.scorer import Scorer
from agent.cascade.score.threshold import Thresholds
from agent.errors import BudgetSpent
from agent.wire import LabelWrite, ModelCall
from tests.fakes.providers import FakeProviders
from tests.fixtures.providers import TODAY, eventually, question

ASKED = "What is the refund period?"
SMALL, LARGE = "Thirty days.", "Thirty days from the day of the purchase."
NEVER, ALWAYS = Thresholds(1.01, 1.01, 1.01), Thresholds(0.0, 0.0, 1.01)
JUDGE = '"first"'
"""Stands in what only the judge is asked."""


class Counting:
    """A purse that has what it has."""

    def __init__(self, left: int, state: BudgetState = BudgetState.OPEN) -> None:
        self.left = left
        self.state = state
        self.open: dict[int, Hold] = {}
        self._made = 0

    def state_of(self, speaker: str | None) -> BudgetState:
        return self.state

    def reserve(self, usd_micros: int, *, speaker: str | None, turn: str | None) -> Hold:
        if usd_micros > self.left:
            raise BudgetSpent("the cap of the month is spent", 60.0)
        self._made += 1
        self.left -= usd_micros
        return self.open.setdefault(self._made, Hold(self._made, usd_micros))

    def settle(self, hold: Hold, usd_micros: int | None) -> None:
        self.left += hold.usd_micros - (hold.usd_micros if usd_micros is None else usd_micros)
        del self.open[hold.id]


@dataclass
class Room:
    """A cascade that compares every turn. `rows`: of the ledger. `labels`: what was kept."""

    cascade: Cascade
    shadow: ShadowTurns
    rows: list[ModelCall] = field(default_factory=list)
    labels: list[LabelWrite] = field(default_factory=list)

    async def ask(self, text: str = ASKED, turn: str = "turn-1", **facts: object) -> str:
        options = {TURN_KEY: TurnFacts(turn=turn, speaker="user_ada", **facts)}  # type: ignore[arg-type]  # any
        stream = self.cascade.chat(chat_ctx=question(text), extra_kwargs=options)
        return (await stream.collect()).text

    async def settled(self) -> None:
        """Nothing is being compared any more."""
        await eventually(lambda: not self.shadow.is_busy)

    @property
    def purposes(self) -> list[tuple[str, str | None, bool]]:
        return [(row.purpose, row.tier, row.answered) for row in self.rows]


@asynccontextmanager
async def room_at(
    fake: FakeProviders,
    thresholds: Thresholds = NEVER,
    share: float = 1.0,
    purse: Purse | None = None,
    keep: Callable[[LabelWrite], object] | None = None,
) -> AsyncIterator[Room]:
    scorer, rows, labels = Scorer.load(), list[ModelCall](), list[LabelWrite]()

    async def note(label: LabelWrite) -> None:
        labels.append(label)
        if keep is not None:
            keep(label)

    shadow = ShadowTurns(lambda: cascade.desk, scorer, note, share)
    cascade = Cascade(
        resolve(fake.settings_of("openai"), today=TODAY),
        rows.append,
        scorer=scorer,
        thresholds=thresholds,
        purse=purse,
        shadow=shadow,
    )
    try:
        yield Room(cascade, shadow, rows, labels)
    finally:
        await shadow.aclose()
        await cascade.aclose()
