"""What becomes of a letter that is due: it is unsealed, written if it was only ordered, and delivered.

`control/courier.py` brings the letters, and again later when one could not be delivered. After three days
a letter is given up: what it offers has expired long before.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from agent.errors import InvalidInput, Unavailable
from agent.settings import ControlSettings
from control.courier import Courier
from control.keyring import KeyRing
from control.mail.folder import FolderDelivery
from control.mail.mailroom import Letter, Order, unseal
from control.mail.message import sender_of
from control.mail.smtp import SmtpDelivery, SmtpServer
from control.store.db import Database
from control.store.outbox import OutboxKind
from control.store.system import Parcel

logger = logging.getLogger(__name__)

GIVEN_UP_AFTER: Final = timedelta(days=3)
FIRST_REST_S: Final = 60.0
LONGEST_REST_S: Final = 3600.0
LOOKS_S: Final = (0.05, 0.5)
"""After a letter was handed in, whose transaction ends a moment later."""


class Delivery(Protocol):
    async def deliver(self, letter: Letter, letter_id: UUID) -> None:
        """Raises: Unavailable to try again later, InvalidInput to give it up."""

    def close(self) -> None: ...


class Writer(Protocol):
    async def write(self, order: Order, *, is_first: bool) -> Letter | None:
        """The letter that was ordered; None when nobody is to get one. `is_first`: not tried before.

        Raises: Unavailable.
        """


class Postman:
    def __init__(self, ring: KeyRing, writer: Writer, delivery: Delivery) -> None:
        self._ring = ring
        self._writer = writer
        self._delivery = delivery

    async def send(self, parcels: Sequence[Parcel]) -> None:
        """Raises: Unavailable to try again later, InvalidInput to give them up."""
        for parcel in parcels:
            try:
                await self._send(parcel)
            except Unavailable as error:
                if datetime.now(UTC) - parcel.created_at < GIVEN_UP_AFTER:
                    raise
                raise InvalidInput("nobody took this letter for three days") from error

    async def _send(self, parcel: Parcel) -> None:
        try:
            content = unseal(self._ring, parcel.payload)
        except (InvalidInput, ValueError) as error:
            # The key may be put back into the ring.
            raise Unavailable("a letter cannot be unsealed") from error
        letter = (
            await self._writer.write(content, is_first=parcel.attempts == 1)
            if isinstance(content, Order)
            else content
        )
        if letter is not None:
            await self._delivery.deliver(letter, parcel.id)


def open_delivery(settings: ControlSettings) -> Delivery:
    """By SMTP where a server is named, else into the folder. Raises: ConfigError."""
    sender = sender_of(settings.mail_from, urlsplit(settings.public_url).hostname or "localhost")
    if settings.smtp_url is not None:
        return SmtpDelivery(SmtpServer.parse(settings.smtp_url), sender)
    logger.info("letters go to a folder", extra={"folder": str(settings.mail_dir)})
    return FolderDelivery(settings.mail_dir, sender)


def letter_courier(db: Database, postman: Postman) -> Courier:
    return Courier(
        db, OutboxKind.LETTER, postman.send, first_rest_s=FIRST_REST_S, longest_rest_s=LONGEST_REST_S
    )


def expect_letter(courier: Courier) -> None:
    """Looks a moment from now, and once more. In the loop that the courier runs in."""
    loop = asyncio.get_running_loop()
    for delay_s in LOOKS_S:
        loop.call_later(delay_s, courier.wake)
