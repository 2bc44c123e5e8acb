"""The curve of a replay as a small SVG, readable on light and dark pages alike, made without a library."""

from html import escape
from pathlib import Path

import numpy as np

from agent.cascade.replay.curve import Array
from agent.cascade.replay.outcome import Outcome
from agent.errors import InvalidInput

WIDTH, HEIGHT = 640, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 28, 48, 56
MOST_POINTS = 500

STYLE = """
  svg { color-scheme: light dark; --ink: #1d2430; --faint: #8a93a1; --line: #1f6feb; --mark: #b3541e;
        --paper: #ffffff; font: 13px system-ui, sans-serif; }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e6eaf0; --faint: #7d8794; --line: #6ea8fe; --mark: #f0a35e; --paper: #14181f; }
  }
  text { fill: var(--ink); } .faint { fill: var(--faint); } .paper { fill: var(--paper); }
  .axis { stroke: var(--faint); } .random { stroke: var(--faint); stroke-dasharray: 5 4; }
  .policy { stroke: var(--line); stroke-width: 2; fill: none; } .mark { fill: var(--mark); }
"""


def check_plot_path(path: Path | None) -> None:
    """Before the work is done. Raises: InvalidInput for another kind of file than SVG, or no folder."""
    if path is None:
        return
    if path.suffix.lower() != ".svg":
        raise InvalidInput(f"--plot {path}: plots are SVG files, which every browser shows; name it OUT.svg")
    if not path.parent.is_dir():
        raise InvalidInput(f"--plot {path}: there is no folder {path.parent}")


def write_plot(outcome: Outcome, path: Path) -> None:
    """Raises: InvalidInput for a place that cannot be written."""
    try:
        path.write_text(draw(outcome), encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"--plot: cannot write {path}: {error.strerror}") from error


def draw(outcome: Outcome) -> str:
    """Mean quality against the share of strong calls, beside what a coin would do."""
    share, quality = outcome.curves.share[0], outcome.curves.quality[0]
    low, high = _range(quality)
    keep = np.unique(np.linspace(0, share.size - 1, min(share.size, MOST_POINTS)).round().astype(int))
    line = " ".join(f"{_x(share[i]):.1f},{_y(quality[i], low, high):.1f}" for i in keep)
    start, end = _y(quality[0], low, high), _y(quality[-1], low, high)
    known = "" if outcome.apgr is None else f", APGR {outcome.apgr:.3f}"
    title = escape(f"{outcome.policy.name}: {outcome.n} rows{known}")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{title}</title><style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text x="{LEFT}" y="26" font-weight="600">{title}</text>',
        *_axes(low, high),
        f'<line class="random" x1="{_x(0):.1f}" y1="{start:.1f}" x2="{_x(1):.1f}" y2="{end:.1f}"/>',
        f'<polyline class="policy" points="{line}"/>',
        *_marks(outcome, low, high),
        _note(_x(0.62), (start + end) / 2 + 28, "a coin", "faint"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes(low: float, high: float) -> list[str]:
    bottom = HEIGHT - BOTTOM
    parts = [
        f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{bottom}H{WIDTH - RIGHT}"/>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">'
        "share of turns that the large model answers</text>",
        f'<text transform="translate(18 {(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">'
        "mean quality</text>",
    ]
    for step in range(6):
        x, value = step / 5, low + (high - low) * step / 5
        parts.append(f'<text x="{_x(x):.1f}" y="{bottom + 18}" text-anchor="middle">{x:.0%}</text>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{_y(value, low, high) + 4:.1f}" text-anchor="end">{value:.3f}</text>'
        )
    return parts


def _marks(outcome: Outcome, low: float, high: float) -> list[str]:
    """Their words stand where a curve that rises leaves room: below to the right, above to the left."""
    saving, own = outcome.saving, outcome.operating
    x, y = _x(saving.share), _y(saving.quality, low, high)
    parts = [_dot(x, y), _note(x + 10, y + 22, f"95 % of its quality: {saving.saved:.0%} saved")]
    if own is not None:
        x, y = _x(own.share), _y(own.quality, low, high)
        parts += [
            _dot(x, y),
            _note(x - 10, y - 10, "its own threshold", anchor="end" if x > LEFT + 120 else "start"),
        ]
    return parts


def _dot(x: float, y: float) -> str:
    return f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'


def _note(x: float, y: float, text: str, kind: str = "", anchor: str | None = None) -> str:
    anchor = anchor or ("end" if x > WIDTH * 0.6 else "start")
    inside = min(max(y, TOP - 6), HEIGHT - BOTTOM - 6)
    return f'<text class="{kind}" x="{x:.1f}" y="{inside:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _range(quality: Array) -> tuple[float, float]:
    low, high = float(quality.min()), float(quality.max())
    return (low, high) if high - low > 1e-9 else (low - 0.05, high + 0.05)


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(quality: float, low: float, high: float) -> float:
    return HEIGHT - BOTTOM - (quality - low) / (high - low) * (HEIGHT - TOP - BOTTOM)
