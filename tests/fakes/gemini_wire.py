"""Gemini's wire: streamGenerateContent and generateContent, as google-genai 3.6 calls them."""

import time

from aiohttp import web
from pydantic import JsonValue

from tests.fakes.script import Script, Seen, pieces_of, prompt_tokens
from tests.fakes.stream import EventStream, broken, hang, paced, refusal, watched

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
        with watched(request, seen):
            answer = self._refuse(fault == "unauthorized") or refusal(fault, error_body)
            if answer is not None:
                return answer
            if fault == "hang":
                await hang()
            pieces = [] if fault == "empty" else pieces_of(self._script.next_answer(seen.question))
            stream = EventStream()
            await stream.open(request)
            if fault == "garbage":
                await stream.send_raw("data: {this is no JSON\n\n")
                return stream.response
            count = 0
            async for piece in paced(pieces, seen, self._script.latencies, fault):
                count += 1
                await stream.send(self._chunk(seen, piece, count, last=count == len(pieces)))
            if not pieces:
                await stream.send(self._chunk(seen, "", 0, last=True))
            return stream.response
        return broken()

    async def whole(self, request: web.Request) -> web.StreamResponse:
        seen = await self._read(request)
        with watched(request, seen):
            pieces = pieces_of(self._script.next_answer(seen.question))
            async for _ in paced(pieces, seen, self._script.latencies, None):
                pass
            return web.json_response(self._chunk(seen, "".join(pieces), len(pieces), last=True))
        return broken()

    def _refuse(self, bad_key: bool) -> web.Response | None:
        """A bad key is a 400 here, as with Google."""
        if not bad_key:
            return None
        message = "API key not valid. Please pass a valid API key."
        return web.json_response(error_body(400, message), status=400)

    def _chunk(self, seen: Seen, text: str, output: int, *, last: bool) -> dict[str, JsonValue]:
        prompt = prompt_tokens(_text_chars(seen.body), seen.images)
        usage: dict[str, JsonValue] = {
            "promptTokenCount": prompt,
            "candidatesTokenCount": output,
            "totalTokenCount": prompt + output,
        }
        if self._script.cached_tokens:
            usage["cachedContentTokenCount"] = min(self._script.cached_tokens, prompt)
        parts: JsonValue = [{"text": text}] if text else []
        candidate: dict[str, JsonValue] = {"index": 0, "content": {"role": "model", "parts": parts}}
        if last:
            candidate["finishReason"] = "STOP"
        return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": seen.model}

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


def _parts(content: JsonValue) -> list[dict[str, JsonValue]]:
    parts = content.get("parts") if isinstance(content, dict) else None
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _text_chars(body: dict[str, JsonValue]) -> int:
    contents = body.get("contents")
    everything = [*(contents if isinstance(contents, list) else []), body.get("systemInstruction")]
    return sum(len(str(part.get("text", ""))) for content in everything for part in _parts(content))
