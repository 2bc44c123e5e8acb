"""Sign-up codes: what they carry, and every way to make one without us."""

import base64
import string
from datetime import timedelta

import pytest

from agent.errors import InvalidInput, NotFound
from control.keyring import KeyRing
from control.people.sign_up_codes import ProviderIdentity, SignUpCodes

RING = KeyRing({"one": bytes(range(32))})
CODES = SignUpCodes(RING)
IDENTITY = ProviderIdentity(issuer="https://login.example", subject="42", name="Lin Chen")


def test_a_code_carries_the_address_and_the_providers_account() -> None:
    claim = CODES.read(CODES.make("Lin@Harbor.Example", IDENTITY))

    assert (claim.email, claim.identity) == ("lin@harbor.example", IDENTITY)


def test_a_code_can_stand_in_an_address_as_it_is() -> None:
    code = CODES.make("lin@harbor.example", IDENTITY)

    assert set(code) <= set(string.ascii_letters + string.digits + "-_")
    assert "lin" not in code


def test_a_name_that_is_too_long_for_an_address_is_left_out() -> None:
    identity = ProviderIdentity(issuer="https://login.example", subject="42", name="n" * 900)

    claim = CODES.read(CODES.make("lin@harbor.example", identity))

    assert claim.identity == ProviderIdentity(issuer="https://login.example", subject="42")


def test_a_subject_without_end_makes_no_code() -> None:
    with pytest.raises(InvalidInput):
        CODES.make("lin@harbor.example", ProviderIdentity(issuer="i" * 500, subject="s" * 255))


def test_the_longest_address_has_a_code_that_fits() -> None:
    email = f"{'l' * 64}@{'d' * 60}.{'e' * 60}.{'f' * 60}.example"

    assert CODES.read(CODES.make(email)).email == email


def test_a_code_from_yesterday_is_unknown() -> None:
    with pytest.raises(NotFound):
        CODES.read(CODES.make("lin@harbor.example", life=timedelta(seconds=-1)))


@pytest.mark.parametrize("place", [0, 8, 20, -1])
def test_a_code_that_was_changed_anywhere_is_unknown(place: int) -> None:
    code = CODES.make("lin@harbor.example")
    raw = bytearray(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)))
    raw[place] ^= 1

    with pytest.raises(NotFound):
        CODES.read(base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode())


def test_a_code_by_another_key_is_unknown() -> None:
    with pytest.raises(NotFound):
        CODES.read(SignUpCodes(KeyRing({"one": bytes(32)})).make("lin@harbor.example"))


def test_a_code_stays_good_while_the_ring_is_rotated() -> None:
    code = CODES.make("lin@harbor.example")
    rotated = KeyRing({"two": bytes(32), "one": bytes(range(32))})

    assert SignUpCodes(rotated).read(code).email == "lin@harbor.example"


def test_what_was_sealed_for_another_place_is_no_code() -> None:
    sealed = RING.seal(b'{"email":"lin@harbor.example"}', place="outbox letter")

    with pytest.raises(NotFound):
        CODES.read(base64.urlsafe_b64encode(sealed).rstrip(b"=").decode())


@pytest.mark.parametrize("code", ["", "=", "A", "AAAA", "not base64!", "ü" * 20, "A" * 1001, "\x00"])
def test_what_is_no_code_at_all_is_unknown(code: str) -> None:
    with pytest.raises(NotFound):
        CODES.read(code)
