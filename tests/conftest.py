"""The parts that tests run against, each in a module of its own: real services, and providers on the wire."""

import atexit
import os
import sys

import pytest

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.control",
    "tests.fixtures.providers",
    "tests.fixtures.stack",
]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Ends the process with pytest's own verdict, before the interpreter is torn down.

    livekit's native threads may still call back into Python then, which aborts the process after every
    test has passed. Exit handlers run last in, first out: this one comes before livekit's.
    """
    atexit.register(_leave, exitstatus)


def _leave(status: int) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
