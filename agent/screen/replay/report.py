"""A replay's report as JSON and as tables for a terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table

from agent.cascade.models.catalog import ImageFormula
from agent.screen.replay.run import Report, spread

PROVIDERS: dict[ImageFormula, str] = {
    "openai-patches": "OpenAI, GPT-5.6 and later",
    "openai-tiles": "OpenAI, GPT-4o",
    "anthropic-patches": "Claude 4.7 and later",
    "anthropic-area": "Claude 3.5",
    "gemini-resolution": "Gemini 3 and later",
    "gemini-tiles": "Gemini 2.5",
}


def as_json(report: Report, formulas: list[ImageFormula]) -> dict[str, Any]:
    return {
        "frames": report.frames,
        "sent": len(report.looks),
        "crops": report.crops,
        "put_off": report.put_off,
        "tokens": {formula: _bill(report, formula) for formula in formulas},
        "events": len(report.outcomes),
        "missed": [
            {"t": outcome.event.t, "name": outcome.event.name, "why": outcome.why}
            for outcome in report.missed
        ],
        "delay_s": spread(report.delays_s),
        "frame_ms": spread(report.frame_ms),
        "frame_cpu_ms": spread(report.frame_cpu_ms),
        "encode_ms": spread(report.encode_ms),
    }


def print_report(report: Report, formulas: list[ImageFormula], console: Console) -> None:
    whole = len(report.looks) - report.crops
    console.print(f"{report.frames} frames, {len(report.looks)} sent: {whole} whole, {report.crops} crops")
    table = Table("tokens by", "sent", "full 1 FPS", "share", "1 FPS at 1,024 px", "share")
    for formula in formulas:
        bill = report.bills[formula]
        resized = bill.sent / bill.resized if bill.resized else 0.0
        table.add_row(
            f"{PROVIDERS[formula]} ({formula})",
            f"{bill.sent:,}",
            f"{bill.full:,}",
            f"{bill.share:.1%}",
            f"{bill.resized:,}",
            f"{resized:.1%}",
        )
    console.print(table)
    for outcome in report.missed:
        console.print(f"missed: {outcome.event.t:g} s, {outcome.event.name} ({outcome.why})", markup=False)
    if report.outcomes:
        console.print(f"{len(report.missed)} of {len(report.outcomes)} events missed")
    if report.delays_s:
        delay = spread(report.delays_s)
        console.print(f"delay: median {delay['p50']:g} s, most {delay['max']:g} s")
    frame, encode = spread(report.frame_ms), spread(report.encode_ms)
    cpu = spread(report.frame_cpu_ms)
    console.print(
        f"a frame: median {frame['p50']:.2f} ms, 99 of 100 within {frame['p99']:.2f} ms "
        f"(on the processor {cpu['p50']:.2f} and {cpu['p99']:.2f})"
    )
    if encode:
        console.print(f"a JPEG, when one is sent: median {encode['p50']:.1f} ms")


def _bill(report: Report, formula: ImageFormula) -> dict[str, float]:
    bill = report.bills[formula]
    return {
        "sent": bill.sent,
        "full": bill.full,
        "share": round(bill.share, 5),
        "resized": bill.resized,
        "sent_unasked": bill.sent_unasked,
    }
