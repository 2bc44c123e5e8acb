"""`python -m tests.bench [--rounds 5] [--only voice,fence,flood,tokens,screen] [--json]`: with references.

One run, interleaved. Absolute times mean little on a shared machine; the ratio and the spread do.
Nothing here is asserted.
"""

import argparse
import asyncio
import dataclasses
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.cascade import measure_cascade, report_cascade
from tests.bench.fakes import fake_program, set_script
from tests.bench.fence import measure_fence, report_fence
from tests.bench.flood import measure_flood, report_flood
from tests.bench.screen import measure_screen, report_screen, samples_of
from tests.bench.subjects import start_subjects
from tests.bench.tokens import measure_tokens, report_tokens
from tests.bench.voice import STORY, STORY_TEXT, Times, measure_once
from tests.fakes.script import Latencies, Script

SUBJECTS = ("voice", "fence", "flood", "tokens", "screen", "cascade")
TO_REACH = {
    "voice": "≤ .85 × bare",
    "text": "≤ 25 ms",
    "barge_in_late": "≤ 350 ms",
    "barge_in_early": "≤ 350 ms",
}
LABELS = {
    "voice": "end of speech → first audio",
    "text": "typed text → first chunk, beyond the provider",
    "barge_in_late": "talking over it → silence",
    "barge_in_early": "the same within its first seconds",
}


async def run(rounds: int) -> dict[str, Times]:
    """One round after the other, alternating who begins; fresh rooms on one stack and one set of fakes."""
    first_token_s = Latencies().first_token_s
    results = {"parley": Times(), "bare": Times()}
    with tempfile.TemporaryDirectory() as folder, fake_program() as base_url:
        await set_script(base_url, Script(answers_to={STORY: STORY_TEXT}))
        providers = {"OPENAI_API_KEY": "bench", "OPENAI_BASE_URL": f"{base_url}/v1"}
        with start_subjects(Path(folder), providers) as subjects:
            for number in range(rounds):
                for subject in subjects if number % 2 == 0 else reversed(subjects):
                    await measure_once(subject, results[subject.name], first_token_s)
                    sys.stderr.write(f"round {number + 1} of {rounds}: {subject.name}\n")
    return results


def report(results: dict[str, Times]) -> None:
    table = Table("measure", "parley ms (least, most)", "bare ms (least, most)", "ratio", "to reach")
    for measure, label in LABELS.items():
        ours, bare = results["parley"].samples[measure], results["bare"].samples[measure]
        ratio = statistics.median(ours) / max(statistics.median(bare), 0.001)
        table.add_row(label, _spread(ours), _spread(bare), f"{ratio:.2f}", TO_REACH[measure])
    cut_offs = [f"{times.cut_offs} of {times.pauses}" for times in (results["parley"], results["bare"])]
    table.add_row("cut off in a pause within a sentence", *cut_offs, "", "no more than bare")
    Console().print(table)


def _spread(samples: list[float]) -> str:
    return f"{statistics.median(samples):.0f} ({min(samples):.0f}, {max(samples):.0f})"


def main() -> None:
    parser = argparse.ArgumentParser(description="Ratios against references in the same run.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(SUBJECTS), help="which measures, with commas between them")
    parser.add_argument("--json", action="store_true", help="the samples instead of the tables")
    options = parser.parse_args()
    chosen = options.only.split(",")
    samples: dict[str, Any] = {}
    if "voice" in chosen:
        results = asyncio.run(run(options.rounds))
        samples |= {name: {**times.samples, "cut_offs": times.cut_offs} for name, times in results.items()}
        _show(options.json, lambda: report(results))
    if "fence" in chosen:
        samples["fence"] = fence = asyncio.run(measure_fence(3 * options.rounds))
        _show(options.json, lambda: report_fence(fence))
    if "flood" in chosen:
        flood = asyncio.run(measure_flood(options.rounds))
        samples["flood"] = {"idle": flood.idle, "flooded": flood.flooded, "answers": flood.answers}
        _show(options.json, lambda: report_flood(flood))
    if "tokens" in chosen:
        tokens = asyncio.run(measure_tokens(options.rounds))
        samples["tokens"] = {name: dataclasses.asdict(times) for name, times in tokens.items()}
        _show(options.json, lambda: report_tokens(tokens))
    if "screen" in chosen:
        screen = measure_screen()
        samples["screen"] = samples_of(screen)
        _show(options.json, lambda: report_screen(screen))
    if "cascade" in chosen:
        cascade = asyncio.run(measure_cascade(60 * options.rounds))
        samples["cascade"] = dataclasses.asdict(cascade)
        _show(options.json, lambda: report_cascade(cascade))
    if options.json:
        sys.stdout.write(json.dumps(samples) + "\n")


def _show(as_json: bool, show: Callable[[], None]) -> None:
    if not as_json:
        show()


if __name__ == "__main__":
    main()
