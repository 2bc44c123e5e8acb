import json
import os
import subprocess
import sys
from pathlib import Path

from tests.fixtures.stack import ROOT, clean_environment

AS_OURSELVES = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]


def test_the_local_profile_holds_a_whole_conversation_without_any_network(tmp_path: Path) -> None:
    ran = subprocess.run(
        ["unshare", "--net", *AS_OURSELVES, sys.executable, "-m", "tests.room.offline", str(tmp_path)],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ran.returncode == 0, ran.stderr
    heard = json.loads(ran.stdout)
    assert heard["cut_off"]
    assert "refund" in heard["users"][0].lower()
    assert "30 days" in heard["agents"][1]
    assert "disk is full" in heard["agents"][-1].lower()
