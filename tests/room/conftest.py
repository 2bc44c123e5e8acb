"""Providers faked on the wire for rooms that answer with remote models."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.providers import FakeProviders
from tests.fakes.script import Script


@pytest.fixture(scope="module")
async def providers() -> AsyncIterator[FakeProviders]:
    async with FakeProviders() as fake:
        yield fake


@pytest.fixture
def script(providers: FakeProviders) -> Script:
    """As it began, with nothing broken and nothing seen yet."""
    fresh = Script()
    for name in Script.model_fields:
        setattr(providers.script, name, getattr(fresh, name))
    providers.requests.clear()
    return providers.script
