"""OpenAI's wire: chat completions, transcription, speech and the list of models.

Forms as livekit-plugins-openai 1.8.9 asks for them. Parameters that the named models refuse are refused
here as well, so that a wrong request does not look right.
"""

import base64
import io
import time
import uuid
import wave

from aiohttp import web
from pydantic import JsonValue

from tests.fakes.audio import SAMPLE_RATE_HZ, tone_pcm
from tests.fakes.script import (
    Fault,
    FaultKind,
    Latencies,
    Script,
    Seen,
    ToolUse,
    pieces_of,
    prompt_tokens,
)
from tests.fakes.stream import Cut, EventStream, broken, hang, kind_of, paced, refusal, until, watched

CHUNK_S = 0.1
GARBAGE = "data: {this is no JSON\n\n"
SAMPLING = ("temperature", "top_p", "top_logprobs")
LEAST_EFFORT = {"gpt-6.1-sol": "low", "gpt-6-luna": "none"}


class OpenAIWire:
    def __init__(self, script: Script, requests: list[Seen]) -> None:
        self._script = script
        self._requests = requests

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/chat/completions", self.chat),
            web.post("/v1/audio/transcriptions", self.transcribe),
            web.post("/v1/audio/speech", self.speak),
            web.get("/v1/models", self.models),
        ]

    async def models(self, request: web.Request) -> web.Response:
        seen = self._note(request, Seen(wire="openai", kind="models"))
        with watched(request, seen):
            listed = [{"id": name, "object": "model", "created": 0} for name in self._script.models]
            return web.json_response({"object": "list", "data": listed})
        return broken()

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, JsonValue] = await request.json()
        seen = self._note(request, _seen_chat(body))
        fault = self._script.take_fault("openai", "chat", seen.model)
        with watched(request, seen):
            answer = refusal(fault, error_body) or _refuse(kind_of(fault))
            answer = answer or _refuse_parameters(seen.model, body)
            if answer is not None:
                return answer
            stream = EventStream()
            if body.get("stream") and await stream.open_faulty(request, kind_of(fault), GARBAGE):
                return stream.response
            uses = self._tools_wanted(seen)
            if uses:
                return await self._call_tools(stream, seen, uses)
            answer_text = self._script.next_answer(seen.question, seen.model)
            answer_text = answer_text.replace("{tool}", _said_by_tools(body))
            pieces = [] if kind_of(fault) == "empty" else pieces_of(answer_text)
            if not body.get("stream"):
                return await self._whole(seen, "".join(pieces), self._usage(seen, len(pieces)))
            await self._stream(stream, seen, pieces, fault)
            return stream.response
        return broken()

    async def _stream(self, stream: EventStream, seen: Seen, pieces: list[str], fault: Fault | None) -> None:
        finish, usage = "stop", self._usage(seen, len(pieces))
        async for piece in paced(pieces, seen, self._script.latencies, fault):
            await stream.send(_chunk(seen.model, {"role": "assistant", "content": piece}))
        match kind_of(fault):
            case "stop_short":
                return
            case "garbage_later":
                await stream.send_raw(GARBAGE)
                return
            case "error_event":
                await stream.send(error_body(500, "The server had an error"))
                return
            case "filtered_later":
                finish = "content_filter"
            case "too_long":
                finish = "length"
            case "wrong_usage":
                usage = {"prompt_tokens": -7, "completion_tokens": 10**30, "total_tokens": -1}
        await stream.send(_chunk(seen.model, {}, finish=finish))
        if _wants_usage(seen.body) and kind_of(fault) != "no_usage":
            await stream.send({**_chunk(seen.model, {}), "choices": [], "usage": usage})
        await stream.send_raw("data: [DONE]\n\n")

    def _tools_wanted(self, seen: Seen) -> list[ToolUse]:
        """Those of the script that are offered, unless their results are there already."""
        if _last_role(seen.body) == "tool":
            return []
        offered = _tools_offered(seen.body)
        return [use for use in self._script.tools_for(seen.question, seen.model) if use.name in offered]

    async def _call_tools(self, stream: EventStream, seen: Seen, uses: list[ToolUse]) -> web.StreamResponse:
        """Each call in two pieces, its arguments cut in two, as OpenAI streams them."""
        await until(seen.at_s + self._script.latencies.first_token_s)
        seen.first_s = time.monotonic()
        for index, use in enumerate(uses):
            half = len(use.written) // 2
            function: JsonValue = {"name": use.name, "arguments": use.written[:half]}
            call: JsonValue = {
                "index": index,
                "id": use.call_id or f"call_{uuid.uuid4().hex[:12]}",
                "type": "function",
                "function": function,
            }
            await stream.send(_chunk(seen.model, {"role": "assistant", "tool_calls": [call]}))
            rest: JsonValue = {"index": index, "function": {"arguments": use.written[half:]}}
            await stream.send(_chunk(seen.model, {"tool_calls": [rest]}))
        await stream.send(_chunk(seen.model, {}, finish="tool_calls"))
        if _wants_usage(seen.body):
            usage = self._usage(seen, 8 * len(uses))
            await stream.send({**_chunk(seen.model, {}), "choices": [], "usage": usage})
        await stream.send_raw("data: [DONE]\n\n")
        return stream.response

    async def transcribe(self, request: web.Request) -> web.StreamResponse:
        fields, audio = await _read_form(request)
        model = fields.get("model", "")
        seen = Seen(wire="openai", kind="stt", model=model, audio_s=_seconds(audio), body={**fields})
        self._note(request, seen)
        fault = self._script.take_fault("openai", "stt", model)
        kind = kind_of(fault)
        with watched(request, seen):
            answer = refusal(fault, error_body)
            if answer is not None:
                return answer
            if kind == "hang":
                await hang()
            await until(seen.at_s + self._script.latencies.stt_s)
            if kind == "cut":
                raise Cut
            if kind == "garbage":
                return web.Response(text="<html>", content_type="application/json")
            seen.first_s = time.monotonic()
            text = "" if kind == "empty" else self._script.next_transcript()
            usage = {"type": "duration", "seconds": round(seen.audio_s)}
            return web.json_response({"text": text, "usage": usage})
        return broken()

    async def speak(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, JsonValue] = await request.json()
        model, text = str(body.get("model", "")), str(body.get("input", ""))
        seen = self._note(request, Seen(wire="openai", kind="tts", model=model, question=text, body=body))
        fault = self._script.take_fault("openai", "tts", model)
        kind = kind_of(fault)
        with watched(request, seen):
            answer = refusal(fault, error_body)
            if answer is not None:
                return answer
            if kind == "hang":
                await hang()
            latencies = self._script.latencies
            duration_s = 0.0 if kind == "empty" else len(text) * latencies.audio_s_per_character
            # A client that did not ask for PCM gets it raw and labelled, as compatible servers do.
            if body.get("stream_format") == "sse" and body.get("response_format") == "pcm":
                return await self._speak_events(request, seen, duration_s, latencies, cut=kind == "cut")
            return await self._speak_raw(request, seen, duration_s, latencies, cut=kind == "cut")
        return broken()

    async def _speak_events(
        self, request: web.Request, seen: Seen, duration_s: float, latencies: Latencies, *, cut: bool
    ) -> web.StreamResponse:
        stream = EventStream()
        await stream.open(request)
        sent_s = 0.0
        while sent_s < duration_s:
            if cut and sent_s > 0:
                raise Cut
            await until(_speech_time(seen, sent_s, latencies))
            audio = base64.b64encode(tone_pcm(min(CHUNK_S, duration_s - sent_s))).decode()
            await stream.send({"type": "speech.audio.delta", "audio": audio})
            seen.first_s = seen.first_s or time.monotonic()
            sent_s += CHUNK_S
        tokens = {"input_tokens": len(seen.question) // 4, "output_tokens": round(duration_s * 20)}
        usage: JsonValue = {**tokens, "total_tokens": sum(tokens.values())}
        await stream.send({"type": "speech.audio.done", "usage": usage})
        return stream.response

    async def _speak_raw(
        self, request: web.Request, seen: Seen, duration_s: float, latencies: Latencies, *, cut: bool
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
        await response.prepare(request)
        sent_s = 0.0
        while sent_s < duration_s:
            if cut and sent_s > 0:
                raise Cut
            await until(_speech_time(seen, sent_s, latencies))
            await response.write(tone_pcm(min(CHUNK_S, duration_s - sent_s)))
            seen.first_s = seen.first_s or time.monotonic()
            sent_s += CHUNK_S
        return response

    async def _whole(self, seen: Seen, text: str, usage: JsonValue) -> web.Response:
        latencies = self._script.latencies
        await until(seen.at_s + latencies.first_token_s + latencies.token_s * len(pieces_of(text)))
        seen.first_s = time.monotonic()
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        head = {"id": "chatcmpl-fake", "object": "chat.completion", "created": int(time.time())}
        return web.json_response({**head, "model": seen.model, "choices": [choice], "usage": usage})

    def _usage(self, seen: Seen, output: int) -> JsonValue:
        prompt = prompt_tokens(_text_chars(seen.body), seen.images)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": output,
            "total_tokens": prompt + output,
            "prompt_tokens_details": {"cached_tokens": min(self._script.cached_tokens, prompt)},
            "completion_tokens_details": {"reasoning_tokens": 0},
        }

    def _note(self, request: web.Request, seen: Seen) -> Seen:
        seen.key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self._requests.append(seen)
        return seen


def error_body(status: int, message: str) -> dict[str, JsonValue]:
    return {"error": {"message": message, "type": "fake_error", "code": str(status), "param": None}}


def _refuse_parameters(model: str, body: dict[str, JsonValue]) -> web.Response | None:
    """Source: OpenAI's deployment checklist, read 2026-11-24."""
    least = LEAST_EFFORT.get(model)
    if least is None:
        return None
    effort = body.get("reasoning_effort", "medium")
    wrong = [name for name in SAMPLING if name in body and effort != "none"]
    if effort == "none" and least != "none":
        wrong.append("reasoning_effort")
    if body.get("tools") and effort != "none":
        wrong.append("tools")
    if not wrong:
        return None
    return web.json_response(error_body(400, f"{model} does not take {', '.join(wrong)}"), status=400)


def _seen_chat(body: dict[str, JsonValue]) -> Seen:
    question, images = "", 0
    messages = body.get("messages")
    for message in messages if isinstance(messages, list) else []:
        if not isinstance(message, dict):
            continue
        texts = []
        content = message.get("content")
        for part in content if isinstance(content, list) else [content]:
            if isinstance(part, str):
                texts.append(part)
            elif isinstance(part, dict) and part.get("type") == "image_url":
                images += 1
            elif isinstance(part, dict):
                texts.append(str(part.get("text", "")))
        if message.get("role") == "user":
            question = "\n".join(texts)
    return Seen(
        wire="openai",
        kind="chat",
        model=str(body.get("model", "")),
        question=question,
        images=images,
        body=body,
    )


def _last_role(body: dict[str, JsonValue]) -> str:
    messages = body.get("messages")
    last = messages[-1] if isinstance(messages, list) and messages else None
    return str(last.get("role")) if isinstance(last, dict) else ""


def _tools_offered(body: dict[str, JsonValue]) -> set[str]:
    tools = body.get("tools")
    functions = [
        tool.get("function") for tool in (tools if isinstance(tools, list) else []) if isinstance(tool, dict)
    ]
    return {str(function.get("name")) for function in functions if isinstance(function, dict)}


def _said_by_tools(body: dict[str, JsonValue]) -> str:
    """What the last message of a tool says."""
    messages = body.get("messages")
    said = [
        str(message.get("content"))
        for message in (messages if isinstance(messages, list) else [])
        if isinstance(message, dict) and message.get("role") == "tool"
    ]
    return said[-1] if said else ""


def _refuse(kind: FaultKind | None) -> web.Response | None:
    """As OpenAI refuses for want of quota, and Azure a filtered question; not taken from a live answer."""
    if kind == "quota":
        body = error_body(429, "You exceeded your current quota, please check your plan and billing details")
        return web.json_response(_coded(body, "insufficient_quota"), status=429)
    if kind == "filtered":
        body = error_body(400, "The response was filtered due to the prompt")
        return web.json_response(_coded(body, "content_filter"), status=400)
    return None


def _coded(body: dict[str, JsonValue], code: str) -> dict[str, JsonValue]:
    error = body["error"]
    return {"error": {**error, "code": code, "type": code} if isinstance(error, dict) else error}


def _text_chars(body: dict[str, JsonValue]) -> int:
    """All text of the messages, without the images."""
    messages = body.get("messages")
    total = 0
    for message in messages if isinstance(messages, list) else []:
        content = message.get("content") if isinstance(message, dict) else None
        for part in content if isinstance(content, list) else [content]:
            text = part.get("text", "") if isinstance(part, dict) else part
            total += len(text) if isinstance(text, str) else 0
    return total


def _chunk(model: str, delta: JsonValue, finish: str | None = None) -> dict[str, JsonValue]:
    choice: JsonValue = {"index": 0, "delta": delta, "finish_reason": finish}
    head: dict[str, JsonValue] = {"id": "chatcmpl-fake", "object": "chat.completion.chunk", "created": 0}
    return {**head, "model": model, "choices": [choice]}


def _wants_usage(body: dict[str, JsonValue]) -> bool:
    options = body.get("stream_options")
    return isinstance(options, dict) and bool(options.get("include_usage"))


def _speech_time(seen: Seen, sent_s: float, latencies: Latencies) -> float:
    return seen.at_s + latencies.tts_first_byte_s + sent_s / latencies.audio_pace


async def _read_form(request: web.Request) -> tuple[dict[str, str], bytes]:
    fields: dict[str, str] = {}
    audio = b""
    form = await request.post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            with value.file as file:
                audio = file.read()
        elif isinstance(value, str):
            fields[name] = value
    return fields, audio


def _seconds(audio: bytes) -> float:
    """The length of a WAV file; raw PCM counts as 16-bit at the speech rate."""
    try:
        with wave.open(io.BytesIO(audio)) as file:
            frames, rate_hz = int(file.getnframes()), int(file.getframerate())
    except (wave.Error, EOFError):
        return len(audio) / 2 / SAMPLE_RATE_HZ
    return frames / rate_hz
