"""What importing the cascade loads. How long it takes is measured by `make bench ARGS="--only cascade"`."""

import subprocess
import sys


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
