"""Where there is no SIP library."""

import subprocess
import sys

TRY = """
import sys
sys.modules["pjsua2"] = None
from device.sip.missing import SipMissing
try:
    import device.sip.pjsua
except SipMissing as missing:
    sys.stdout.write(str(missing))
"""


def test_what_is_missing_and_what_to_do_is_said() -> None:
    done = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True, check=True)
    assert "pjsua2 is not installed" in done.stdout
    assert "pip install pjsua2-python" in done.stdout
