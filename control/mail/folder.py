"""Letters as files of a folder, where there is no mail server: each a message that a mail program opens.

They hold ways in, so that only the owner of the process may read the folder and what is in it.
"""

import asyncio
import os
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path
from uuid import UUID

from agent.errors import InvalidInput, Unavailable
from control.mail.mailroom import Letter
from control.mail.message import compose


class FolderDelivery:
    """The folder is made with the first letter."""

    def __init__(self, path: Path, sender: Address) -> None:
        self._path = path
        self._sender = sender

    async def deliver(self, letter: Letter, letter_id: UUID) -> None:
        """Raises: Unavailable to try again, InvalidInput when it cannot be addressed."""
        at = datetime.now(UTC)
        try:
            message = compose(letter, self._sender, letter_id, at, is_for_wire=False)
            await asyncio.to_thread(
                _write, self._path, f"{at:%Y%m%dT%H%M%S.%f}-{letter_id.hex}", bytes(message)
            )
        except OSError as error:
            raise Unavailable(f"no letter can be written to {str(self._path)!r}: {error.strerror}") from error
        except ValueError as error:
            raise InvalidInput("this letter cannot be addressed") from error

    def close(self) -> None:
        """Nothing is held open."""


def _write(folder: Path, name: str, content: bytes) -> None:
    """The file is whole from the moment that it has its name."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{name}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(folder / f"{name}.eml")
