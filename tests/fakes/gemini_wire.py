"""Gemini's wire: streamGenerateContent and generateContent, as google-genai 3.6 calls them."""

import json
import time

from aiohttp import web
from pydantic import JsonValue

from tests.fakes.script import Fault, FaultKind, Script, Seen, pieces_of, prompt_tokens
from tests.fakes.stream import IN_THE_MIDDLE, EventStream, broken, kind_of, paced, refusal, watched

GARBAGE = "data: {this is no JSON\n\n"
STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL"}


class GeminiWire:
    def __init__(self, script: Script, requests: list[Seen]) -> None:
        self._script = script
        self._requests = requests

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/{version:v1|v1beta}/models/{model}:streamGenerateContent", self.stream),
            web.post("/{version:v1|v1beta}/models/{model}:generateContent", self.whole),
            web.get("/v1beta/models", self.models),
        ]

    async def models(self, request: web.Request) -> web.Response:
        seen = self._note(request, Seen(wire="google", kind="models"))
        with watched(request, seen):
            return web.json_response({"models": [{"name": "models/gemini-3.5-flash-lite"}]})
        return broken()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        seen = await self._read(request)
        fault = self._script.take_fault("google", "chat", seen.model)
        kind = kind_of(fault)
        with watched(request, seen):
            answer = self._refuse(kind) or refusal(fault, error_body)
            if answer is not None:
                return answer
            pieces = [] if kind == "empty" else pieces_of(self._script.next_answer(seen.question, seen.model))
            stream = EventStream()
            if kind == "filtered":
                await stream.open(request)
                await stream.send({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
            elif not await stream.open_faulty(request, kind, GARBAGE):
                await self._stream(stream, seen, pieces, fault)
            return stream.response
        return broken()

    async def _stream(self, stream: EventStream, seen: Seen, pieces: list[str], fault: Fault | None) -> None:
        """The last piece comes with the finish reason, as Gemini's does."""
        kind, finish, count = kind_of(fault), "STOP", 0
        parts: list[JsonValue] = self._tool_parts(seen)
        if parts:
            pieces = []
        if pieces and kind not in IN_THE_MIDDLE:
            parts = [{"text": pieces[-1]}]
        early = pieces[:-1] if parts else pieces
        async for piece in paced(early, seen, self._script.latencies, fault):
            count += 1
            await stream.send(self._chunk(seen, [{"text": piece}], count, kind=kind))
        match kind:
            case "stop_short":
                return
            case "garbage_later":
                await stream.send_raw(GARBAGE)
                return
            case "error_event":
                await stream.send(error_body(500, "An internal error has occurred"))
                return
            case "filtered_later":
                finish = "SAFETY"
            case "too_long":
                finish = "MAX_TOKENS"
        await stream.send(self._chunk(seen, parts, len(pieces), finish=finish, kind=kind))
        seen.first_s = seen.first_s or time.monotonic()

    def _tool_parts(self, seen: Seen) -> list[JsonValue]:
        """Calls of tools that are offered; Gemini writes their arguments as values."""
        if not seen.body.get("tools"):
            return []
        uses = self._script.tools_for(seen.question, seen.model)
        return [{"functionCall": {"name": use.name, "args": json.loads(use.written)}} for use in uses]

    async def whole(self, request: web.Request) -> web.StreamResponse:
        seen = await self._read(request)
        with watched(request, seen):
            pieces = pieces_of(self._script.next_answer(seen.question, seen.model))
            async for _ in paced(pieces, seen, self._script.latencies, None):
                pass
            parts: list[JsonValue] = [{"text": "".join(pieces)}]
            return web.json_response(self._chunk(seen, parts, len(pieces), finish="STOP"))
        return broken()

    def _refuse(self, kind: FaultKind | None) -> web.Response | None:
        """A bad key is a 400 here, as with Google; a day's quota a 429, as is a minute's."""
        if kind == "unauthorized":
            message = "API key not valid. Please pass a valid API key."
            return web.json_response(error_body(400, message), status=400)
        if kind == "quota":
            violation: JsonValue = {"quotaId": "GenerateRequestsPerDayPerProjectPerModel"}
            body = error_body(429, "You exceeded your current quota")
            return web.json_response(_detailed(body, "QuotaFailure", {"violations": [violation]}), status=429)
        return None

    def _chunk(
        self,
        seen: Seen,
        parts: list[JsonValue],
        output: int,
        *,
        finish: str | None = None,
        kind: FaultKind | None = None,
    ) -> dict[str, JsonValue]:
        prompt = prompt_tokens(_text_chars(seen.body), seen.images)
        usage: dict[str, JsonValue] = {
            "promptTokenCount": prompt,
            "candidatesTokenCount": output,
            "totalTokenCount": prompt + output,
        }
        if self._script.cached_tokens:
            usage["cachedContentTokenCount"] = min(self._script.cached_tokens, prompt)
        if kind == "wrong_usage":
            usage = {"promptTokenCount": -7, "candidatesTokenCount": 2**31 - 1, "totalTokenCount": -1}
        candidate: dict[str, JsonValue] = {"index": 0, "content": {"role": "model", "parts": parts}}
        if finish is not None:
            candidate["finishReason"] = finish
        chunk: dict[str, JsonValue] = {"candidates": [candidate], "modelVersion": seen.model}
        return chunk if kind == "no_usage" else {**chunk, "usageMetadata": usage}

    async def _read(self, request: web.Request) -> Seen:
        body: dict[str, JsonValue] = await request.json()
        question, images = "", 0
        contents = body.get("contents")
        for content in contents if isinstance(contents, list) else []:
            texts = []
            for part in _parts(content):
                images += 1 if "inlineData" in part else 0
                texts.append(str(part.get("text", "")))
            if isinstance(content, dict) and content.get("role") == "user":
                question = "\n".join(text for text in texts if text)
        model = request.match_info["model"]
        seen = Seen(wire="google", kind="chat", model=model, question=question, images=images, body=body)
        return self._note(request, seen)

    def _note(self, request: web.Request, seen: Seen) -> Seen:
        seen.key = request.headers.get("x-goog-api-key", "")
        seen.at_s = time.monotonic()
        self._requests.append(seen)
        return seen


def error_body(status: int, message: str) -> dict[str, JsonValue]:
    return {"error": {"code": status, "message": message, "status": STATUS.get(status, "UNKNOWN")}}


def _detailed(body: dict[str, JsonValue], detail: str, fields: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """With a detail in Google's form."""
    error = body["error"]
    listed: JsonValue = [{"@type": f"type.googleapis.com/google.rpc.{detail}", **fields}]
    return {"error": {**error, "details": listed} if isinstance(error, dict) else error}


def _parts(content: JsonValue) -> list[dict[str, JsonValue]]:
    parts = content.get("parts") if isinstance(content, dict) else None
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _text_chars(body: dict[str, JsonValue]) -> int:
    contents = body.get("contents")
    everything = [*(contents if isinstance(contents, list) else []), body.get("systemInstruction")]
    return sum(len(str(part.get("text", ""))) for content in everything for part in _parts(content))
