"""What several tests of the API share: a tenant whose routing learns."""

from collections.abc import AsyncIterator

import pytest

from control.learning.learner import Learner
from tests.fixtures.control import ControlUnderTest
from tests.fixtures.database import TenantSample
from tests.http.school import School


@pytest.fixture
async def school(control: ControlUnderTest, team: TenantSample) -> AsyncIterator[School]:
    learner = Learner(control.parts.db, control.parts.scorer)
    yield School(control, team, learner)
    await learner.aclose()
