"""Structured logging for both programs: standard `logging` in the code, one JSON line a record out.

The message is a constant and values go in `extra` fields. Speech, frames, prompts and tokens are never
logged: the framework's own fields of that kind (`lk.pii.…`) are dropped here, and of an exception only its
type and the places it passed are kept, since its text may quote what a person said.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType

import structlog

PERSONAL_PREFIX = "lk.pii"
CHATTY_LOGGERS = ("httpx", "httpx2", "openai", "anthropic", "google_genai", "mcp")
"""These write a line for every provider call, which the ledger knows better."""

Event = MutableMapping[str, object]


def set_up_logging(level: str) -> None:
    """Renders every record of the process as one JSON line on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(json_formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in CHATTY_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def json_formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            drop_personal_fields,
            name_exception,
            cut_traceback,
            structlog.processors.JSONRenderer(default=str),
        ],
    )


def drop_personal_fields(_: object, __: str, event: Event) -> Event:
    for name in [name for name in event if name.startswith(PERSONAL_PREFIX)]:
        del event[name]
    return event


def name_exception(_: object, __: str, event: Event) -> Event:
    """Puts `exception` (its type) and `passed` (file:line in function, outermost first) for `exc_info`."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, tuple) and info[0] is not None:
        event["exception"] = info[0].__name__
        event["passed"] = _places(info[2])
    return event


def cut_traceback(_: object, __: str, event: Event) -> Event:
    """A job's process sends its tracebacks as text within the message: only the places are kept of it."""
    event.pop("message", None)
    headline, separator, trace = str(event.get("event", "")).partition("\nTraceback ")
    if separator:
        event["event"] = headline
        event["passed"] = [line.strip() for line in trace.splitlines() if line.startswith("  File ")]
    return event


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
