"""Sending by SMTP to a real server: encrypted or not at all, and what becomes of a refusal."""

import dataclasses
import logging
from collections.abc import AsyncIterator, Callable
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import pytest

from agent.errors import ConfigError, InvalidInput, Unavailable
from control.mail.mailroom import Letter
from control.mail.smtp import SmtpDelivery, SmtpServer
from tests.fakes.mail_server import (
    PASSWORD,
    USER,
    Certificate,
    MailServer,
    make_certificate,
    running_mail_server,
)
from tests.fixtures.database import free_port

LETTER = Letter(
    "lin@harbor.example", "Hello", "Zoë, a link:\n\nhttps://parley.example/reset/" + "c" * 200 + "\n"
)
SENDER = Address("Parley", addr_spec="parley@parley.example")
ID = UUID(int=7)

Open = Callable[..., SmtpDelivery]


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Deliveries that are closed when the test ends."""
    deliveries: list[SmtpDelivery] = []

    def open_one(server: SmtpServer, certificate: Certificate | None = None) -> SmtpDelivery:
        deliveries.append(SmtpDelivery(server, SENDER, None if certificate is None else certificate.trusting))
        return deliveries[-1]

    yield open_one
    for delivery in deliveries:
        delivery.close()


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return make_certificate(tmp_path)


def elsewhere(mail: MailServer) -> SmtpServer:
    """As if the server were not on this machine."""
    return dataclasses.replace(SmtpServer.parse(f"smtp://127.0.0.1:{mail.port}"), must_encrypt=True)


async def test_a_letter_arrives_as_it_was_written(opened: Open) -> None:
    async with running_mail_server() as mail:
        await opened(SmtpServer.parse(f"smtp://127.0.0.1:{mail.port}")).deliver(LETTER, ID)

    (envelope,) = mail.arrived
    assert (envelope.mail_from, envelope.rcpt_tos) == ("parley@parley.example", [LETTER.to])
    assert isinstance(envelope.content, bytes)
    message = message_from_bytes(envelope.content, policy=default)
    assert (message["Subject"], message["To"]) == (LETTER.subject, LETTER.to)
    assert message.get_content().replace("\r\n", "\n") == LETTER.text
    assert envelope.content.isascii()


async def test_elsewhere_a_letter_is_sent_after_starttls(opened: Open, certificate: Certificate) -> None:
    async with running_mail_server(starttls=certificate.serving) as mail:
        await opened(elsewhere(mail), certificate).deliver(LETTER, ID)

    assert mail.encrypted == [True]


async def test_elsewhere_nothing_is_sent_where_starttls_is_stripped(opened: Open) -> None:
    async with running_mail_server() as mail:
        with pytest.raises(Unavailable):
            await opened(elsewhere(mail)).deliver(LETTER, ID)

    assert mail.arrived == []


async def test_a_password_is_not_given_away_where_starttls_is_stripped(opened: Open) -> None:
    async with running_mail_server() as mail:
        server = dataclasses.replace(elsewhere(mail), user=USER, password=PASSWORD)
        with pytest.raises(Unavailable):
            await opened(server).deliver(LETTER, ID)

    assert mail.users == []


async def test_a_server_that_cannot_prove_its_name_gets_nothing(
    opened: Open, certificate: Certificate
) -> None:
    async with running_mail_server(starttls=certificate.serving) as mail:
        with pytest.raises(Unavailable):
            await opened(elsewhere(mail)).deliver(LETTER, ID)

    assert mail.arrived == []


async def test_smtps_is_encrypted_from_the_start(opened: Open, certificate: Certificate) -> None:
    async with running_mail_server(tls=certificate.serving) as mail:
        server = SmtpServer.parse(f"smtps://127.0.0.1:{mail.port}")
        await opened(server, certificate).deliver(LETTER, ID)

    assert len(mail.arrived) == 1


async def test_a_user_signs_in_with_a_password_that_needs_escaping(
    opened: Open, certificate: Certificate
) -> None:
    async with running_mail_server(starttls=certificate.serving) as mail:
        url = f"smtp://{USER}:{quote(PASSWORD)}@127.0.0.1:{mail.port}"
        await opened(dataclasses.replace(SmtpServer.parse(url), must_encrypt=True), certificate).deliver(
            LETTER, ID
        )

    assert mail.users == [USER]
    assert len(mail.arrived) == 1


async def test_a_wrong_password_is_tried_again_and_not_logged(
    opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_mail_server() as mail:
        delivery = opened(SmtpServer.parse(f"smtp://{USER}:wrong-secret@127.0.0.1:{mail.port}"))
        with caplog.at_level(logging.DEBUG, "control"), pytest.raises(Unavailable) as raised:
            await delivery.deliver(LETTER, ID)

    told = str(raised.value) + "".join(str(record.__dict__) for record in caplog.records)
    assert "535" in told
    assert "wrong-secret" not in told
    assert LETTER.to not in told


async def test_a_busy_server_is_tried_again(opened: Open) -> None:
    async with running_mail_server() as mail:
        mail.refusals.append("451 later")
        delivery = opened(SmtpServer.parse(f"smtp://127.0.0.1:{mail.port}"))

        with pytest.raises(Unavailable, match="451"):
            await delivery.deliver(LETTER, ID)
        await delivery.deliver(LETTER, ID)

    assert len(mail.arrived) == 1


async def test_an_address_that_is_refused_for_good_is_given_up(
    opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_mail_server() as mail:
        mail.refusals.append("550 no such mailbox")
        with caplog.at_level(logging.DEBUG, "control"), pytest.raises(InvalidInput, match="550"):
            await opened(SmtpServer.parse(f"smtp://127.0.0.1:{mail.port}")).deliver(LETTER, ID)

    assert LETTER.to not in "".join(str(record.__dict__) for record in caplog.records)


async def test_an_address_with_a_second_command_in_it_reaches_no_server(opened: Open) -> None:
    forged = Letter("lin@harbor.example>\r\nRCPT TO:<gus@x.example", "Hello", "text\n")
    async with running_mail_server() as mail:
        with pytest.raises(InvalidInput):
            await opened(SmtpServer.parse(f"smtp://127.0.0.1:{mail.port}")).deliver(forged, ID)

    assert mail.arrived == []


async def test_a_line_with_a_dot_does_not_end_the_letter_early(opened: Open) -> None:
    letter = Letter(LETTER.to, "Hello", "before\n.\nRCPT TO:<gus@x.example>\nafter\n")
    async with running_mail_server() as mail:
        await opened(SmtpServer.parse(f"smtp://127.0.0.1:{mail.port}")).deliver(letter, ID)

    (envelope,) = mail.arrived
    assert envelope.rcpt_tos == [LETTER.to]
    assert isinstance(envelope.content, bytes)
    assert b"after" in envelope.content


async def test_a_server_that_is_away_is_tried_again(opened: Open) -> None:
    with pytest.raises(Unavailable):
        await opened(SmtpServer.parse(f"smtp://127.0.0.1:{free_port()}")).deliver(LETTER, ID)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", SmtpServer("mail.example", 587)),
        ("smtps://mail.example", SmtpServer("mail.example", 465, is_tls=True, must_encrypt=False)),
        ("smtp://localhost:25", SmtpServer("localhost", 25, must_encrypt=False)),
        ("smtp://[::1]:25", SmtpServer("::1", 25, must_encrypt=False)),
        ("smtp://a%40b:p%2Fq@mail.example:2525", SmtpServer("mail.example", 2525, "a@b", "p/q")),
    ],
)
def test_an_address_of_a_server_is_read(url: str, expected: SmtpServer) -> None:
    assert SmtpServer.parse(url) == expected


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://mail.example", "smtp://", "smtp://u:pass-word@h:port", "smtp://u:pass-word@h/x"],
)
def test_what_is_no_address_of_a_server_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError, match="PARLEY_SMTP_URL") as raised:
        SmtpServer.parse(url)

    assert "pass-word" not in str(raised.value)


def test_the_password_is_not_in_the_representation() -> None:
    assert "secret" not in repr(SmtpServer.parse("smtp://user:secret@mail.example"))
