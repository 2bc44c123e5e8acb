"""Structured logging for both programs: standard `logging` in the code, one JSON line a record out.

The message is a constant and values go in `extra` fields. Speech, frames, prompts, tokens and exception
texts that may carry them are never logged; a test with canaries holds that.
"""

import logging
import sys

import structlog


def set_up_logging(level: str) -> None:
    """Renders every record of the process as one JSON line on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
