"""A letter as an e-mail message, and the addresses that one can be sent to.

A header never holds a line break: the library refuses one, and so does every address that comes in.
"""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from agent.errors import ConfigError
from control.mail.mailroom import Letter

MAX_ADDRESS_CHARS: Final = 254
"""Source: RFC 5321, section 4.5.3.1.3, without the angle brackets."""
MAX_LOCAL_CHARS: Final = 64

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_LOCAL})@({_LABEL}(?:\.{_LABEL})*)")


def check_address(text: str) -> str:
    """`text` itself. Raises: ValueError when no letter of ours could go there."""
    found = _ADDRESS.fullmatch(text)
    if found is None or len(text) > MAX_ADDRESS_CHARS or len(found[1]) > MAX_LOCAL_CHARS:
        raise ValueError("this is not an e-mail address of the form name@example.org")
    return text


EmailAddress = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=MAX_ADDRESS_CHARS),
    AfterValidator(check_address),
]
"""In lower case, as accounts have it."""


def sender_of(mail_from: str | None, public_url_host: str) -> Address:
    """PARLEY_MAIL_FROM, as `name@host` or `Name <name@host>`. Raises: ConfigError."""
    text = mail_from or f"parley@{public_url_host}"
    name, _, rest = text.rpartition("<")
    address = rest.removesuffix(">").strip()
    try:
        return Address(name.strip().strip('"'), addr_spec=check_address(address))
    except ValueError as error:
        raise ConfigError(
            f"PARLEY_MAIL_FROM is {text!r}; it should be an address such as parley@example.org"
        ) from error


def compose(
    letter: Letter, sender: Address, letter_id: UUID, at: datetime, *, is_for_wire: bool
) -> EmailMessage:
    """`is_for_wire`: encoded so that every mail server takes it; else so that a person reads it as it is.

    Raises: ValueError when an address or the subject cannot stand in a header.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=check_address(letter.to))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter_id.hex}@{sender.domain}>"
    # Source: RFC 3834, section 5: nobody's absence notice answers it.
    message["Auto-Submitted"] = "auto-generated"
    if letter.text.isascii():
        message.set_content(letter.text, cte="7bit")
    else:
        message.set_content(letter.text, cte="quoted-printable" if is_for_wire else "8bit")
    return message
