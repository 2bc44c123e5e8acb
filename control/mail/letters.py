"""What letters say: one function for each, in plain text. Nothing in a letter but its link lets anybody in.

No subject holds a word that somebody outside chose. In a text such a word is short, on one line and no
address: a letter of ours must not carry a stranger's links.
"""

import re
import textwrap
from typing import Final

from control.edge.text import clean_line
from control.mail.mailroom import Letter

WIDTH: Final = 72
MAX_NAME_CHARS: Final = 60

UNEXPECTED: Final = (
    "If this was not you, change your password at once, end the sessions that you do not know, and tell "
    "whoever runs your team's Parley."
)

_LINKING = re.compile(r"(?<=\S)[.:/@\\]+(?=\S)")


# Signing up and in


def sign_up(to: str, url: str) -> Letter:
    return _letter(
        to,
        "Go on with your sign-up",
        "Somebody, hopefully you, asked for an account at Parley with this address. This link goes on with "
        "it, for a day:",
        url,
        "If it was not you, do nothing: without the link there is no account.",
    )


def sign_up_known(to: str, sign_in_url: str, reset_url: str) -> Letter:
    """To an address that has an account: the page said the same as to any other."""
    return _letter(
        to,
        "You have an account already",
        "Somebody, hopefully you, wanted to sign up at Parley with this address. It has an account already. "
        "Sign in here:",
        sign_in_url,
        "If you forgot your password, here is the way to a new one:",
        reset_url,
        "If it was not you, do nothing: nothing has changed.",
    )


def reset_password(to: str, url: str) -> Letter:
    return _letter(
        to,
        "Choose a new password",
        "Somebody, hopefully you, asked for a new password for this address at Parley. This link lets you "
        "choose one. It works once, within an hour:",
        url,
        "If it was not you, do nothing: your password stays as it is.",
    )


def password_changed(to: str) -> Letter:
    return _letter(
        to,
        "Your password was changed",
        "Your account has a new password. Sessions that were open have ended.",
        UNEXPECTED,
    )


# The address


def confirm_email(to: str, url: str) -> Letter:
    return _letter(
        to,
        "Confirm your new address",
        "Somebody, hopefully you, wants to use this address for an account at Parley. This link confirms it. "
        "It works once, within a day:",
        url,
        "If it was not you, do nothing: without the link this address is not used.",
    )


def email_taken(to: str, sign_in_url: str) -> Letter:
    """To a new address that turns out to have an account: the page said the same as to any other."""
    return _letter(
        to,
        "This address has an account",
        "Somebody, hopefully you, wanted to use this address for another account at Parley. It has one "
        "already, so nothing was changed. Sign in with it here:",
        sign_in_url,
        "If it was not you, do nothing.",
    )


def email_change_asked(to: str) -> Letter:
    return _letter(
        to,
        "Another address was named for your account",
        "Somebody signed in to your account asked to use another address from now on. It takes effect when "
        "that address is confirmed.",
        UNEXPECTED,
    )


def email_changed(to: str) -> Letter:
    """To the former address."""
    return _letter(
        to,
        "Your account has another address",
        "Your account at Parley has another address from now on; this one no longer signs you in.",
        UNEXPECTED,
    )


# Teams


def member_invitation(to: str, url: str, tenant_name: str, inviter_name: str, role: str) -> Letter:
    words = {"owner": "an owner", "admin": "an admin", "member": "a member"}[role]
    return _letter(
        to,
        "You are invited to join a team",
        f"{plain(inviter_name)} invites you to join “{plain(tenant_name)}” at Parley as {words}. This link "
        "lets you in. It works once, within seven days:",
        url,
        "If you do not know them, do nothing: nobody joins without the link.",
    )


# Ways to prove oneself


def factor_added(to: str, kind: str, name: str) -> Letter:
    return _letter(
        to,
        "A new way to prove yourself was added",
        f"{_factor(kind, name)} was added to your account. From now on it can be asked for when you sign in.",
        UNEXPECTED,
    )


def factor_removed(to: str, kind: str, name: str) -> Letter:
    return _letter(
        to,
        "A way to prove yourself was removed",
        f"{_factor(kind, name)} was removed from your account. Your other sessions have ended.",
        UNEXPECTED,
    )


def identity_linked(to: str, label: str) -> Letter:
    return _letter(
        to,
        "A way to sign in was connected",
        f"From now on you can sign in to Parley by {label}.",
        UNEXPECTED,
    )


def identity_unlinked(to: str, label: str) -> Letter:
    return _letter(
        to,
        "A way to sign in was disconnected",
        f"You can no longer sign in to Parley by {label}.",
        UNEXPECTED,
    )


def recovery_codes_made(to: str) -> Letter:
    return _letter(
        to,
        "New recovery codes were made",
        "Your account has new recovery codes. The former ones are worth nothing any more.",
        UNEXPECTED,
    )


def recovery_code_used(to: str, left: int) -> Letter:
    return _letter(
        to,
        "A recovery code was used",
        f"Somebody proved to be you by a recovery code. You have {left} left.",
        UNEXPECTED,
    )


def plain(name: str) -> str:
    """`name` on one line, without what cannot be seen and without what a mail program makes a link of."""
    words = clean_line(_LINKING.sub(" ", clean_line(name)))
    return words if len(words) <= MAX_NAME_CHARS else words[: MAX_NAME_CHARS - 1].rstrip() + "…"


def _factor(kind: str, name: str) -> str:
    word = {"totp": "The authenticator app", "passkey": "The passkey"}[kind]
    return f"{word} “{plain(name)}”"


def _letter(to: str, subject: str, *paragraphs: str) -> Letter:
    text = "\n\n".join(
        paragraph if "://" in paragraph else textwrap.fill(paragraph, WIDTH) for paragraph in paragraphs
    )
    return Letter(to, subject, text + "\n")
