"""LiveKit's webhooks: someone joined (show them out or send an agent, at once), someone left (note it).

An event is believed when its token is signed by our LiveKit key pair and carries the hash of exactly the
bytes that arrived. LiveKit repeats an event until it is answered with 2xx, so each id is taken once;
one that could not be handled is forgotten again, so that its repetition is. Events may be lost or come
in any order: the watch sees to agents that are missing, and nobody who was removed is given a new token.
"""

import base64
import binascii
import hashlib
import hmac
import logging
from typing import Final

import jwt
from aiohttp import web
from google.protobuf.json_format import Parse, ParseError
from livekit import api
from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent.errors import NotAuthenticated
from agent.settings import LiveKitSettings
from control.attendance import Attendance
from control.dispatch import Dispatcher
from control.endpoints import read_body
from control.media import HUMAN_KINDS, MediaServer
from control.removals import Removals

logger = logging.getLogger(__name__)

BODY_BYTES: Final = 256 * 1024
REMEMBER_S: Final = 3600
"""Longer than LiveKit's tokens live (5 minutes), so that a replay is either too old or known."""


class Webhooks:
    def __init__(
        self,
        redis: Redis,
        dispatcher: Dispatcher,
        attendance: Attendance,
        removals: Removals,
        media: MediaServer,
        livekit: LiveKitSettings,
    ) -> None:
        self._redis = redis
        self._dispatcher = dispatcher
        self._attendance = attendance
        self._removals = removals
        self._media = media
        self._livekit = livekit

    async def receive(self, request: web.Request) -> web.Response:
        """Raises: NotAuthenticated; Unavailable (LiveKit will try again)."""
        raw = await read_body(request, BODY_BYTES)
        event = self._verify(raw, request.headers.get("Authorization", ""))
        if await self._is_new(event.id):
            try:
                await self._handle(event)
            except BaseException:
                await self._forget(event.id)
                raise
        return web.Response(status=200)

    def _verify(self, raw: bytes, authorization: str) -> api.WebhookEvent:
        """Raises: NotAuthenticated; aiohttp's 400 for a signed body that is no event."""
        try:
            claims = jwt.decode(
                authorization.removeprefix("Bearer ").strip(),
                self._livekit.api_secret,
                algorithms=["HS256"],
                issuer=self._livekit.api_key,
                options={"require": ["exp", "iss", "sha256"]},
            )
            signed_hash = base64.b64decode(claims["sha256"], validate=True)
        except (jwt.InvalidTokenError, binascii.Error, TypeError, ValueError) as error:
            raise NotAuthenticated("the webhook is not signed with this server's LiveKit key") from error
        if not hmac.compare_digest(signed_hash, hashlib.sha256(raw).digest()):
            raise NotAuthenticated("the webhook's body is not the one that was signed")
        try:
            event = Parse(raw, api.WebhookEvent(), ignore_unknown_fields=True)
        except (ParseError, UnicodeDecodeError) as error:
            raise web.HTTPBadRequest(text="the body is not a webhook event") from error
        if not event.event or not event.id:
            raise web.HTTPBadRequest(text="the body is not a webhook event: it needs `event` and `id`")
        return event

    async def _handle(self, event: api.WebhookEvent) -> None:
        person = event.participant
        match event.event:
            case "participant_joined":
                if person.kind in HUMAN_KINDS:
                    if await self._removals.turn_away(event.room.name, person.identity):
                        return
                    await self._dispatcher.attend(event.room.name, human_joined=True)
                await self._attendance.note_arrival(event.room.name, person)
            case "participant_left" | "participant_connection_aborted":
                await self._attendance.note_leaving(event.room.name, person.identity)
                if person.kind == api.ParticipantInfo.Kind.AGENT:
                    # People may be left without their agent.
                    await self._dispatcher.attend(event.room.name)
            case "room_finished":
                self._media.forget_room(event.room.name)
                await self._attendance.note_leaving(event.room.name, None)
            case _:
                pass

    async def _is_new(self, event_id: str) -> bool:
        """Whether this event was not taken before; unknown counts as new, for handling is idempotent."""
        try:
            return bool(await self._redis.set(_key(event_id), "1", nx=True, ex=REMEMBER_S))
        except RedisError as error:
            logger.warning("webhook not deduplicated", extra={"error": type(error).__name__})
            return True

    async def _forget(self, event_id: str) -> None:
        try:
            await self._redis.delete(_key(event_id))
        except RedisError as error:
            logger.warning("webhook not forgotten", extra={"error": type(error).__name__})


def _key(event_id: str) -> str:
    return f"parley:webhook:{event_id}"
