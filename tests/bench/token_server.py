"""Control as it is served, with quotas that a benchmark cannot use up: `python -m tests.bench.token_server`.

`BENCH_LIMITS=off` takes the limits out, which is how their cost is measured. Prints `ready`.
"""

import asyncio
import dataclasses
import os
import signal
import sys
from collections.abc import Sequence

from aiohttp import web

from agent.settings import load_control_settings
from agent.wire import TenantId
from control.app import create_app, make_runner, open_parts
from control.edge.buckets import Ask, Bucket
from control.edge.limits import Limits
from control.edge.rates import RATES

PLENTY = {tier: dataclasses.replace(rate, quota=1_000_000, window_s=1) for tier, rate in RATES.items()}


class NoLimits(Limits):
    async def admit(self, asks: Sequence[Ask], spender: TenantId | None = None) -> list[Bucket]:
        return []


async def serve() -> None:
    settings = load_control_settings()
    kind = NoLimits if os.environ.get("BENCH_LIMITS") == "off" else Limits
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with open_parts(settings, watch=False) as parts:
        limits = kind(parts.redis, parts.db, PLENTY)
        runner = make_runner(create_app(settings, dataclasses.replace(parts, limits=limits)))
        await runner.setup()
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await stopping.wait()
        finally:
            await runner.cleanup()
            await limits.aclose()


if __name__ == "__main__":
    asyncio.run(serve())
