"""What a replay found: the numbers of `metrics.py` for one policy on one file, with their intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.cascade.replay.columns import Columns
from agent.cascade.replay.curve import Array, Curves, Rows, order_rows
from agent.cascade.replay.metrics import (
    PRICE_RATIO,
    Interval,
    Saving,
    apgr_of,
    cpt_of,
    intervals,
    saving_of,
)
from agent.cascade.replay.scoring import Policy
from agent.errors import InvalidInput

QUALITY = 0.95


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the curve: means over the rows, `cost` as a share of always-large's."""

    share: float
    quality: float
    cost: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """`apgr`, `cpt50` and `cpt80` are None without a gap between the models. `operating`: what the policy's
    own thresholds do, None when it has none. `costs`: whose costs they are, in words."""

    n: int
    policy: Policy
    labels: int
    apgr: float | None
    cpt50: float | None
    cpt80: float | None
    saving: Saving
    intervals: Mapping[str, Interval | None]
    operating: Point | None
    curves: Curves
    costs: str
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """`strong_share` is the share of strong calls at which `saved_at_95` is reached."""
        ci = self.intervals["apgr"]
        return {
            "n": self.n,
            "policy": self.policy.name,
            "labels": self.labels,
            "apgr": _rounded(self.apgr),
            "apgr_ci": None if ci is None else [_rounded(ci.low), _rounded(ci.high)],
            "cpt50": _rounded(self.cpt50),
            "cpt80": _rounded(self.cpt80),
            "saved_at_95": _rounded(self.saving.saved),
            "strong_share": _rounded(self.saving.share),
        }


def measure(
    columns: Columns, policy: Policy, *, labels: int = 0, seed: int = 0, notes: Sequence[str] = ()
) -> Outcome:
    """`labels`: how many the policy learnt from. `notes`: what is to be said besides.

    Raises: InvalidInput for fewer than two rows.
    """
    said = list(notes)
    cost_weak, cost_strong, costs = _costs(columns, said)
    score = columns.score
    rows = order_rows(columns.weak, columns.strong, score, cost_weak, cost_strong, columns.small_first)
    best = max(columns.weak.max(), columns.strong.max())
    if best > 1:
        said.append(f"Qualities go up to {best:g}: they are taken for a judge's scale, not 0 to 1.")
    if np.ptp(score) == 0:
        said.append("Every row has the same score: the policy cannot tell them apart, and is a coin here.")
    curves = rows.curves()
    apgr, cpt50, cpt80 = _of_the_gap(rows, said)
    found = intervals(rows, seed)
    left_out = max((each.left_out for each in found.values() if each is not None), default=0)
    if left_out:
        said.append(f"{left_out} of the samples had no gap between the models; intervals leave them out.")
    return Outcome(
        n=score.size,
        policy=policy,
        labels=labels,
        apgr=apgr,
        cpt50=cpt50,
        cpt80=cpt80,
        saving=saving_of(rows, QUALITY),
        intervals=found,
        operating=_operating(columns, policy, curves, said),
        curves=curves,
        costs=costs,
        notes=tuple(said),
    )


def _of_the_gap(rows: Rows, notes: list[str]) -> tuple[float, float, float] | tuple[None, None, None]:
    try:
        return apgr_of(rows), cpt_of(rows, 0.5), cpt_of(rows, 0.8)
    except InvalidInput as error:
        notes.append(f"No APGR and no CPT: {error}.")
        return None, None, None


def _costs(columns: Columns, notes: list[str]) -> tuple[Array, Array, str]:
    """The rows' own costs where all of them have some, else the price ratio."""
    weak, strong = columns.cost_weak, columns.cost_strong
    priced = int(np.isfinite(weak).sum())
    if weak.size and priced == weak.size and strong.sum() > 0:
        return weak, strong, "the recorded costs of each row"
    if priced == weak.size and weak.size:
        notes.append("The recorded costs of the large model are all 0: a price ratio stands in for them.")
    elif priced:
        missing = weak.size - priced
        notes.append(
            f"{missing} of the rows have no recorded costs: a price ratio stands in for all of them."
        )
    ratio = f"a large call that costs {PRICE_RATIO:g} times a small one"
    return np.full(weak.size, 1.0), np.full(weak.size, PRICE_RATIO), ratio


def _operating(columns: Columns, policy: Policy, curves: Curves, notes: list[str]) -> Point | None:
    if policy.spend_usd is not None:
        return _at_spend(policy.spend_usd, columns, curves, notes)
    if np.isnan(columns.goes_large).any():
        return None
    large = columns.goes_large > 0
    quality = np.where(large, columns.strong, columns.weak).mean()
    weak, strong, _ = _costs(columns, [])
    both = columns.small_first & ~columns.unread
    paid = np.where(large, strong + weak * both, weak)
    return Point(float(large.mean()), float(quality), float(paid.mean() / curves.cost_strong[0]))


def _at_spend(spend: float, columns: Columns, curves: Curves, notes: list[str]) -> Point | None:
    """The largest share that keeps to `spend`, found on the rows themselves."""
    if np.isnan(columns.cost_weak).any():
        notes.append("A target in dollars needs cost_weak and cost_strong (dollars) in every row.")
        return None
    cost, share = curves.cost[0], curves.share[0]
    within = np.flatnonzero(cost <= spend)
    if not within.size:
        notes.append("The target is below what the small model alone costs on these rows.")
        return None
    last = int(within[-1])
    if last + 1 < cost.size:
        part = (spend - cost[last]) / (cost[last + 1] - cost[last])
        at = float(share[last] + part * (share[last + 1] - share[last]))
    else:
        at = 1.0
    quality, paid = (float(np.interp(at, share, line)) for line in (curves.quality[0], cost))
    return Point(at, quality, paid / float(curves.cost_strong[0]))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
