"""What the panels of several tests are told about their network, and what they show without it."""

import base64
import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image

from tests.image.booted.configs import HOST, TOKEN
from tests.image.machine import Machine
from tests.image.timeserver import TimeServer

LOOK = """
import base64, json, os, time, urllib.request
def ask(path):
    asked = urllib.request.Request(
        "http://127.0.0.1:8780" + path, headers={"Authorization": "Bearer TOKEN"})
    return urllib.request.urlopen(asked, timeout=60).read()
seen = []
while True:
    shown, picture = json.loads(ask("/api/panel")), ask("/api/screen.png")
    now = [shown["link"], shown["mirror"]["state"], base64.b64encode(picture).decode()]
    if seen[-1:] != [now]:
        seen.append(now)
        with open("/run/witness.new", "w") as file:
            json.dump(seen, file)
        os.rename("/run/witness.new", "/run/witness")
    time.sleep(0.5)
"""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the panel showed at a moment."""

    link: str
    mirror: str
    picture: Image.Image


class Witness:
    """Looks at the panel's page from within, while nobody outside can."""

    def __init__(self, panel: Machine) -> None:
        self._panel = panel
        script = LOOK.replace("TOKEN", TOKEN)
        panel.run(f"systemd-run -q --unit=witness python3 -c '{script}'")
        panel.until_runs("cat /run/witness")

    def seen(self) -> list[Sight]:
        """Each time that something was another. Ends the looking."""
        told = json.loads(self._panel.run("systemctl stop witness; cat /run/witness"))
        return [Sight(link, mirror, picture(png)) for link, mirror, png in told]


def picture(png: bytes | str) -> Image.Image:
    """Of `/api/screen.png`, as it is or in base64."""
    content = base64.b64decode(png) if isinstance(png, str) else png
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("1")


@contextmanager
def told_the_time(panel: Machine, clock: Callable[[], float] = time.time) -> Iterator[TimeServer]:
    """A server of the time which this panel asks, and no other does, as long as this lasts."""
    with TimeServer(clock) as server:
        panel.run(f"""
            mkdir -p /run/systemd/timesyncd.conf.d
            printf '[Time]\\nNTP={HOST}\\n' >/run/systemd/timesyncd.conf.d/here.conf
            systemctl restart systemd-timesyncd
        """)
        yield server
        panel.run("""
            rm /run/systemd/timesyncd.conf.d/here.conf
            systemctl restart systemd-timesyncd
        """)
