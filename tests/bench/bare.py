"""The reference: a livekit-agents worker as its documentation starts one, every default untouched.

It uses the same fake providers through the same plugins. `python -m tests.bench.bare` with LIVEKIT_URL,
LIVEKIT_API_KEY, LIVEKIT_API_SECRET and OPENAI_BASE_URL set.
"""

import asyncio
import os

from livekit.agents import Agent, AgentServer, AgentSession, JobContext
from livekit.plugins import openai

AGENT_NAME = "bare"


async def serve_room(ctx: JobContext) -> None:
    base_url = os.environ["OPENAI_BASE_URL"]
    session: AgentSession[None] = AgentSession(
        stt=openai.STT(
            base_url=base_url, api_key="bench", model="gpt-4o-mini-transcribe", use_realtime=False
        ),
        llm=openai.LLM(base_url=base_url, api_key="bench", model="gpt-4o-mini"),
        tts=openai.TTS(base_url=base_url, api_key="bench", model="gpt-4o-mini-tts", response_format="pcm"),
    )
    await session.start(agent=Agent(instructions="You are a helpful assistant."), room=ctx.room, record=False)


def main() -> None:
    # Only what has nothing to do with a turn: the address, warm processes, no refusal by the host's load.
    server = AgentServer(host="127.0.0.1", port=0, num_idle_processes=2, load_threshold=float("inf"))
    server.load_fnc = lambda: 0.0
    server.rtc_session(serve_room, agent_name=AGENT_NAME)
    asyncio.run(server.run())


if __name__ == "__main__":
    # Job processes find the entry point by its module's name, which `__main__` is not.
    from tests.bench.bare import main as run

    run()
