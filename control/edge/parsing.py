"""How much of a request's head is read, and what is said of one that cannot be.

aiohttp's parser refuses what is ambiguous by itself (two lengths, a length beside chunks, a NUL). It would
log the line that it stumbled over, which may be a credential: only the error's name stays.
"""

import logging
from typing import Final

MAX_LINE_BYTES: Final = 8190
MAX_HEADER_BYTES: Final = 8190
MAX_HEADERS: Final = 64


class _WithoutTheRequest(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[0] if record.exc_info else None
        record.error = "unknown" if error is None else error.__name__
        record.exc_info, record.exc_text, record.args = None, None, ()
        record.msg = "a request could not be read"
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def parser_logger() -> logging.Logger:
    """For aiohttp's runner."""
    quiet = logging.getLogger(__name__)
    if not quiet.filters:
        quiet.addFilter(_WithoutTheRequest())
    return quiet
