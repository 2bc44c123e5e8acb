"""What the pages may do."""

import pytest

from control.pages import content_security_policy, is_hashed


@pytest.mark.parametrize(
    ("url", "sources"),
    [
        ("ws://127.0.0.1:7880", "connect-src 'self' ws://127.0.0.1:7880 http://127.0.0.1:7880"),
        ("wss://media.example/rtc", "connect-src 'self' wss://media.example https://media.example"),
        ("https://media.example", "connect-src 'self' wss://media.example https://media.example"),
    ],
)
def test_the_page_reaches_the_media_server_and_nothing_else(url: str, sources: str) -> None:
    assert sources in content_security_policy(url).split("; ")


def test_the_page_runs_no_inline_script_and_cannot_be_framed() -> None:
    policy = content_security_policy("ws://127.0.0.1:7880")

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("name", ["page-3KJ2HQ7A.js", "page-3KJ2HQ7A.js.map", "chunk.ABCDEF12.css"])
def test_a_name_with_a_hash_may_be_kept_for_ever(name: str) -> None:
    assert is_hashed(name)


@pytest.mark.parametrize(
    "name", ["page.js", "index.html", "livekit-client.js", "apple-touch-icon.png", "icon.svg"]
)
def test_a_name_without_a_hash_is_asked_for_again(name: str) -> None:
    assert not is_hashed(name)
