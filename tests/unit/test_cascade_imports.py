"""What importing the cascade loads, and how long that takes."""

import subprocess
import sys

LONGEST_S = 0.5
"""Beyond `livekit.agents`. Taken in a process of its own, the best of a few: other work only adds to it."""


def _run(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_importing_the_cascade_imports_no_provider_plugin() -> None:
    code = (
        "import sys, agent.cascade\n"
        "heavy = ('livekit.plugins', 'openai', 'anthropic', 'google.genai')\n"
        "print([m for m in sys.modules if m.startswith('livekit.plugins.') or m in heavy[2:]])"
    )

    assert _run(code) == "[]"


def test_importing_the_cascade_reads_no_price_list() -> None:
    code = (
        "import sys, agent.cascade\nprint('genai_prices' in sys.modules, 'genai_prices.data' in sys.modules)"
    )

    assert _run(code) == "True False"


def test_importing_the_cascade_is_quick() -> None:
    code = (
        "import time, livekit.agents\n"
        "began = time.perf_counter()\n"
        "from agent.cascade import Cascade\n"
        "print(time.perf_counter() - began)"
    )

    assert min(float(_run(code)) for _ in range(3)) < LONGEST_S
