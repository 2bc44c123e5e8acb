"""Letters as files: whole, readable by their owner only, and named after nobody."""

import stat
from email.headerregistry import Address
from pathlib import Path
from uuid import UUID

import pytest

from agent.errors import InvalidInput, Unavailable
from control.mail.folder import FolderDelivery
from control.mail.mailroom import Letter
from tests.fixtures.mailbox import read_letters

LETTER = Letter("lin@harbor.example", "Hello", "A link:\n\nhttps://parley.example/reset/secret\n")
SENDER = Address(addr_spec="parley@parley.example")


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_letter_is_a_message_that_only_the_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "mail"

    await FolderDelivery(folder, SENDER).deliver(LETTER, UUID(int=1))

    (mail,) = read_letters(folder)
    assert (mail.to, mail.subject, mail.text) == (LETTER.to, LETTER.subject, LETTER.text)
    (name,) = names(folder)
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_the_name_of_a_file_tells_neither_whom_nor_what(tmp_path: Path) -> None:
    await FolderDelivery(tmp_path, SENDER).deliver(LETTER, UUID(int=1))

    (file,) = names(tmp_path)
    assert not any(word in file for word in ("lin", "harbor", "Hello", "secret"))
    assert file.endswith(f"-{UUID(int=1).hex}.eml")


async def test_an_address_with_a_line_break_reaches_no_file(tmp_path: Path) -> None:
    forged = Letter("lin@harbor.example\r\nBcc: gus@x.example", "Hello", "text\n")

    with pytest.raises(InvalidInput):
        await FolderDelivery(tmp_path, SENDER).deliver(forged, UUID(int=1))
    assert names(tmp_path) == []


async def test_a_folder_that_cannot_be_made_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file is in the way")

    with pytest.raises(Unavailable, match="mail"):
        await FolderDelivery(tmp_path / "mail", SENDER).deliver(LETTER, UUID(int=1))
