"""Anthropic's wire: streamed messages, as anthropic 1.17 calls them.

Parameters that the named models refuse are refused here as well.
"""

from aiohttp import web
from pydantic import JsonValue

from tests.fakes.script import Script, Seen, pieces_of, prompt_tokens
from tests.fakes.stream import EventStream, broken, hang, paced, refusal, watched

ERROR_TYPES = {400: "invalid_request_error", 401: "authentication_error", 429: "rate_limit_error"}
FIRST_OUTPUT_TOKENS = 1
"""What message_start claims to have been written already; message_delta counts from the start again."""


class AnthropicWire:
    def __init__(self, script: Script, requests: list[Seen]) -> None:
        self._script = script
        self._requests = requests

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v1/messages", self.messages)]

    async def messages(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, JsonValue] = await request.json()
        seen = _seen(body)
        seen.key = request.headers.get("x-api-key", "")
        self._requests.append(seen)
        fault = self._script.take_fault("anthropic", "chat", seen.model)
        with watched(request, seen):
            answer = refusal(fault, error_body) or _refuse_parameters(seen.model, body)
            if answer is not None:
                return answer
            if fault == "hang":
                await hang()
            pieces = [] if fault == "empty" else pieces_of(self._script.next_answer(seen.question))
            stream = EventStream()
            await stream.open(request)
            if fault == "garbage":
                await stream.send_raw("event: message_start\ndata: {this is no JSON\n\n")
                return stream.response
            await self._send_start(stream, seen)
            async for piece in paced(pieces, seen, self._script.latencies, fault):
                delta: JsonValue = {"type": "text_delta", "text": piece}
                await _send(stream, "content_block_delta", {"index": 0, "delta": delta})
            await _send(stream, "content_block_stop", {"index": 0})
            ended: JsonValue = {"stop_reason": "end_turn", "stop_sequence": None}
            usage: JsonValue = {"output_tokens": len(pieces)}
            await _send(stream, "message_delta", {"delta": ended, "usage": usage})
            await _send(stream, "message_stop", {})
            return stream.response
        return broken()

    async def _send_start(self, stream: EventStream, seen: Seen) -> None:
        prompt = prompt_tokens(_text_chars(seen.body), seen.images)
        cached = min(self._script.cached_tokens, prompt)
        usage: JsonValue = {
            "input_tokens": prompt - cached,
            "cache_read_input_tokens": cached,
            "cache_creation_input_tokens": 0,
            "output_tokens": FIRST_OUTPUT_TOKENS,
        }
        head: dict[str, JsonValue] = {"id": "msg_fake", "type": "message", "role": "assistant"}
        rest: dict[str, JsonValue] = {"content": [], "stop_reason": None, "stop_sequence": None}
        message: JsonValue = {**head, "model": seen.model, **rest, "usage": usage}
        await _send(stream, "message_start", {"message": message})
        block: JsonValue = {"type": "text", "text": ""}
        await _send(stream, "content_block_start", {"index": 0, "content_block": block})
        await _send(stream, "ping", {})


async def _send(stream: EventStream, event: str, data: dict[str, JsonValue]) -> None:
    await stream.send({"type": event, **data}, event=event)


def error_body(status: int, message: str) -> dict[str, JsonValue]:
    kind = ERROR_TYPES.get(status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_fake"}


def _refuse_parameters(model: str, body: dict[str, JsonValue]) -> web.Response | None:
    """Source: the migration guides of Claude 5.5, read 2026-11-24."""
    if "5-5" not in model:
        return None
    thinking = body.get("thinking")
    mode = thinking.get("type") if isinstance(thinking, dict) else "adaptive"
    allowed = {"adaptive", "between_tools" if "sonnet" in model else "disabled"}
    wrong: list[str] = [name for name in ("temperature", "top_p", "top_k") if name in body]
    if mode not in allowed:
        wrong.append(f"thinking {mode}")
    if _last_role(body) == "assistant":
        wrong.append("a last message of the assistant")
    if not wrong:
        return None
    return web.json_response(error_body(400, f"{model} does not take {', '.join(wrong)}"), status=400)


def _messages(body: dict[str, JsonValue]) -> list[dict[str, JsonValue]]:
    messages = body.get("messages")
    return [m for m in messages if isinstance(m, dict)] if isinstance(messages, list) else []


def _last_role(body: dict[str, JsonValue]) -> JsonValue:
    messages = _messages(body)
    return messages[-1].get("role") if messages else None


def _blocks(content: JsonValue) -> list[dict[str, JsonValue]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []


def _seen(body: dict[str, JsonValue]) -> Seen:
    question, images = "", 0
    for message in _messages(body):
        blocks = _blocks(message.get("content"))
        images += sum(block.get("type") == "image" for block in blocks)
        if message.get("role") == "user":
            question = "\n".join(str(block["text"]) for block in blocks if "text" in block)
    return Seen(
        wire="anthropic",
        kind="chat",
        model=str(body.get("model", "")),
        question=question,
        images=images,
        body=body,
    )


def _text_chars(body: dict[str, JsonValue]) -> int:
    contents = [*(message.get("content") for message in _messages(body)), body.get("system")]
    return sum(len(str(block.get("text", ""))) for content in contents for block in _blocks(content))
