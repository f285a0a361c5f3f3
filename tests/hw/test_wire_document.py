"""docs/board-protocol.md says what both ends say. Run as a module, this writes it anew."""

import binascii
import re
from pathlib import Path

from hw.firmware.board import Board
from hw.firmware.wire import LONGEST, Parser, frame
from hw.ports import Colour, Glow, Pattern
from hw.wire import Answered, Fitted, Met, Session, Turned

DOCUMENT = Path(__file__).parents[2] / "docs" / "board-protocol.md"

AHEAD = 100.0
"Seconds of the host's clock over the board's."


class Conversation:
    """Two ends, written down as they talk."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.happened: list[object] = []
        self.board = Board(["dnd", "missed"], ["dnd", "missed", "status"], ["status"], True, 0)
        self.session = Session(0x0A7C, AHEAD + 0.5)
        self._pass(0, self.board.take(), "board", "")
        self.at(500)

    def at(self, ms: int, lost: str = "") -> None:
        """Let both say what they have to at this moment; what one says may be lost."""
        now = AHEAD + ms / 1000
        self.board.tick(ms)
        self.happened += self.session.tick(now)
        said = True
        while said:
            asked, answered = self.session.take(), self.board.take()
            self.board.receive(self._pass(ms, asked, "host", lost), ms)
            heard = self._pass(ms, answered, "board", lost)
            self.happened += self.session.receive(heard, now)
            said = bool(asked or answered)

    def _pass(self, ms: int, data: bytes, who: str, lost: str) -> bytes:
        for line in data.decode().splitlines():
            shown = f"[{line}]" if who == lost else line
            self.lines.append(f"{ms:5}  {who:5}  {shown}")
        return b"" if who == lost else data


def converse() -> Conversation:
    talk = Conversation()
    winking = Glow(Colour.AMBER, Pattern.PULSE, 0.5, Colour.RED)
    talk.session.show({"dnd": Glow(Colour.AMBER, Pattern.STEADY), "status": winking}, (), 100.51)
    talk.at(510)
    talk.board.edge("dnd", True, 900)
    talk.at(900)
    talk.board.edge("dnd", False, 980)
    talk.at(980, lost="board")
    talk.at(1_230)
    talk.at(1_500)
    talk.session.show({"missed": Glow(Colour.RED, Pattern.FAST)}, (1_000, 4_000), 101.6)
    talk.at(1_600, lost="board")
    talk.at(1_850)
    talk.session.beep((120, 120, 120), 101.9)
    talk.at(1_900)
    talk.session.bye(102.0)
    talk.at(2_000)
    return talk


SPOILT = [
    (b"~0A7C 00 007 hello 1 0000\n", "another checksum"),
    (frame(0x0A7C, 0, "hello 1").lower(), "lower case"),
    (frame(0x0A7C, 0, "hello 1").replace(b"007", b"7"), "a length without its zeros"),
    (frame(0x0A7C, 0, "hello 1").replace(b"hello ", b"hello\0"), "a letter that is none"),
    (frame(0x0A7C, 0, "hello 1")[:12] + b"\n", "half a frame"),
]


def conversation() -> str:
    return "\n".join(f"    {line}" for line in converse().lines)


def spoilt() -> str:
    lines = [(data.decode().rstrip().replace("\0", "␀"), why) for data, why in SPOILT]
    return "\n".join(f"    {line:32} {why}" for line, why in lines)


def write() -> None:
    """Put into the document what both ends say now."""
    text = DOCUMENT.read_text()
    for part, made in (("conversation", conversation()), ("spoilt", spoilt())):
        text = text.replace(f"{written(part)}\n<!-- end -->", f"{made}\n<!-- end -->")
    DOCUMENT.write_text(text)


def written(part: str) -> str:
    """What the document has between the marks of this part."""
    found = re.search(rf"<!-- {part}:.*?-->\n(.*?)<!-- end -->", DOCUMENT.read_text(), re.DOTALL)
    assert found
    return found[1].strip("\n")


def test_the_document_has_what_both_ends_say() -> None:
    assert written("conversation") == conversation()


def test_what_was_said_had_its_effect() -> None:
    fitted = Fitted(1, ("dnd", "missed"), ("dnd", "missed", "status"), frozenset({"status"}), True)
    answers = [Answered(ticket) for ticket in (2, 3, 4)]
    down, up = Turned("dnd", True, 100.9), Turned("dnd", False, 100.98)
    assert converse().happened == [Met(fitted), Answered(1), down, up, *answers]


def test_every_checksum_in_the_document_is_the_one_of_the_books() -> None:
    lines = re.findall(r"~([^~\]\n]*?) ([0-9A-F]{4})\]?$", written("conversation"), re.MULTILINE)
    assert len(lines) == written("conversation").count("~") > 20
    for body, crc in lines:
        assert int(crc, 16) == binascii.crc_hqx(body.encode(), 0xFFFF)


def test_the_document_has_what_is_no_frame() -> None:
    assert written("spoilt") == spoilt()
    for data, _ in SPOILT:
        assert Parser().feed(data) == []


def test_the_document_names_the_longest_line() -> None:
    longest = len(frame(1, 1, "x" * LONGEST).strip(b"~\n"))
    assert f"{LONGEST}" in DOCUMENT.read_text()
    assert f"outgrows {longest} bytes" in DOCUMENT.read_text()


if __name__ == "__main__":
    write()
