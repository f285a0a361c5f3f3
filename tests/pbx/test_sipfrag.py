"""What a NOTIFY tells of a call that somebody was referred to."""

import pytest

from device.pbx.sipfrag import Progress


@pytest.mark.parametrize(
    ("body", "progress"),
    [
        ("SIP/2.0 100 Trying\r\n", Progress(100, "Trying")),
        ("SIP/2.0 180 Ringing\r\nTo: <sip:102@pbx>\r\n", Progress(180, "Ringing")),
        ("\r\nsip/2.0\t486 Busy Here", Progress(486, "Busy Here")),
        ("SIP/2.0 200", Progress(200)),
        ("SIP/2.0 200\r\nServer: 603", Progress(200)),
        ("SIP/2.0 603 De\x1b[2Jcl\u202eine ", Progress(603, "De[2Jcline")),
    ],
)
def test_a_status_line_is_read(body: str, progress: Progress) -> None:
    assert Progress.read(body) == progress


@pytest.mark.parametrize(
    "body", ["", "To: <sip:102@pbx>", "SIP/2.0 700 No", "SIP/2.0 2000", "SIP/3.0 200 OK", "\0"]
)
def test_what_has_no_status_line_tells_nothing(body: str) -> None:
    assert Progress.read(body) is None


def test_a_reason_is_not_endless() -> None:
    progress = Progress.read("SIP/2.0 500 " + "x" * 10_000)
    assert progress is not None
    assert len(progress.reason) == 60
