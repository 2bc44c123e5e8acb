"""Secrets as they are handed out and as they are stored."""

import re
from pathlib import Path

import pytest

from control.credentials import (
    API_KEY_PATTERN,
    Peppers,
    checksum,
    hash_token,
    is_api_key,
    new_api_key,
    new_token,
)
from control.keyring import KeyRing


def test_tokens_carry_43_base64url_characters() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_token())


def test_an_api_key_is_recognised_by_its_pattern_and_verified_by_its_checksum_alone() -> None:
    keys = [new_api_key() for _ in range(200)]

    assert all(re.fullmatch(API_KEY_PATTERN, key) and is_api_key(key) for key in keys)
    # Worked out once with zlib.crc32 and kept, so that scanners may rely on it.
    assert checksum("parley_" + "0" * 43) == "1f36Ld"


def test_the_readme_tells_scanners_the_same_pattern() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

    assert f"\n{API_KEY_PATTERN}\n" in readme


def test_a_checksum_catches_every_single_typing_error() -> None:
    key = new_api_key()
    changed = [
        key[:place] + ("x" if key[place] != "x" else "y") + key[place + 1 :] for place in range(len(key))
    ]
    swapped = [
        key[:place] + key[place + 1] + key[place] + key[place + 2 :]
        for place in range(len(key) - 1)
        if key[place] != key[place + 1]
    ]

    assert [text for text in (*changed, *swapped) if is_api_key(text)] == []


@pytest.mark.parametrize("wrong", ["", "parley_", "x" * 57, "parley_" + "A" * 43, "parley_" + "ä" * 50])
def test_what_is_no_api_key_is_not_taken_for_one(wrong: str) -> None:
    assert not is_api_key(wrong)
    assert not is_api_key(new_api_key() + "\n")
    assert not is_api_key(" " + new_api_key())


def test_no_two_tokens_are_the_same() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000


def test_the_digest_of_an_api_key_depends_on_the_key_ring() -> None:
    key = new_api_key()
    ring, other = (Peppers(KeyRing.from_settings(None, secret * 32)) for secret in "ab")

    assert ring.digest(key) == ring.digest(key)
    assert ring.digest(key) != other.digest(key)
    assert len(hash_token(new_token())) == len(ring.digest(key)) == 32


def test_a_pepper_that_was_put_in_front_digests_from_now_on_and_the_old_one_is_still_tried() -> None:
    key = new_api_key()
    before = Peppers(KeyRing({"1": b"1" * 32}))
    after = Peppers(KeyRing({"2": b"2" * 32, "1": b"1" * 32}))

    assert after.digest(key) != before.digest(key)
    assert after.digests(key) == [after.digest(key), before.digest(key)]
