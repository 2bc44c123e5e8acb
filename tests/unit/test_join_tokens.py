"""Join tokens carry exactly these claims, which are the ones that LiveKit's own library would write."""

import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from livekit import api

from control.join_tokens import JoinIdentity, JoinTokens

KEY, SECRET = "parley", "a-livekit-secret-that-only-tests-know-0123456789"
ROOM = "0" * 32 + "_standup"
GRANTS = {
    "roomJoin": True,
    "room": ROOM,
    "canPublish": True,
    "canSubscribe": True,
    "canPublishData": True,
    "canPublishSources": ["microphone", "screen_share"],
    "canUpdateOwnMetadata": False,
}
PEOPLE = [
    JoinIdentity("user_1", "Ada"),
    JoinIdentity("user_1-2", "Ada", metadata='{"team": "blue"}', attributes={"a": "1", "b": ""}),
    JoinIdentity("ann", 'Zo\u00eb \u5c71 \U0001f469\u200d\U0001f4bb "quoted"'),
    JoinIdentity("ann", "", metadata="", attributes={}),
]


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, SECRET, algorithms=["HS256"], issuer=KEY)


def by_livekit(who: JoinIdentity) -> str:
    token = api.AccessToken(KEY, SECRET).with_identity(who.identity).with_name(who.name)
    token = token.with_ttl(timedelta(minutes=10)).with_metadata(who.metadata or "")
    if who.attributes:
        token = token.with_attributes(who.attributes)
    grants = api.VideoGrants(
        room_join=True,
        room=ROOM,
        can_publish=True,
        can_subscribe=True,
        can_publish_data=True,
        can_publish_sources=["microphone", "screen_share"],
        can_update_own_metadata=False,
    )
    return token.with_grants(grants).to_jwt()


def test_a_token_grants_one_room_for_ten_minutes_and_nothing_else() -> None:
    before_s = int(time.time())

    claims = claims_of(JoinTokens(KEY, SECRET).mint(ROOM, JoinIdentity("user_1", "Ada")))

    assert before_s <= claims.pop("nbf") <= time.time()
    assert claims.pop("exp") - before_s in (600, 601)
    assert claims == {"iss": KEY, "sub": "user_1", "name": "Ada", "video": GRANTS}


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who.identity)
def test_the_claims_are_the_ones_that_the_sdk_writes(who: JoinIdentity) -> None:
    ours, theirs = claims_of(JoinTokens(KEY, SECRET).mint(ROOM, who)), claims_of(by_livekit(who))

    for moment in ("nbf", "exp"):
        assert abs(ours.pop(moment) - theirs.pop(moment)) <= 1
    assert ours == theirs


@pytest.mark.parametrize("who", PEOPLE[:2], ids=lambda who: who.identity)
def test_the_sdk_verifies_what_is_minted_here(who: JoinIdentity) -> None:
    token = JoinTokens(KEY, SECRET).mint(ROOM, who)

    verified = api.TokenVerifier(KEY, SECRET).verify(token)

    assert (verified.identity, verified.name, verified.video and verified.video.room) == (
        who.identity,
        who.name,
        ROOM,
    )
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}


def test_a_token_under_another_secret_is_no_token() -> None:
    token = JoinTokens(KEY, "another-secret-of-more-than-32-characters").mint(ROOM, PEOPLE[0])

    with pytest.raises(jwt.InvalidSignatureError):
        claims_of(token)
