"""What passkeys are bound to: this site, as PARLEY_PUBLIC_URL names it, and no other."""

from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

SITE_NAME: Final = "Parley"
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Site:
    """`origin`: as browsers write it."""

    rp_id: str
    origin: str

    @classmethod
    def of(cls, public_url: str) -> Self:
        """Of loopback it is always `localhost`, since no RP id may be an IP address."""
        parts = urlsplit(public_url)
        host = (parts.hostname or "").lower()
        rp_id = "localhost" if host in LOOPBACK else host
        is_default = parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme))
        return cls(rp_id, f"{parts.scheme}://{rp_id}" + ("" if is_default else f":{parts.port}"))
