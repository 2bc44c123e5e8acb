"""Labels are brought to control within a few tries, or given up without a word to anybody."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from agent.errors import AppError, ControlUnavailable, InvalidInput, StaleEpoch, TooMany
from agent.labels import LabelWriter
from agent.wire import LabelsBody, LabelWrite

LABEL = LabelWrite(
    client_id="label-1",
    lane="talk",
    features_version="1",
    before=[0.5],
    quality_small=0.4,
    quality_large=1.0,
    at=datetime(2026, 11, 24, 12, tzinfo=UTC),
)
SOON = (0.0, 0.0)


class Store:
    """Control, which answers with these errors first."""

    def __init__(self, errors: Sequence[AppError] = ()) -> None:
        self._errors = list(errors)
        self.bodies: list[LabelsBody] = []

    async def append_labels(self, body: LabelsBody) -> None:
        self.bodies.append(body)
        if self._errors:
            raise self._errors.pop(0)


async def test_a_label_is_brought_in_the_name_of_the_job() -> None:
    store = Store()

    await LabelWriter(store, epoch=3, waits_s=SOON).write(LABEL)

    assert store.bodies == [LabelsBody(epoch=3, labels=[LABEL])]


@pytest.mark.parametrize("error", [ControlUnavailable("away"), TooMany("too many", 1.0)])
async def test_a_label_is_sent_again_while_control_is_away(error: AppError) -> None:
    store = Store([error, error])

    await LabelWriter(store, epoch=3, waits_s=SOON).write(LABEL)

    assert len(store.bodies) == 3
    assert store.bodies[0] == store.bodies[2]


async def test_a_label_is_given_up_after_a_few_tries() -> None:
    store = Store([ControlUnavailable("away")] * 9)

    await LabelWriter(store, epoch=3, waits_s=SOON).write(LABEL)

    assert len(store.bodies) == 3


@pytest.mark.parametrize("error", [StaleEpoch("over"), InvalidInput("no label")])
async def test_a_label_that_control_refuses_is_not_sent_again(error: AppError) -> None:
    store = Store([error])

    await LabelWriter(store, epoch=3, waits_s=SOON).write(LABEL)

    assert len(store.bodies) == 1
