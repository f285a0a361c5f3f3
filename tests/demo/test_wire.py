import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from device.demo.messages import read
from device.demo.pbx import DemoPbx
from tests.demo.peer import PASSWORD, USER, Peer, story

REGISTER = b"REGISTER sip:127.0.0.1 SIP/2.0\r\n"
HEADERS = (
    b"Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1\r\nFrom: <sip:100@127.0.0.1>;tag=1\r\n"
    b"To: <sip:100@127.0.0.1>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n"
)

JUNK = [
    b"",
    b"\r\n\r\n",
    b"\x00\xff" * 700,
    b"GET / HTTP/1.1\r\n\r\n",
    b"SIP/2.0 abc OK\r\n\r\n",
    b"SIP/2.0 99999 OK\r\n" + HEADERS + b"\r\n",
    REGISTER + b"\r\n",
    REGISTER + b"no colon\r\n\r\n",
    REGISTER + HEADERS.replace(b";branch=z9hG4bK1", b"") + b"\r\n",
    REGISTER + HEADERS.replace(b"1 REGISTER", b"one REGISTER") + b"\r\n",
    REGISTER + HEADERS.replace(b"100@127", b"100@\xff") + b"\r\n",
    REGISTER + HEADERS + b"Content-Length: 99\r\n\r\nshort",
    REGISTER + HEADERS + b"Content-Length: -1\r\n\r\n",
    REGISTER + HEADERS + b"Expires: soon\r\n\r\n",
    REGISTER + HEADERS + b"Contact: <sip:a@b>;self=1\r\n\r\n",
    REGISTER + HEADERS + b"Contact: <<>>\r\n\r\n",
    REGISTER + HEADERS + b"Authorization: Digest\r\n\r\n",
]


@story
async def test_junk_is_dropped_and_does_no_harm(pbx: DemoPbx, panel: Peer) -> None:
    for junk in JUNK:
        panel.send(junk)

    assert (await panel.register()).code == 200
    assert pbx.snapshot()["contacts"] == 1
    assert [m for m in panel.heard if m.call_id == "1"] == []


@pytest.mark.parametrize("junk", JUNK)
def test_junk_is_told_from_sip_at_the_door(junk: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what is wrong with it is nobody's business
        read(junk)


@given(
    st.lists(
        st.sampled_from([*HEADERS.splitlines(keepends=True), b";", b",", b'"', b"<", b"\xe9"])
    ),
    st.binary(max_size=40),
)
@example([], b"")
@settings(deadline=None)
def test_no_bytes_make_the_door_fail(parts: list[bytes], rest: bytes) -> None:
    for data in (REGISTER + b"".join(parts) + rest + b"\r\n\r\n", rest):
        try:
            read(data)
        except ValueError:
            continue


def test_folded_headers_are_one_line() -> None:
    folded = HEADERS.replace(b"Via: ", b"Via:\r\n  ").replace(b"1 REGISTER", b"1\r\n\tREGISTER")

    assert read(REGISTER + folded + b"\r\n").cseq.method == "REGISTER"


@pytest.mark.parametrize(
    ("method", "code"),
    [("INFO", 501), ("REFER", 481), ("BYE", 481), ("PUBLISH", 489), ("OPTIONS", 200)],
)
def test_what_is_not_for_it_is_answered_as_asterisk_does(method: str, code: int) -> None:
    async def body(_: DemoPbx, panel: Peer) -> None:
        assert (await panel.ask(method, "100", Event="presence")).code == code

    story(body)()


@story
async def test_an_answer_tells_where_the_question_came_from(pbx: DemoPbx, panel: Peer) -> None:
    answer = await panel.ask("OPTIONS")

    port = panel.address.partition(":")[2]
    assert answer.via[0].parameters["rport"] == port
    assert answer.via[0].parameters["received"] == pbx.host


@asynccontextmanager
async def stream(pbx: DemoPbx) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A TCP connection, cut in the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", pbx.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def cut(reader: asyncio.StreamReader) -> bool:
    """The far end is gone, and has said nothing."""
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


@story
async def test_over_tcp_messages_come_in_any_pieces(pbx: DemoPbx, panel: Peer) -> None:
    request = panel.request("OPTIONS")
    request.headers.set("Via", "SIP/2.0/TCP 127.0.0.1:9;rport;branch=z9hG4bKtcp")
    request.headers.set("l", "4")
    request.body = b"body"
    async with stream(pbx) as (reader, writer):
        for byte in b"\r\n\r\n" + bytes(request) * 2:
            writer.write(bytes([byte]))
            await writer.drain()

        assert await reader.readexactly(2) == b"\r\n"
        for _ in range(2):
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"SIP/2.0 200 OK\r\n")


@pytest.mark.parametrize("junk", [b"l: many\r\n\r\n", b"l: 99999999\r\n\r\n", b"x" * 200_000])
def test_over_tcp_junk_ends_the_connection(junk: bytes) -> None:
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        async with stream(pbx) as (reader, writer):
            writer.write(junk)
            assert await cut(reader)
        assert (await panel.register()).code == 200

    story(body)()


@story
async def test_a_dead_pbx_cuts_its_streams_and_frees_its_port(pbx: DemoPbx, panel: Peer) -> None:
    async with stream(pbx) as (reader, _):
        await pbx.go_away()
        assert await cut(reader)

    panel.send(panel.request("OPTIONS"))
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", pbx.port))
    assert panel.heard == []


@story
async def test_a_taken_port_is_an_os_error(pbx: DemoPbx, panel: Peer) -> None:
    second = DemoPbx(USER, PASSWORD, port=pbx.port)

    with pytest.raises(OSError, match="ddress already in use"):
        await second.start()
    await second.stop()
    assert (await panel.register()).code == 200
