"""Session descriptions for calls in which nobody will ever say a word (RFC 4566, RFC 3264)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

SDP = "application/sdp"

PORT = 9
"Discard. Every stream is inactive besides, so nothing should come."

PCMU = "0"
RTPMAP = {PCMU: "a=rtpmap:0 PCMU/8000"}

_PARTS = re.compile(r"^m=", re.MULTILINE)
_STREAM = re.compile(r"(\w+) (\d+)\S* (\S+) (\S.*)")
_RTPMAP = re.compile(r"^a=rtpmap:(\d+) \S+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Stream:
    """One m= line, and what the lines under it say of its payload types."""

    kind: str
    port: str
    protocol: str
    payloads: tuple[str, ...]
    maps: dict[str, str]

    @property
    def lines(self) -> Iterator[str]:
        """Our line for it: audio is taken, with PCMU where we may; all else is turned down."""
        payload = PCMU if PCMU in self.payloads else self.payloads[0]
        if self.kind != "audio" or self.port == "0":
            yield f"m={self.kind} 0 {self.protocol} {payload}"
            return
        yield f"m=audio {PORT} {self.protocol} {payload}"
        if payload in self.maps:
            yield self.maps[payload]
        yield "a=inactive"


AUDIO = Stream("audio", str(PORT), "RTP/AVP", (PCMU,), RTPMAP)


def offer(host: str) -> bytes:
    """One audio stream."""
    return _description(host, [AUDIO])


def answer(host: str, offered: bytes) -> bytes:
    """As many streams as were offered (RFC 3264 section 6); our own offer where none came."""
    parts = _PARTS.split(offered.decode(errors="replace").replace("\r\n", "\n"))[1:]
    streams = [_stream(match, part) for part in parts if (match := _STREAM.match(part))]
    return _description(host, streams or [AUDIO])


def _stream(first: re.Match[str], part: str) -> Stream:
    maps = {found[1]: found[0] for found in _RTPMAP.finditer(part)}
    return Stream(first[1], first[2], first[3], tuple(first[4].split()), RTPMAP | maps)


def _description(host: str, streams: list[Stream]) -> bytes:
    head = ["v=0", f"o=- 1 1 IN IP4 {host}", "s=demo", f"c=IN IP4 {host}", "t=0 0"]
    lines = [*head, *(line for stream in streams for line in stream.lines)]
    return "".join(f"{line}\r\n" for line in lines).encode()
