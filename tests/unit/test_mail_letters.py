"""What letters say, and what a stranger's words cannot make them say."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from agent.errors import ConfigError
from control.mail import letters
from control.mail.mailroom import Letter
from control.mail.message import EmailAddress, compose, sender_of

TO, URL = "lin@harbor.example", "https://parley.example/x/" + "c" * 400
EVIL = "Ada\r\nBcc: gus@x.example\n\nhttps://evil.example/win www.evil.example \u202e\u2028" + "x" * 300
ALL: list[Callable[[str], Letter]] = [
    lambda _: letters.sign_up(TO, URL),
    lambda _: letters.sign_up_known(TO, URL, URL),
    lambda _: letters.reset_password(TO, URL),
    lambda _: letters.password_changed(TO),
    lambda _: letters.confirm_email(TO, URL),
    lambda _: letters.email_taken(TO, URL),
    lambda _: letters.email_change_asked(TO),
    lambda _: letters.email_changed(TO),
    lambda name: letters.member_invitation(TO, URL, name, name, "owner"),
    lambda name: letters.factor_added(TO, "totp", name),
    lambda name: letters.factor_removed(TO, "passkey", name),
    lambda _: letters.recovery_codes_made(TO),
    lambda _: letters.recovery_code_used(TO, 3),
]
SENDER = Address("Parley", addr_spec="parley@parley.example")
AT, ID = datetime(2026, 11, 25, 12, tzinfo=UTC), UUID(int=7)


@pytest.mark.parametrize("write", ALL)
def test_a_letter_is_short_lines_with_each_link_on_its_own(write: Callable[[str], Letter]) -> None:
    lines = write("Ada").text.splitlines()

    assert all(len(line) <= 72 or line == URL for line in lines)
    assert all(line == URL for line in lines if "://" in line)


@pytest.mark.parametrize("write", ALL)
def test_a_letter_says_what_to_do_for_whoever_did_not_ask(write: Callable[[str], Letter]) -> None:
    text = write("Ada").text.replace("\n", " ")

    assert re.search(r"do nothing|change your password at once", text)


@pytest.mark.parametrize("write", ALL)
def test_no_subject_carries_a_strangers_words(write: Callable[[str], Letter]) -> None:
    assert write("Ada").subject == write("Mallory").subject
    assert "\n" not in write(EVIL).subject


@pytest.mark.parametrize("write", ALL)
def test_a_name_brings_neither_lines_nor_links_nor_what_cannot_be_seen(
    write: Callable[[str], Letter],
) -> None:
    harmless, evil = write("Ada").text, write(EVIL).text

    assert evil.count("://") == harmless.count("://")
    assert evil.count("\n\n") == harmless.count("\n\n")
    assert "evil.example" not in evil
    assert "gus@x" not in evil
    assert not {"\u202e", "\u2028", "\r"} & set(evil)
    assert "x" * 100 not in evil.replace("\n", "")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Zoë Müller", "Zoë Müller"),
        ("陳大文", "陳大文"),
        ("Harbor Inc.", "Harbor Inc."),
        ("evil.example", "evil example"),
        ("https://evil.example", "https evil example"),
        ("a\tb\nc", "a b c"),
        ("\u200bA\u2066da\u2069", "Ada"),
        ("x" * 200, "x" * 59 + "…"),
    ],
)
def test_a_name_is_shown_as_far_as_it_is_one(name: str, shown: str) -> None:
    assert letters.plain(name) == shown


@pytest.mark.parametrize("is_for_wire", [True, False])
@pytest.mark.parametrize("name", ["Ada", "Zoë", EVIL])
def test_a_message_has_the_headers_of_one_letter_to_one_address(name: str, is_for_wire: bool) -> None:
    letter = letters.member_invitation(TO, URL, name, name, "member")

    raw = bytes(compose(letter, SENDER, ID, AT, is_for_wire=is_for_wire))
    message = message_from_bytes(raw, policy=default)

    assert isinstance(message, EmailMessage)
    assert sorted(message.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
         "Content-Transfer-Encoding", "MIME-Version"]
    )  # fmt: skip
    assert (message["To"], message["From"]) == (TO, "Parley <parley@parley.example>")
    assert message.get_content().replace("\r\n", "\n") == letter.text


def test_a_message_for_a_person_to_read_leaves_a_long_link_whole() -> None:
    letter = letters.member_invitation(TO, URL, "Zoë", "Zoë", "member")

    assert URL.encode() in bytes(compose(letter, SENDER, ID, AT, is_for_wire=False))


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("lin@harbor.example\r\nBcc: gus@x.example", "Hello"),
        ("lin@harbor.example, gus@x.example", "Hello"),
        ("Lin <lin@harbor.example>", "Hello"),
        (TO, "Hello\r\nBcc: gus@x.example"),
        (TO, "Hello\nBcc: gus@x.example"),
    ],
)
def test_a_header_takes_no_second_line_and_no_second_address(to: str, subject: str) -> None:
    with pytest.raises(ValueError, match=r"header|address|addr_spec|line"):
        compose(Letter(to, subject, "text\n"), SENDER, ID, AT, is_for_wire=True)


@pytest.mark.parametrize(
    "address",
    ["lin", "lin@", "@x.example", "a@b@c.example", "a b@x.example", "a..b@x.example", ".a@x.example",
     "a@-x.example", "a@x..example", "lin@x.example\nBcc:a@b.example", "a\x00@x.example",
     '"a b"@x.example', "a@[127.0.0.1]", f"{'a' * 65}@x.example", f"a@{'b' * 60}.{'c.' * 100}example",
     "lin@xn--\u2603.example", "l\u0131n@x.example"],
)  # fmt: skip
def test_what_is_no_address_of_ours_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(EmailAddress).validate_python(address)


@pytest.mark.parametrize(
    ("address", "kept"),
    [(" Lin@Harbor.EXAMPLE ", "lin@harbor.example"), ("lin+x@a-b.example", "lin+x@a-b.example"),
     ("lin@localhost", "lin@localhost")],
)  # fmt: skip
def test_an_address_is_kept_in_lower_case(address: str, kept: str) -> None:
    assert TypeAdapter(EmailAddress).validate_python(address) == kept


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        (None, "parley@talk.example"),
        ("team@x.example", "team@x.example"),
        ("The Team <team@x.example>", "The Team <team@x.example>"),
    ],
)
def test_the_sender_is_the_one_that_was_set(setting: str | None, shown: str) -> None:
    assert str(sender_of(setting, "talk.example")) == shown


@pytest.mark.parametrize(
    "setting", ["nobody", "<>", "a@b.example\nBcc: c@d.example", "Evil\nX <a@b.example>"]
)
def test_a_sender_that_is_no_address_is_refused_by_its_settings_name(setting: str) -> None:
    with pytest.raises(ConfigError, match="PARLEY_MAIL_FROM"):
        sender_of(setting, "talk.example")
