"""What the cascade adds to a turn: its decision, its own time around a provider's call, its import.

The decision is timed beside one that does nothing, on spoken turns of several lengths with the shipped score.
A call is timed through the cascade and through the provider's plugin alone, in turns, on the same fake server
in a process of its own that answers evenly; reported is the difference within each pair, less the decision,
and for the small tier less the reading of its answer, both as they took in that very call: between two waits
on a provider they take two to four times as long as in a loop, where all they touch lies in the processor's
caches, and taking the loop's time from a call would count the rest of them as time around it.
Either way is timed until the event loop has nothing left to do: OpenAI's SDK leaves four generators for it to
close, a round of the loop each, of which the longer way would carry more, and the next call the others.
Each begins before the question is put, as the plugin makes its stream while the cascade is under way.
Beside the difference, which has all the jitter of a call's waits in it, stand that of the thread's work,
which has what is done while others wait, and the time around the call itself, stopped while the plugin is at
work (`watched.py`).
`python -m tests.bench.cascade [--rounds 300]`.
"""

import argparse
import asyncio
import gc
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from livekit.agents import APIConnectOptions, llm
from rich.console import Console
from rich.table import Table

from agent.cascade import TURN_KEY, Cascade, Tier, TurnFacts, resolve
from agent.cascade.calls.providers import request_options
from agent.cascade.calls.request import Request
from agent.cascade.score import Scorer, Thresholds
from agent.cascade.score.threshold import ALWAYS, NEVER
from agent.settings import ProviderSettings
from tests.bench.at_once import AtOnce
from tests.bench.fakes import fake_program, set_script
from tests.bench.watched import Seams, Took, Watched, now
from tests.fakes.script import Latencies, Script
from tests.fixtures.stack import ROOT

LINES: Final[dict[Tier, float]] = {"small": NEVER, "large": ALWAYS}
"""Thresholds that send every turn to one tier; the score is computed all the same."""

WARM: Final = 20
DECISIONS: Final = 2_000
IMPORTS: Final = 5
QUESTIONS: Final = (
    "And after that?",
    "What is the refund period, and does it begin with the purchase or with the delivery?",
    "A train leaves at 9:40 and travels 210 km at 84 km/h; another leaves at 10:05. " * 5,
    "Please read these notes of our last meeting and tell me what is still open. " * 50,
)
ANSWER: Final = "It is thirty days in all. They begin with the day of the purchase, as always."
HISTORY: Final = 38
"""Messages before the question, as many as a room sends."""

EVENLY: Final = Latencies(stt_s=0, first_token_s=0.004, token_s=0.002, tts_first_byte_s=0)
"""So that both ways are woken once a piece: pieces that come at once are read together, more or less."""

ROUNDS_TO_REST: Final = 10


@dataclass
class Added:
    """`decide`: by the length of the question, in a loop. The others by who answered. `through` the cascade
    and by the plugin `alone`: a whole call; `deciding` and `reading`: within it; `around`: the difference
    within each pair, less these two; `own_ms`: around a call as `watched.py` has it."""

    decide: dict[int, list[Took]] = field(default_factory=dict)
    nothing: list[Took] = field(default_factory=list)
    through: dict[str, list[Took]] = field(default_factory=dict)
    alone: dict[str, list[Took]] = field(default_factory=dict)
    deciding: dict[str, list[Took]] = field(default_factory=dict)
    reading: dict[str, list[Took]] = field(default_factory=dict)
    around: dict[str, list[Took]] = field(default_factory=dict)
    own_ms: dict[str, list[float]] = field(default_factory=dict)
    imports: list[float] = field(default_factory=list)


async def measure_cascade(rounds: int) -> Added:
    added = Added(imports=[_import_ms() for _ in range(IMPORTS)])
    with fake_program() as base_url:
        await set_script(base_url, Script(latencies=EVENLY, answers=[ANSWER]))
        for tier, line in LINES.items():
            async with _connected(base_url, line) as cascade:
                if tier == "small":
                    _measure_decisions(cascade, added)
                await _measure_calls(cascade, tier, rounds, added)
    async with _in_process() as cascade:
        await _measure_calls(cascade, "in this process", rounds, added)
    return added


def _in_process() -> Cascade:
    resolved = resolve(ProviderSettings(preset="local"), today=datetime.now(UTC).date())
    return Cascade(resolved, lambda _: None, local=AtOnce(ANSWER), scorer=Scorer.load())


def _connected(base_url: str, line: float) -> Cascade:
    return Cascade.connect(
        small="openai/gpt-4o-mini",
        large="openai/gpt-4o",
        keys={"openai": "bench"},
        addresses={"openai": f"{base_url}/v1"},
        scorer=Scorer.load(),
        thresholds=Thresholds(voice=line, text=line, after=NEVER),
    )


def _measure_decisions(cascade: Cascade, added: Added) -> None:
    """Of freshly made requests, since one remembers what was worked out of it, beside a function that does
    nothing."""
    gc.collect()
    for _ in range(DECISIONS):
        for text in QUESTIONS:
            request = Request("talk", _context(text), [], TurnFacts(delivery="voice", conversation="room"))
            added.decide.setdefault(len(text), []).append(_timed(cascade.decider.decide, request))
            added.nothing.append(_timed(lambda _: None, request))


async def _measure_calls(cascade: Cascade, tier: str, rounds: int, added: Added) -> None:
    """`tier` is large, else it is the small one that is asked."""
    talk = cascade.resolved.lanes["talk"]
    candidate = next(c for c in talk if (c.tier == "large") == (tier == "large"))
    plugin, chat_ctx = cascade.engines[candidate.model], _context(QUESTIONS[1])
    options = request_options(candidate.model, 2_048)
    facts = {TURN_KEY: TurnFacts(delivery="voice")}
    watched, seams = Watched(cascade), Seams(plugin)

    def ask_cascade() -> llm.LLMStream:
        return cascade.chat(chat_ctx=chat_ctx, extra_kwargs=facts)

    def ask_plugin() -> llm.LLMStream:
        conn_options = APIConnectOptions(max_retry=0)
        return plugin.chat(chat_ctx=chat_ctx, conn_options=conn_options, extra_kwargs=options)

    async def through() -> Took:
        return await _time(ask_cascade)

    async def alone() -> Took:
        return await _time(ask_plugin)

    ways = (through, alone)
    gc.collect()
    gc.disable()  # else a collection falls on whichever happens to run
    for number in range(WARM + rounds):
        watched.begin()
        times = {way: await way() for way in (ways if number % 2 else reversed(ways))}
        if number >= WARM:
            added.through.setdefault(tier, []).append(times[through])
            added.alone.setdefault(tier, []).append(times[alone])
            added.deciding.setdefault(tier, []).append(watched.deciding)
            added.reading.setdefault(tier, []).append(watched.reading)
            added.around.setdefault(tier, []).append(times[through] - times[alone] - watched.aside)
            watched.begin()
            with seams:
                await _read(ask_cascade())
            await _rest()
            added.own_ms.setdefault(tier, []).append(seams.around_ms - watched.aside.clock)
            gc.collect(0)
    gc.enable()


async def _time(ask: Callable[[], llm.LLMStream]) -> Took:
    """From the question to the end of the answer, and of what is put away after it."""
    began = now()
    await _read(ask())
    await _rest()
    return now() - began


async def _read(stream: llm.LLMStream) -> None:
    async with stream:
        async for _ in stream:
            pass


async def _rest() -> None:
    for _ in range(ROUNDS_TO_REST):
        await asyncio.sleep(0)


def _context(question: str) -> llm.ChatContext:
    chat_ctx = llm.ChatContext.empty()
    chat_ctx.add_message(role="system", content="You answer in one sentence. " * 20)
    for number in range(HISTORY):
        role: Literal["user", "assistant"] = "assistant" if number % 2 else "user"
        chat_ctx.add_message(role=role, content=f"This was said in turn {number}. " * 4)
    chat_ctx.add_message(role="user", content=question)
    return chat_ctx


def _timed(function: Callable[[Request], object], request: Request) -> Took:
    began = now()
    function(request)
    return now() - began


def _middle(samples: list[Took]) -> Took:
    return Took(statistics.median(_clock(samples)), statistics.median(_work(samples)))


def _clock(samples: list[Took]) -> list[float]:
    return [each.clock for each in samples]


def _work(samples: list[Took]) -> list[float]:
    return [each.work for each in samples]


def _import_ms() -> float:
    code = (
        "import time, livekit.agents\n"
        "began = time.perf_counter()\n"
        "from agent.cascade import Cascade\n"
        "print((time.perf_counter() - began) * 1000)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return float(run.stdout)


def report_cascade(added: Added) -> None:
    decisions = Table("decision of a spoken turn", "p50 ms", "p99 ms", "p99 of work, ms", "to reach")
    for length, samples in added.decide.items():
        decisions.add_row(f"{length} characters", *_tail(samples), "p99 < 1")
    decisions.add_row("nothing at all", *_tail(added.nothing), "")
    for tier, samples in added.deciding.items():
        decisions.add_row(f"before a call, {tier}", *_tail(samples), "p99 < 1")
    decisions.add_row("reading a small model's answer", *_tail(added.reading["small"]), "")
    calls = Table("answered by", "cascade", "plugin", "added", "of work", "own time", "to reach", title="ms")
    for tier, samples in added.around.items():
        whole = (f"{_middle(each[tier]).clock:.2f}" for each in (added.through, added.alone))
        kinds = (_quarters(each) for each in (_clock(samples), _work(samples), added.own_ms[tier]))
        calls.add_row(tier, *whole, *kinds, "≤ 0.2")
    imports = Table("import beyond livekit.agents", "ms (least, most)", "to reach")
    spread = f"{statistics.median(added.imports):.0f} ({min(added.imports):.0f}, {max(added.imports):.0f})"
    imports.add_row("from agent.cascade import Cascade", spread, "< 500")
    for table in (decisions, calls, imports):
        Console().print(table)


def _tail(samples: list[Took]) -> tuple[str, str, str]:
    clock, work = (statistics.quantiles(each, n=100) for each in (_clock(samples), _work(samples)))
    return f"{clock[49]:.4f}", f"{clock[-1]:.4f}", f"{work[-1]:.4f}"


def _quarters(samples: list[float]) -> str:
    """The median, and between which values the middle half lies."""
    first, middle, third = statistics.quantiles(samples, n=4)
    return f"{middle:.3f} ({first:.3f}, {third:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description="What the cascade adds to a turn.")
    parser.add_argument("--rounds", type=int, default=300)
    report_cascade(asyncio.run(measure_cascade(parser.parse_args().rounds)))


if __name__ == "__main__":
    main()
