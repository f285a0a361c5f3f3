"""Text as it comes from any PC."""

MOST_BYTES = 64 * 1024

MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),  # "Unicode" in older versions of Notepad
    (b"\xfe\xff", "utf-16-be"),
)

EARLY = (
    "is full of zeros: the card was taken out of the PC too early;"
    " copy it again, and eject the card"
)
RICH = "is not plain text but RTF; in TextEdit choose Format, Make Plain Text"


def decoded(data: bytes) -> str:
    """With lines that end as ours do. Raises `ValueError` with what the writer can do about it."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"is too large: more than {MOST_BYTES // 1024} KB")
    if data and not data.strip(b"\0"):
        raise ValueError(EARLY)
    if data.startswith(b"{\\rtf"):
        raise ValueError(RICH)
    text = _unicode(data).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise ValueError("is not text")
    return text


def _unicode(data: bytes) -> str:
    mark, encoding = next((m for m in MARKS if data.startswith(m[0])), (b"", "utf-8"))
    try:
        return data.removeprefix(mark).decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"line {line} is not UTF-8 text; save it with the encoding UTF-8"
        ) from error
