"""What a user writes into `deskpanel.toml`, for each of the machines."""

from tests.interop.asterisk import Asterisk

HOST = "10.0.2.2"
"The host's loopback, as a guest of QEMU's user network sees it."

TOKEN = "knock-knock-who-is-there"

PL061 = """
[board]
driver = "gpio"
pull_up = false # a press is a high line

[board.buttons]
dnd = 3

[board.lamps]
available = 0
dnd = 1
missed = 4
message = 5

[oled]
driver = "virtual"
"""
"The pins of QEMU's `virt`, eight of them, and no bus for a display."

RASPBERRY = """
[board]
driver = "gpio"
pull_up = false # QEMU's pins know no resistors, and are low for ever: nobody presses

[oled]
driver = "ssd1306"
"""
"Wired as the docs draw it."


def config(pbx: Asterisk, board: str, more: str = "", profile: str = "freepbx") -> str:
    return f"""
[pbx]
server = "{HOST}:{pbx.port}"
transport = "udp"
user = "100"
password = "{pbx.password}"
profile = "{profile}"
expires = 60 # so the PBX soon forgets a panel that is away

[web]
listen = "0.0.0.0:8780"
token = "{TOKEN}"
{board}
{more}
"""
