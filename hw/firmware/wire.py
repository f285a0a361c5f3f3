"""Frames of the board's protocol (docs/board-protocol.md), for both ends of the wire.

A line of printable ASCII: `~SESSION SEQUENCE LENGTH PAYLOAD CRC`, all numbers in upper case hex.
Runs on MicroPython, so it is written without the modules that are missing there.
"""

VERSION = 1
"Of the protocol; said in every hello."

LONGEST = 480
"Bytes of payload."

BAUD = 115_200
"Where the wire is a real one; USB does not care."

_START, _NEWLINE, _RETURN = 0x7E, 0x0A, 0x0D
_HEADER, _TRAILER = 12, 5
_LONGEST_LINE = _HEADER + LONGEST + _TRAILER

# CRC-16/CCITT-FALSE of one nibble: polynomial 0x1021, no reflection (ITU-T V.41).
_NIBBLES = tuple(nibble * 0x1021 & 0xFFFF for nibble in range(16))


def crc(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: begins with 0xFFFF; 0x29B1 for "123456789"."""
    value = 0xFFFF
    for byte in data:
        value = (value << 4 & 0xFFFF) ^ _NIBBLES[value >> 12 ^ byte >> 4]
        value = (value << 4 & 0xFFFF) ^ _NIBBLES[value >> 12 ^ byte & 15]
    return value


def frame(session: int, sequence: int, payload: str) -> bytes:
    """The line that carries this payload. Raises `ValueError` for what no line can carry."""
    if not (0 <= session <= 0xFFFF and 0 <= sequence <= 0xFF):
        raise ValueError("session and sequence: 16 and 8 bits")
    if not 0 < len(payload) <= LONGEST or any(not " " <= letter < "~" for letter in payload):
        raise ValueError(f"payload: 1 to {LONGEST} printable letters without ~")
    body = f"{session:04X} {sequence:02X} {len(payload):03X} {payload}"
    return f"~{body} {crc(body.encode()):04X}\n".encode()


class Parser:
    """Finds whole frames in a stream, and passes over everything else."""

    def __init__(self) -> None:
        self._line: bytearray | None = None
        self.spoilt = 0
        "Lines that began and were not frames."

    @property
    def held(self) -> int:
        """Bytes of a line whose end has not come."""
        return 0 if self._line is None else len(self._line)

    def feed(self, data: bytes) -> list[tuple[int, int, str]]:
        """The frames that these bytes complete: session, sequence and payload of each."""
        frames = []
        for byte in data:
            found = self._take(byte)
            if found:
                frames.append(found)
        return frames

    def _take(self, byte: int) -> tuple[int, int, str] | None:
        if byte == _START:
            self._line = bytearray()  # whatever began before has lost its end
        elif self._line is not None and byte in (_NEWLINE, _RETURN):
            return self._end(self._line)
        elif self._line is not None:
            self._line.append(byte)
            if len(self._line) > _LONGEST_LINE:
                self._line = None
        return None

    def _end(self, line: bytearray) -> tuple[int, int, str] | None:
        self._line = None
        found = _read(bytes(line))
        if not found:
            self.spoilt += 1
        return found


def _read(line: bytes) -> tuple[int, int, str] | None:
    """What a line without `~` and line end says, if it is a frame to the last bit."""
    try:
        text = line.decode()
        found = (int(text[:4], 16), int(text[5:7], 16), text[_HEADER:-_TRAILER])
        # One way to write each frame: what is not written so was damaged.
        return found if frame(*found) == b"~" + line + b"\n" else None
    except ValueError:
        return None
