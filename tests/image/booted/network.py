"""What the panels of several tests are told about their network."""

import json

from tests.image.booted.configs import HOST
from tests.image.machine import Machine

LOOK = """
import json, time, urllib.request
seen = []
while True:
    ask = urllib.request.Request(
        "http://127.0.0.1:8780/api/panel", headers={"Authorization": "Bearer TOKEN"})
    shown = json.load(urllib.request.urlopen(ask, timeout=60))
    now = [shown["link"], shown["mirror"]["state"]]
    if seen[-1:] != [now]:
        seen.append(now)
        with open("/run/witness", "w") as file:
            json.dump(seen, file)
    time.sleep(0.5)
"""


class Witness:
    """Looks at the panel's page from within, while nobody outside can."""

    def __init__(self, panel: Machine, token: str) -> None:
        self._panel = panel
        script = LOOK.replace("TOKEN", token)
        panel.run(f"systemd-run -q --unit=witness python3 -c '{script}'")
        panel.until_runs("cat /run/witness")

    def seen(self) -> list[tuple[str, str]]:
        """Link and state of the mirror, each time that they were others. Ends the looking."""
        told = json.loads(self._panel.run("systemctl stop witness; cat /run/witness"))
        return [(link, state) for link, state in told]


def ask_the_time(panel: Machine) -> None:
    """Have it ask the tests' time server, until it is switched off."""
    panel.run(f"""
        mkdir -p /run/systemd/timesyncd.conf.d
        printf '[Time]\\nNTP={HOST}\\n' >/run/systemd/timesyncd.conf.d/here.conf
        systemctl restart systemd-timesyncd
    """)
