"""Anthropic's wire: streamed messages, as anthropic 1.17 calls them.

Parameters that the named models refuse are refused here as well.
"""

from aiohttp import web
from pydantic import JsonValue

from tests.fakes.script import Fault, FaultKind, Script, Seen, ToolUse, pieces_of, prompt_tokens
from tests.fakes.stream import EventStream, broken, kind_of, paced, refusal, watched

ERROR_TYPES = {400: "invalid_request_error", 401: "authentication_error", 429: "rate_limit_error"}
GARBAGE = "event: message_start\ndata: {this is no JSON\n\n"
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
        kind = kind_of(fault)
        with watched(request, seen):
            answer = refusal(fault, error_body) or _refuse(kind) or _refuse_parameters(seen.model, body)
            if answer is not None:
                return answer
            silent = kind in ("empty", "filtered")
            pieces = [] if silent else pieces_of(self._script.next_answer(seen.question, seen.model))
            stream = EventStream()
            if not await stream.open_faulty(request, kind, GARBAGE):
                await self._stream(stream, seen, pieces, fault)
            return stream.response
        return broken()

    async def _stream(self, stream: EventStream, seen: Seen, pieces: list[str], fault: Fault | None) -> None:
        kind, stop = kind_of(fault), "end_turn"
        uses = self._script.tools_for(seen.question, seen.model) if seen.body.get("tools") else []
        await self._send_start(stream, seen, kind)
        async for piece in paced([] if uses else pieces, seen, self._script.latencies, fault):
            delta: JsonValue = {"type": "text_delta", "text": piece}
            await _send(stream, "content_block_delta", {"index": 0, "delta": delta})
        match kind:
            case "stop_short":
                return
            case "garbage_later":
                await stream.send_raw(GARBAGE)
                return
            case "error_event":
                overloaded: JsonValue = {"type": "overloaded_error", "message": "Overloaded"}
                await _send(stream, "error", {"error": overloaded})
                return
            case "filtered" | "filtered_later":
                stop = "refusal"
            case "too_long":
                stop = "max_tokens"
        await _send(stream, "content_block_stop", {"index": 0})
        for index, use in enumerate(uses, 1):
            stop = "tool_use"
            await _send_use(stream, index, use)
        ended: JsonValue = {"stop_reason": stop, "stop_sequence": None}
        usage: JsonValue = {"output_tokens": -3 if kind == "wrong_usage" else len(pieces)}
        await _send(stream, "message_delta", {"delta": ended, "usage": usage})
        await _send(stream, "message_stop", {})

    async def _send_start(self, stream: EventStream, seen: Seen, kind: FaultKind | None) -> None:
        prompt = prompt_tokens(_text_chars(seen.body), seen.images)
        cached = min(self._script.cached_tokens, prompt)
        if kind in ("no_usage", "wrong_usage"):
            prompt, cached = 0 if kind == "no_usage" else -7, 0
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


async def _send_use(stream: EventStream, index: int, use: ToolUse) -> None:
    """A tool call as a block of its own, its arguments cut in two."""
    block: JsonValue = {"type": "tool_use", "id": f"toolu_{index}", "name": use.name, "input": {}}
    await _send(stream, "content_block_start", {"index": index, "content_block": block})
    half = len(use.written) // 2
    for part in (use.written[:half], use.written[half:]):
        delta: JsonValue = {"type": "input_json_delta", "partial_json": part}
        await _send(stream, "content_block_delta", {"index": index, "delta": delta})
    await _send(stream, "content_block_stop", {"index": index})


def _refuse(kind: FaultKind | None) -> web.Response | None:
    """An empty account is a 400; not taken from a live answer."""
    if kind != "quota":
        return None
    message = "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."
    return web.json_response(error_body(400, message), status=400)


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
