"""Which passwords may be chosen, by the rules of NIST SP 800-63B-4 and by what attackers try first."""

import time

import pytest

from agent.errors import InvalidInput
from control.people.password_rules import COMMON, check_password

WORDS = ("ada.lovelace@harbor.example", "Ada Lovelace", "Harbor & Sons")


def refusal(password: str, *, has_second_factor: bool = False) -> str | None:
    """What is said against it; None when it may be chosen."""
    try:
        check_password(password, words=WORDS, has_second_factor=has_second_factor)
    except InvalidInput as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("correct horse battery staple", id="only small letters"),
        pytest.param("kettle moonlit 7", id="16"),
        pytest.param("grass over wind", id="15"),
        pytest.param("zwölf Boxkämpfer", id="not ASCII"),
        pytest.param("猫が窓の外の雨を静かに見ている朝", id="no Latin letter"),
        pytest.param("👩🏽‍🚀 " * 5 + "kettle", id="emoji"),
        pytest.param("   kettle moonlit", id="spaces count and stay"),
        pytest.param("harbor lights kettle moonlit grass", id="a known word in a long phrase"),
        pytest.param("xR7k" + "q9" * 510, id="1024"),
    ],
)
def test_a_long_password_needs_no_kind_of_character(password: str) -> None:
    assert refusal(password) is None


def test_a_password_that_stands_alone_has_at_least_15_characters() -> None:
    assert refusal("moonlit kettle") == "a password needs at least 15 characters; this one has 14"
    assert refusal("moonlit kettles") is None


def test_beside_a_second_factor_eight_characters_do() -> None:
    assert refusal("moonl1t", has_second_factor=True) is not None
    assert refusal("moonl1t ", has_second_factor=True) is None


def test_a_password_of_more_than_1024_characters_is_refused_and_not_cut() -> None:
    assert refusal("xR7k" + "q9" * 510 + "z") == "a password has at most 1024 characters"


def test_characters_are_counted_as_composed_ones() -> None:
    assert refusal("e\u0301" * 4 + "kettle moo") is not None
    assert refusal("e\u0301" * 5 + "kettle moo") is None


@pytest.mark.parametrize("password", ["password", "12345678", "PaSsWoRd", "qwertyui", "football1"])
def test_a_password_from_the_lists_of_leaks_is_refused_whatever_its_capitals(password: str) -> None:
    assert refusal(password, has_second_factor=True) is not None


@pytest.mark.parametrize(
    "password", ["passwordpassword", "dragondragondragon", "iloveyouiloveyoui", "MONKEYmonkeyMONKEY"]
)
def test_a_leaked_password_over_and_over_is_refused(password: str) -> None:
    assert refusal(password) == "this password is among the most common ones, which are tried first"


@pytest.mark.parametrize(
    "password",
    [
        "password12345678",
        "iloveyou1234567",
        "Football1Dragons",
        "dragonbutterfly",
        "sunshinePrincess1",
        "dragon  butterfly",
    ],
)
def test_one_leaked_password_behind_another_is_refused(password: str) -> None:
    assert refusal(password) == "this password is among the most common ones, which are tried first"


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaaaa",
        "abababababababab",
        "1234567890123456",
        "0987654321098765",
        "abcdefghijklmnop",
        "zyxwvutsrqponmlk",
        "qwertyuiopqwertyuiop",
        "qwertyuiopasdfghjkl",
        "1234567890qwertyuiop",
    ],
)
def test_a_pattern_of_keys_is_refused(password: str) -> None:
    assert refusal(password) is not None


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("ada.lovelace2026", id="the local part of the address"),
        pytest.param("AdaLovelace!!!!!", id="the name, no space"),
        pytest.param("Lovelace, Ada 1815", id="the name, turned around"),
        pytest.param("harborandsons1234", id="the team"),
        pytest.param("Harbor&Sons Harbor&Sons", id="the team twice"),
        pytest.param("parleyparley2026", id="this site"),
        pytest.param("parley-harbor-ada", id="all of them"),
    ],
)
def test_a_password_of_what_an_attacker_knows_about_the_person_is_refused(password: str) -> None:
    assert refusal(password) is not None


def test_short_and_empty_names_do_not_forbid_everything() -> None:
    check_password("correct horse battery", words=("a@b.example", "", "&"), has_second_factor=False)


def test_the_field_is_the_one_that_was_asked_for() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_password("short", words=(), has_second_factor=False, field="new_password")

    assert caught.value.field == "new_password"
    assert "short" not in str(caught.value)


def test_the_list_is_the_whole_one() -> None:
    assert len(COMMON) >= 29_000
    assert {"password", "123456", "qwerty"} <= COMMON


def test_a_password_made_to_be_slow_to_check_does_not_hold_up_the_loop() -> None:
    worst = ["a" * 1023 + "b", ("ab" * 256 + "c") * 2, "ada" * 341, "1234567890" * 102]
    started_s = time.monotonic()

    for password in worst:
        refusal(password)

    assert time.monotonic() - started_s < 1.0
