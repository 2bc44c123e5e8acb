"""Letters of a local stack, which are files: the link in the newest one to somebody."""

import asyncio
import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

LETTER_S = 15.0


async def link_to(folder: Path, address: str, page: str, *, besides: str = "") -> str:
    """The link to `/page/…` in the newest letter to `address` that has another than `besides`.

    Raises: TimeoutError when none comes.
    """
    async with asyncio.timeout(LETTER_S):
        while True:
            for letter in await asyncio.to_thread(_newest_first, folder):
                link = re.search(rf"^https?://\S+/{page}/\S+$", _text(letter), re.MULTILINE)
                if letter["To"] == address and link is not None and link[0] != besides:
                    return link[0]
            await asyncio.sleep(0.1)


def _newest_first(folder: Path) -> list[EmailMessage]:
    files = sorted(folder.glob("*.eml"), reverse=True) if folder.is_dir() else []
    return [_parse(file) for file in files]


def _parse(file: Path) -> EmailMessage:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _text(letter: EmailMessage) -> str:
    text = letter.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")
