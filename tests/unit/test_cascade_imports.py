"""What importing the cascade loads."""

import subprocess
import sys


def test_importing_the_cascade_imports_no_provider_plugin() -> None:
    code = (
        "import sys, agent.cascade\n"
        "heavy = ('livekit.plugins', 'openai', 'anthropic', 'google.genai')\n"
        "print([m for m in sys.modules if m.startswith('livekit.plugins.') or m in heavy[2:]])"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
