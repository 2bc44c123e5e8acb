"""What letters say. Each function writes one; nothing in a letter but its links lets anybody in."""

from control.mail.mailroom import Letter


def factor_added(to: str, kind: str, name: str) -> Letter:
    return Letter(
        to,
        "A new way to prove yourself was added",
        f"{_named(kind, name)}\n"
        "was added to your account. From now on it can be asked for when\n"
        "you sign in.\n\n" + _UNEXPECTED,
    )


def factor_removed(to: str, kind: str, name: str) -> Letter:
    return Letter(
        to,
        "A way to prove yourself was removed",
        f"{_named(kind, name)}\n"
        "was removed from your account. Your other sessions have ended.\n\n" + _UNEXPECTED,
    )


def recovery_codes_made(to: str) -> Letter:
    return Letter(
        to,
        "New recovery codes were made",
        "Your account has new recovery codes. The former ones are worth\nnothing any more.\n\n" + _UNEXPECTED,
    )


def recovery_code_used(to: str, left: int) -> Letter:
    return Letter(
        to,
        "A recovery code was used",
        f"Somebody proved to be you by a recovery code. You have {left} left.\n\n" + _UNEXPECTED,
    )


_UNEXPECTED = (
    "If this was not you, change your password at once, end the sessions\n"
    "that you do not know, and tell whoever runs your team's Parley.\n"
)


def _named(kind: str, name: str) -> str:
    # A name on a line of its own: it is the person's own words.
    word = {"totp": "The authenticator app", "passkey": "The passkey"}[kind]
    return f"{word}\n\n    {name[:68]}\n"
