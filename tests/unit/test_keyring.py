"""The key ring: what it seals opens in its own place only, and a rotation loses nothing."""

import base64
import os
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import ConfigError, InvalidInput
from control.keyring import KEY_BYTES, NONCE_BYTES, KeyRing

SECRET_KEY = "a-secret-key-that-only-tests-know-0123456789"
PLACE = "mfa_factors ada 1"
OLD, NEW = b"o" * KEY_BYTES, b"n" * KEY_BYTES


def encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing({"new": NEW, "old": OLD})


@given(secret=st.binary(max_size=200), place=st.text(max_size=50))
def test_what_was_sealed_opens_in_its_place(secret: bytes, place: str) -> None:
    ring = KeyRing({"one": NEW})

    assert ring.open(ring.seal(secret, place=place), place=place) == secret


def test_the_secret_cannot_be_read_off_the_sealed_value(ring: KeyRing) -> None:
    sealed = ring.seal(b"the seed of Ada's app", place=PLACE)

    assert b"seed" not in sealed
    assert NEW not in sealed


def test_every_changed_bit_of_a_sealed_value_is_noticed(ring: KeyRing) -> None:
    sealed = ring.seal(b"seed", place=PLACE)

    for position in range(len(sealed) * 8):
        tampered = bytearray(sealed)
        tampered[position // 8] ^= 1 << position % 8
        with pytest.raises(InvalidInput):
            ring.open(bytes(tampered), place=PLACE)


def test_a_sealed_value_that_was_cut_off_anywhere_is_refused(ring: KeyRing) -> None:
    sealed = ring.seal(b"seed", place=PLACE)

    for length in range(len(sealed)):
        with pytest.raises(InvalidInput):
            ring.open(sealed[:length], place=PLACE)


def test_bytes_behind_a_sealed_value_are_noticed(ring: KeyRing) -> None:
    with pytest.raises(InvalidInput, match="was changed"):
        ring.open(ring.seal(b"seed", place=PLACE) + b"x", place=PLACE)


@given(junk=st.binary(max_size=100))
def test_junk_is_refused_in_words(junk: bytes) -> None:
    with pytest.raises(InvalidInput):
        KeyRing({"one": NEW}).open(junk, place=PLACE)


@pytest.mark.parametrize("place", ["mfa_factors grace 1", "mfa_factors ada 2", "provider_keys ada 1", ""])
def test_a_sealed_value_does_not_open_in_another_place(ring: KeyRing, place: str) -> None:
    with pytest.raises(InvalidInput, match="another place"):
        ring.open(ring.seal(b"seed", place=PLACE), place=place)


def test_two_rows_whose_sealed_values_were_swapped_both_refuse(ring: KeyRing) -> None:
    of_ada = ring.seal(b"seed of Ada", place="mfa_factors ada 1")
    of_grace = ring.seal(b"seed of Grace", place="mfa_factors grace 1")

    with pytest.raises(InvalidInput):
        ring.open(of_grace, place="mfa_factors ada 1")
    with pytest.raises(InvalidInput):
        ring.open(of_ada, place="mfa_factors grace 1")


def test_the_name_of_the_key_and_the_place_cannot_run_into_each_other() -> None:
    """Both keys have the same bytes, so only the associated data tells them apart."""
    ring = KeyRing({"a": NEW, "ab": NEW})
    sealed = ring.seal(b"seed", place="b place")
    renamed = bytes([1, 2]) + b"ab" + sealed[3:]

    with pytest.raises(InvalidInput):
        ring.open(renamed, place=" place")


def test_an_old_key_still_opens_and_the_new_one_seals() -> None:
    sealed_before = KeyRing({"old": OLD}).seal(b"seed", place=PLACE)
    ring = KeyRing({"new": NEW, "old": OLD})

    sealed_after = ring.seal(ring.open(sealed_before, place=PLACE), place=PLACE)

    assert (ring.is_current(sealed_before), ring.is_current(sealed_after)) == (False, True)
    assert KeyRing({"new": NEW}).open(sealed_after, place=PLACE) == b"seed"


def test_a_key_that_was_taken_out_opens_nothing() -> None:
    sealed = KeyRing({"old": OLD}).seal(b"seed", place=PLACE)

    with pytest.raises(InvalidInput, match="'old', which PARLEY_KEY_RING does not hold"):
        KeyRing({"new": NEW}).open(sealed, place=PLACE)


def test_another_key_of_the_same_name_opens_nothing() -> None:
    sealed = KeyRing({"one": OLD}).seal(b"seed", place=PLACE)

    with pytest.raises(InvalidInput, match="was changed"):
        KeyRing({"one": NEW}).open(sealed, place=PLACE)


def test_a_nonce_never_comes_twice_over_many_seals(ring: KeyRing) -> None:
    start = 2 + len("new")

    nonces = {ring.seal(b"", place=PLACE)[start : start + NONCE_BYTES] for _ in range(20_000)}

    assert len(nonces) == 20_000


def test_subkeys_differ_by_purpose_and_by_key_and_are_not_the_keys(ring: KeyRing) -> None:
    found = [*ring.subkeys("api keys"), *ring.subkeys("recovery codes"), NEW, OLD]

    assert len(set(found)) == len(found)
    assert {len(key) for key in found} == {KEY_BYTES}
    assert ring.subkeys("api keys")[0] == KeyRing({"new": NEW}).subkeys("api keys")[0]


def test_without_a_ring_the_secret_key_gives_one() -> None:
    sealed = KeyRing.from_settings(None, SECRET_KEY).seal(b"seed", place=PLACE)

    assert KeyRing.from_settings(None, SECRET_KEY).open(sealed, place=PLACE) == b"seed"
    with pytest.raises(InvalidInput):
        KeyRing.from_settings(None, SECRET_KEY + "x").open(sealed, place=PLACE)


def test_a_first_ring_opens_what_was_sealed_before_it_while_it_names_the_secret_key() -> None:
    sealed = KeyRing.from_settings(None, SECRET_KEY).seal(b"seed", place=PLACE)

    with_it = KeyRing.from_settings(f"k1:{encoded(NEW)} secret", SECRET_KEY)
    without_it = KeyRing.from_settings(f"k1:{encoded(NEW)}", SECRET_KEY)

    assert with_it.open(sealed, place=PLACE) == b"seed"
    assert not with_it.is_current(sealed)
    with pytest.raises(InvalidInput):
        without_it.open(sealed, place=PLACE)


@pytest.mark.parametrize("separator", [",", " ", ", ", "\n"])
def test_the_first_key_of_the_setting_is_the_current_one(separator: str) -> None:
    ring = KeyRing.from_settings(f"k2:{encoded(NEW)}{separator}k1:{encoded(OLD)}", SECRET_KEY)

    assert ring.is_current(KeyRing({"k2": NEW}).seal(b"", place=PLACE))
    assert not ring.is_current(KeyRing({"k1": OLD}).seal(b"", place=PLACE))


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_key_may_be_of_either_base64(encode: Callable[[bytes], bytes]) -> None:
    key = b"\xfb\xef\xff" * 10 + b"\xfb\xff"

    ring = KeyRing.from_settings(f"k1:{encode(key).decode()}", SECRET_KEY)

    assert ring.open(KeyRing({"k1": key}).seal(b"seed", place=PLACE), place=PLACE) == b"seed"


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        (" , ", "names no key"),
        (encoded(NEW), "item 1: write ID:BASE64"),
        (f"k1:{encoded(NEW)} {encoded(OLD)}", "item 2: write ID:BASE64"),
        (f":{encoded(NEW)}", "an id of 1 to 32"),
        (f"{'k' * 33}:{encoded(NEW)}", "an id of 1 to 32"),
        (f"k.1:{encoded(NEW)}", "an id of 1 to 32"),
        ("k1:not*base64", "'k1' is not Base64"),
        (f"k1:{encoded(NEW).rstrip('=')}", "'k1' is not Base64"),
        ("k1:", "'k1' has 0 bytes and needs 32"),
        (f"k1:{encoded(NEW[:16])}", "'k1' has 16 bytes and needs 32"),
        (f"k1:{encoded(NEW + OLD)}", "'k1' has 64 bytes and needs 32"),
        (f"k1:{encoded(NEW)} k1:{encoded(OLD)}", "'k1' twice"),
        ("secret secret", "'secret' twice"),
        (f"secret:{encoded(NEW)}", "'secret' stands alone"),
    ],
)
def test_a_malformed_setting_is_refused_with_a_sentence(setting: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        KeyRing.from_settings(setting, SECRET_KEY)


@pytest.mark.parametrize("form", ["{}", "k1:{}x", "k1:{} {}", "k1:{0} k1:{0}", "k1:*{}"])
def test_no_complaint_about_a_setting_tells_a_key(form: str) -> None:
    key = encoded(os.urandom(KEY_BYTES))

    with pytest.raises(ConfigError) as complaint:
        KeyRing.from_settings(form.format(key, key), SECRET_KEY)

    assert key[:8] not in str(complaint.value)


def test_a_ring_does_not_tell_its_keys_when_it_is_printed(ring: KeyRing) -> None:
    assert "nnnn" not in repr(ring)
    assert encoded(NEW) not in repr(ring)
