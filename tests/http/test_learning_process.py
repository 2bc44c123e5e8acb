"""A fit in a process of its own is the fit that it would be here, and ends with whoever wanted it."""

import asyncio
import dataclasses

import psutil
import pytest

from agent.cascade.score.scorer import Scorer
from agent.errors import InvalidInput, Unavailable
from control.learning import fit_process
from control.learning.fit_process import propose_apart
from control.learning.fitting import propose
from control.store.labels import StoredLabel
from control.store.routers import Router
from tests.fixtures.learning import START, make_labels
from tests.fixtures.providers import eventually

SCORER = Scorer.load()


def taught(count: int) -> list[StoredLabel]:
    return [
        StoredLabel(
            each.lane, tuple(each.before), tuple(each.after), each.quality_small, each.quality_large, each.at
        )
        for each in make_labels(count, SCORER)
    ]


def fits() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "control.learning.fit_process" in child.cmdline()
    ]


async def test_it_is_the_same_fit() -> None:
    labels = taught(150)
    here = propose(labels, SCORER, None)
    assert here is not None
    active = Router(1, here.fit, START, START, is_active=True, is_held=False)

    apart = await propose_apart(labels, active)

    again = propose(labels, SCORER, active)
    assert apart is not None
    assert again is not None
    assert {name: tuple(values) for name, values in apart.fit.weights.items()} == dict(again.fit.weights)
    assert (apart.challenger, apart.incumbent, apart.fit.quality) == (
        again.challenger,
        again.incumbent,
        again.fit.quality,
    )
    assert fits() == []


async def test_too_few_labels_are_no_fit() -> None:
    assert await propose_apart(taught(20), None) is None


async def test_labels_that_cannot_be_fitted_are_refused_in_words() -> None:
    labels = [dataclasses.replace(label, before=(*label.before, 0.0)) for label in taught(120)]

    with pytest.raises(InvalidInput, match="features before the answer"):
        await propose_apart(labels, None)


async def test_who_wants_it_no_more_ends_it() -> None:
    wanting = asyncio.create_task(propose_apart(taught(500), None))
    await eventually(fits, within_s=10)

    wanting.cancel()
    await asyncio.wait([wanting])

    assert wanting.cancelled()
    assert fits() == []


async def test_a_process_that_dies_is_no_answer() -> None:
    wanting = asyncio.create_task(propose_apart(taught(500), None))
    await eventually(fits, within_s=10)

    fits()[0].kill()

    with pytest.raises(Unavailable, match="no answer"):
        await wanting


async def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_process, "FIT_S", 0.05)

    with pytest.raises(Unavailable, match="longer than"):
        await propose_apart(taught(120), None)

    assert fits() == []
