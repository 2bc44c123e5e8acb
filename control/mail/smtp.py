"""Sending a letter by SMTP, in a thread of its own.

Over TLS from the start (`smtps://`), or after STARTTLS, which has to be offered: a letter with a way in is
not sent in the clear, unless the server is on this machine.
"""

import asyncio
import logging
import smtplib
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

from agent.errors import ConfigError, InvalidInput, Unavailable
from control.mail.mailroom import Letter
from control.mail.message import compose

logger = logging.getLogger(__name__)

TIMEOUT_S: Final = 8.0
"""Of each step; the longest way has about eight, most of which take no time."""
SUBMISSION_PORT: Final = 587
TLS_PORT: Final = 465


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """`is_tls`: from the start. `must_encrypt`: nothing is sent before STARTTLS."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    is_tls: bool = False
    must_encrypt: bool = True

    @classmethod
    def parse(cls, url: str) -> Self:
        """Of PARLEY_SMTP_URL. Raises: ConfigError, which does not repeat the password."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        host = parts.hostname
        if parts.scheme not in ("smtp", "smtps") or not host or port == -1 or parts.path not in ("", "/"):
            raise ConfigError(
                "PARLEY_SMTP_URL is not of the form smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST"
            )
        is_tls = parts.scheme == "smtps"
        return cls(
            host=host,
            port=port or (TLS_PORT if is_tls else SUBMISSION_PORT),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            is_tls=is_tls,
            must_encrypt=not is_tls and not _is_loopback(host),
        )


class SmtpDelivery:
    def __init__(self, server: SmtpServer, sender: Address, context: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._sender = sender
        self._context = context or ssl.create_default_context()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="smtp")

    async def deliver(self, letter: Letter, letter_id: UUID) -> None:
        """Raises: Unavailable to try again, InvalidInput when the address is refused for good."""
        try:
            message = compose(letter, self._sender, letter_id, datetime.now(UTC), is_for_wire=True)
        except ValueError as error:
            raise InvalidInput("this letter cannot be addressed") from error
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._executor, self._send, message)
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _ in error.recipients.values())
            logger.warning("address refused by the mail server", extra={"smtp_code": code})
            if code >= 500:
                raise InvalidInput(f"the mail server refuses this address ({code})") from error
            raise Unavailable(f"the mail server takes no letter for now ({code})") from error
        except smtplib.SMTPResponseException as error:
            logger.warning("mail server refuses", extra={"smtp_code": error.smtp_code})
            raise Unavailable(f"the mail server refuses ({error.smtp_code})") from error
        except (smtplib.SMTPException, OSError) as error:
            logger.warning("mail server does not answer", extra={"error": type(error).__name__})
            raise Unavailable("the mail server does not answer") from error

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _send(self, message: EmailMessage) -> None:
        server = self._server
        with self._connect() as client:
            if server.must_encrypt:
                # Raises where it is not offered, or refused.
                client.starttls(context=self._context)
                client.ehlo()
            if server.user is not None:
                client.login(server.user, server.password or "")
            client.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.is_tls:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=self._context)
        return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
