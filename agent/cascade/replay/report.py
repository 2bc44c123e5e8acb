"""A replay for people: a table of its numbers, each with its interval and how it was computed."""

from rich.console import Console
from rich.table import Table

from agent.cascade.replay.metrics import SAMPLES, Interval
from agent.cascade.replay.outcome import Outcome

NAMES = {
    "apgr": "APGR",
    "cpt50": "CPT(50 %)",
    "cpt80": "CPT(80 %)",
    "saved_at_95": "saved at 95 %",
}
HOW = {
    "apgr": "Share of the quality gap that is recovered, averaged over the shares of its calls; a coin: .5",
    "cpt50": "Least share of strong calls that recovers half of the gap",
    "cpt80": "Least share of strong calls that recovers four fifths of the gap",
    "saved_at_95": "Of always-large's cost, at the cheapest share that keeps 95 % of its mean quality",
}


def print_report(outcome: Outcome, console: Console) -> None:
    labels = f", {outcome.labels} labels of the tenant" if outcome.labels else ""
    table = Table(title=f"{outcome.policy.name}: {outcome.n} rows{labels}", title_justify="left")
    table.add_column("number", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("95 % interval", no_wrap=True)
    table.add_column("how it is computed")
    for name, value in (
        ("apgr", outcome.apgr),
        ("cpt50", outcome.cpt50),
        ("cpt80", outcome.cpt80),
        ("saved_at_95", outcome.saving.saved),
    ):
        table.add_row(NAMES[name], _shown(name, value), _span(name, outcome.intervals[name]), HOW[name])
    console.print(table)
    for line in _lines(outcome):
        console.print(line, markup=False, highlight=False)


def _lines(outcome: Outcome) -> list[str]:
    weak, strong = outcome.curves.quality[0, 0], outcome.curves.quality[0, -1]
    saving, operating = outcome.saving, outcome.operating
    lines = [
        outcome.policy.says,
        f"The small model alone has a mean quality of {weak:.3f}, the large one {strong:.3f}; 95 % of that "
        f"is reached when the large model answers {saving.share:.1%} of the turns.",
        f"Costs are {outcome.costs}; a small call that came before a large one is paid as well.",
        f"Intervals: {SAMPLES:,} bootstrap samples of whole rows, percentiles; rows of one score count in "
        "expectation.",
    ]
    if operating is not None:
        lines.append(
            f"At its own threshold the policy gives {operating.share:.1%} of the turns to the large model, "
            f"for a mean quality of {operating.quality:.3f} and {operating.cost:.1%} of always-large's cost."
        )
    return lines + [f"Note: {note}" for note in outcome.notes]


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "none"
    return f"{value:.3f}" if name == "apgr" else f"{value:.1%}"


def _span(name: str, interval: Interval | None) -> str:
    if interval is None:
        return "none"
    return f"{_shown(name, interval.low)} to {_shown(name, interval.high)}"
