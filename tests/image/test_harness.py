"""What the tests of the booted image rely on, without an image or a QEMU."""

import json
import socket
import struct
import threading
from ipaddress import IPv4Address
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from hw.mocks.glass import Ssd1306Glass
from hw.oled import LumaOled, i2c_on
from hw.specs import OledSpec
from tests.image import figures, mdns, timeserver, written
from tests.image.kinds import command_line
from tests.image.machine import levels
from tests.image.qmp import Qmp
from tests.image.seen import Trace
from tests.image.written import DISCARD, FLUSH, Write

GUEST = IPv4Address("10.0.2.15")


# The display


class Wiretap(Ssd1306Glass):
    """Notes what goes to it as QEMU's trace does."""

    def __init__(self) -> None:
        super().__init__(readable=False)
        self.lines: list[str] = []

    def _transfer(self, address: int, payload: bytes) -> None:
        self.lines.append(f"i2c_event start(addr:0x{address:02x})")
        self.lines += [f"i2c_send send(addr:0x{address:02x}) data:0x{b:02x}" for b in payload]
        self.lines.append(f"i2c_event finish(addr:0x{address:02x})")
        super()._transfer(address, payload)


def test_what_the_driver_draws_is_read_from_the_trace() -> None:
    tapped, picture = Wiretap(), Image.new("1", (128, 64))
    picture.putpixel((5, 7), 1)
    oled = LumaOled(OledSpec(driver="ssd1306"), i2c_on(tapped))
    oled.open()
    oled.show(picture)
    trace = Trace()
    for line in tapped.lines:  # in any pieces
        trace.take([line])
    assert trace.pictures[-1].tobytes() == picture.tobytes()
    assert all(picture.size == (128, 64) for picture in trace.pictures)


def test_other_chips_on_the_bus_are_not_the_display() -> None:
    trace = Trace()
    trace.take(["i2c_event start(addr:0x50)", "i2c_send send(addr:0x50) data:0xff"])
    trace.take(["i2c_event finish(addr:0x50)", "something else"])
    assert trace.pictures == []


# The card


def test_a_flush_saves_what_was_written_before_and_nothing_else() -> None:
    before = [Write(0, b"a" * 512), Write(8, b"b" * 512), Write(0, b"", FLUSH)]
    after = [Write(n, bytes([n]) * 1024) for n in range(16, 48, 2)]
    ends = [written.kept(before + after, Random(seed)) for seed in range(50)]
    assert all(end[:3] == before for end in ends)
    lost = {len(before + after) - len(end) for end in ends}
    assert len(lost) > 3
    assert all(w.sector in range(16, 48) for end in ends for w in end[3:])
    assert {len(end[-1].data) for end in ends} > {512}  # some are torn


def test_nothing_is_lost_that_was_flushed_last() -> None:
    writes = [Write(0, b"a" * 512), Write(0, b"", FLUSH)]
    assert written.kept(writes, Random(1)) == writes


def _log(path: Path, writes: list[Write], flushed: int) -> Path:
    head = struct.pack("<QQQL", 0x6A736677736872, 1, flushed, 512)
    with path.open("wb") as file:
        file.write(head.ljust(512, b"\0"))
        for write in writes:
            sectors = 128 if write.flags & DISCARD else len(write.data) // 512
            entry = struct.pack("<QQQQ", write.sector, sectors, write.flags, 0)
            file.write(entry.ljust(512, b"\0") + write.data)
        file.truncate(1 << 20)
    return path


def test_the_log_of_qemu_is_read(tmp_path: Path) -> None:
    writes = [Write(8, b"x" * 1024), Write(0, b"", FLUSH), Write(64, b"", DISCARD)]
    writes.append(Write(9, b"y" * 512))
    log = _log(tmp_path / "log", writes, flushed=2)
    assert written.read(log) == writes
    assert written.volume(writes) == 1536
    assert written.volume(writes, first=9) == 512
    card = tmp_path / "card"
    card.write_bytes(bytes(16 * 512))
    written.put(written.read(log), card)
    assert card.read_bytes()[8 * 512 : 10 * 512] == b"x" * 512 + b"y" * 512


def test_a_log_with_a_hole_is_not_believed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is missing"):
        written.read(_log(tmp_path / "log", [Write(8, b"x" * 512)], flushed=3))


def test_a_log_without_a_flush_has_no_head_yet(tmp_path: Path) -> None:
    log = _log(tmp_path / "log", [Write(8, b"x" * 512)], flushed=0)
    with log.open("r+b") as file:
        file.write(bytes(512))
    assert written.read(log) == [Write(8, b"x" * 512)]


def test_something_else_is_no_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"something else".ljust(512))
    with pytest.raises(ValueError, match="not a log"):
        written.read(tmp_path / "log")


# QEMU's monitor


def test_events_are_passed_over_and_a_refusal_is_told() -> None:
    ours, theirs = socket.socketpair()

    def play() -> None:
        lines = theirs.makefile("rb")
        theirs.sendall(b'{"QMP": {}}\n')
        for heard in iter(lines.readline, b""):
            order = json.loads(heard)["execute"]
            theirs.sendall(b'{"event": "SOMETHING", "data": {}}\n')
            answer: dict[str, object] = {"return": {"did": order}}
            if order == "jump":
                answer = {"error": {"desc": "cannot jump"}}
            theirs.sendall(json.dumps(answer).encode() + b"\n")
        lines.close()

    player = threading.Thread(target=play)
    player.start()
    monitor = Qmp(ours)
    assert monitor.do("set_link", name="nic", up=False) == {"did": "set_link"}
    with pytest.raises(RuntimeError, match="cannot jump"):
        monitor.do("jump")
    monitor.close()
    player.join()
    theirs.close()


# Names and time


def _answered(question: bytes, address: IPv4Address) -> bytes:
    """As a responder would: the owner by a pointer to the question."""
    message = question[42:]
    record = struct.pack("!HHHLH", 0xC00C, mdns.A, mdns.IN | 0x8000, 120, 4) + address.packed
    head = struct.pack("!6H", 0, 0x8400, 1, 1, 0, 0)
    return mdns._frame(address, head + message[12:] + record)


def test_a_name_of_the_link_is_asked_for_and_the_answer_understood() -> None:
    asked = mdns.question("deskpanel.local", IPv4Address("10.0.2.77"))
    assert mdns._checksum(asked[14:34]) == 0  # RFC 1071: with its checksum in it
    assert mdns.address(asked, "deskpanel.local") is None
    answer = _answered(asked, GUEST)
    assert mdns.address(answer, "DeskPanel.local") == GUEST
    assert mdns.address(answer, "other.local") is None


def test_other_frames_are_no_answer() -> None:
    assert mdns.address(b"", "deskpanel.local") is None
    assert mdns.address(bytes(60), "deskpanel.local") is None


def test_the_time_server_gives_back_the_askers_stamp() -> None:
    asked = bytes(40) + b"8 bytes!"
    told = timeserver.answer(asked, 1_700_000_000.5)
    assert told[24:32] == b"8 bytes!"
    seconds, fraction = struct.unpack("!2L", told[40:48])
    assert (seconds - timeserver.SINCE_1900, fraction) == (1_700_000_000, 1 << 31)


# The machine


def test_of_the_images_command_line_only_the_console_changes() -> None:
    line = "root=LABEL=root ro console=ttyS1,115200 console=tty0 quiet"
    told = command_line("ttyAMA0", line)
    assert told == "root=LABEL=root ro quiet console=ttyAMA0,115200"


GPIO = """\
gpiochip0: GPIOs 512-565, parent: platform/3f200000.gpio, pinctrl-bcm2835:
 gpio-512 (ID_SDA              )
 gpio-517 (GPIO5               |lg                  ) in  hi IRQ
 gpio-535 (GPIO23              |lg                  ) out lo

gpiochip1: GPIOs 566-573, parent: platform/soc:firmware:gpio, raspberrypi-exp-gpio, can sleep:
 gpio-568 (STATUS_LED          |PWR                 ) out hi
"""


def test_the_levels_of_pins_are_those_of_the_first_chip() -> None:
    assert levels(GPIO) == {5: "hi", 23: "lo"}


def test_figures_of_many_tests_are_kept_together(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    assert figures.table(file) == []
    figures.note({"seconds": 3}, file)
    figures.note({"bytes": 4096, "seconds": 2.5}, file)
    assert json.loads(file.read_text()) == {"bytes": 4096, "seconds": 2.5}
    assert figures.table(file) == ["bytes    4096", "seconds  2.5"]
