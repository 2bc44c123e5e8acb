"""Secrets as they are handed out and as they are stored."""

import re

from argon2 import extract_parameters

from control.credentials import hash_api_key, hash_token, new_api_key, new_token
from control.passwords import NOBODY, PROFILE, PasswordChecker, hash_password


def test_tokens_carry_43_base64url_characters() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_token())
    assert re.fullmatch(r"parley_[A-Za-z0-9_-]{43}", new_api_key())


def test_no_two_tokens_are_the_same() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000


def test_the_digest_of_an_api_key_depends_on_the_servers_secret() -> None:
    key = new_api_key()

    assert hash_api_key(key, "one secret") == hash_api_key(key, "one secret")
    assert hash_api_key(key, "one secret") != hash_api_key(key, "another secret")
    assert len(hash_token(new_token())) == 32


async def test_a_password_matches_its_own_hash_and_no_other() -> None:
    checker = PasswordChecker()
    stored = hash_password("correct horse")

    assert await checker.matches("correct horse", stored)
    assert not await checker.matches("correct horses", stored)
    assert not await checker.matches("correct horse", "not a hash")
    assert not await checker.matches("correct horse", None)
    checker.close()


def test_an_unknown_account_costs_as_much_as_a_known_one() -> None:
    assert extract_parameters(NOBODY) == extract_parameters(hash_password("x")) == PROFILE
