"""What two thousand calls leave behind: nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pjsua2", reason="pjsua2 has no wheel here")

LINGERS_KB = 40
"""What pjsip keeps of a call over UDP, for the 32 s in which its packets may be repeated (RFC 3261
section 17.2.2, timer J); measured as 16 kB, and as no growth at all from then on."""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is told nowhere here")
@pytest.mark.parametrize(("transport", "calls", "most"), [("tcp", 2000, 2048), ("udp", 2000, 0)])
def test_two_thousand_calls_neither_crash_nor_grow(transport: str, calls: int, most: int) -> None:
    command = [sys.executable, "-m", "tests.sip.many_calls", transport, str(calls)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    warm, end = map(int, done.stdout.split())
    assert end - warm < (most or calls * LINGERS_KB)
