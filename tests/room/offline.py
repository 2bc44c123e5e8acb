"""A whole conversation on a machine without a network: a program for a network namespace of its own.

`unshare --net python -m tests.room.offline FOLDER` brings the loopback interface up, starts the stack,
talks, types and shows a screen, and prints what came back as one JSON line.
"""

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path

from tests.fixtures.meeting import Meeting, said, texts
from tests.fixtures.stack import Stack, start_stack
from tests.room.test_screen import screen_with

ELSEWHERE = ("192.0.2.1", 443)
"""An address of documentation (RFC 5737): nobody is there, and here there is not even a way to it."""

INTERFACES = (
    "link set lo up",
    # WebRTC wants one live interface besides the loopback; the other end of this one leads nowhere.
    "link add stub type veth peer name nowhere",
    "addr add 192.0.2.10/32 dev stub",
    "link set stub up",
    "link set nowhere up",
)


def bring_interfaces_up() -> None:
    for words in INTERFACES:
        subprocess.run(["ip", *words.split()], check=True)


def is_cut_off() -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return True
    return False


async def converse(stack: Stack) -> dict[str, object]:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted(60)
        ended_s = await ann.say(said("What is the refund period?"))
        await ann.audible_after(ended_s)
        await ann.wait_until_quiet()
        await ann.type("When is support open?")
        await meeting.wait_for_turns(lambda turns: len(texts(turns, "agent")) >= 3, "the second answer")
        await ann.wait_until_quiet()
        await ann.share_screen(screen_with("Error 4031: the disk is full"))
        await ann.wait_until_seen()
        sent_s = await ann.type("What does the error on my screen say?")
        await ann.wait_for_agent_text("4031", after_s=sent_s, timeout_s=60)
        turns = await meeting.wait_for_turns(
            lambda turns: "4031" in texts(turns, "agent")[-1], "what is on the screen"
        )
    return {"users": texts(turns, "user"), "agents": texts(turns, "agent")}


def main() -> None:
    bring_interfaces_up()
    with start_stack(Path(sys.argv[1])) as stack:
        said_and_heard = asyncio.run(converse(stack))
    sys.stdout.write(json.dumps({"cut_off": is_cut_off(), **said_and_heard}) + "\n")


if __name__ == "__main__":
    main()
