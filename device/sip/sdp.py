"""What an offer of media asks for (RFC 8866), as far as the library has to be told beforehand."""

import re

_LINE = re.compile(r"[a-z]=\S[^\0]*")
_MEDIA = re.compile(r"m=audio [1-9]\d{0,4} RTP/SAVPF?( \d{1,3})+", re.ASCII)
_PLACE = re.compile(r"c=IN (IP4 \d+\.\d+\.\d+\.\d+|IP6 [\da-fA-F:.]+)", re.ASCII)
_MAP = re.compile(r"a=rtpmap:\d{1,3} [\w.-]+/\d{1,6}(/\d{1,2})?", re.ASCII)
# The suites of RFC 4568 section 6.2, with a key and a salt of 30 bytes in base64.
_KEY = re.compile(
    r"a=crypto:(\d{1,9}) AES_CM_128_HMAC_SHA1_(80|32) inline:[A-Za-z0-9+/]{40}(\|\S*)?", re.ASCII
)
_SHAPES = {"m=": _MEDIA, "c=": _PLACE, "a=rtpmap": _MAP, "a=crypto": _KEY}
_BEGINNING = ["v=", "o=", "s="]


def sdes(raw: str) -> bool:
    """Whether a request offers sound, and only that, with its keys in the offer (RFC 4568).

    Strict: the library is not to be led to encryption by what it cannot encrypt in the end.
    """
    body = raw.replace("\r\n", "\n").partition("\n\n")[2]
    lines = body.rstrip("\n").split("\n")
    kinds = [line[:2] for line in lines]
    if kinds[:3] != _BEGINNING or kinds.count("m=") != 1 or kinds.index("m=") < 4:
        return False
    tags = [found[1] for line in lines if (found := _KEY.fullmatch(line))]
    return bool(tags) and len(tags) == len(set(tags)) and all(map(_fits, lines))


def _fits(line: str) -> bool:
    shapes = [shape for start, shape in _SHAPES.items() if line.startswith(start)]
    return (shapes[0] if shapes else _LINE).fullmatch(line) is not None
