"""Who is let in, and who is not."""

import aiohttp
import pytest

from device.control.guard import Address, Guard, bearer
from device.control.web import WebServer
from tests.control.fakes import FakePanel, in_loop, serving


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("127.0.0.1:8780", Address("127.0.0.1", 8780)),
        ("[::1]:0", Address("::1", 0)),
        ("panel.example:80", Address("panel.example", 80)),
    ],
)
def test_an_address_is_read_and_written_alike(listen: str, address: Address) -> None:
    assert Address.parse(listen) == address
    assert str(address) == listen


@pytest.mark.parametrize("listen", ["", "8780", "localhost", ":8780", "localhost:http", "a:70000"])
def test_what_is_no_address_is_told_in_words(listen: str) -> None:
    with pytest.raises(ValueError, match=r"web\.listen: expected host:port"):
        Address.parse(listen)


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "panel.example:0"])
def test_a_panel_open_to_others_needs_a_token(listen: str) -> None:
    with pytest.raises(ValueError, match=r"web\.token"):
        WebServer(FakePanel(), listen)
    WebServer(FakePanel(), listen, token="secret")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8780", "", "[", "127.0.0.1.nip.example"]
)
def test_a_name_that_is_not_ours_is_turned_away(host: str) -> None:
    refused = Guard(frozenset({"localhost"})).refuses_page(host, None)
    assert refused
    assert refused.status == 403


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:9", "127.0.0.1:8780", "[::1]:8780", "192.0.2.7"]
)
def test_addresses_and_our_names_are_let_in(host: str) -> None:
    assert Guard(frozenset({"localhost"})).refuses_page(host, None) is None


def test_a_request_that_names_no_host_is_turned_away() -> None:
    refused = Guard(frozenset()).refuses_page(None, None)
    assert refused
    assert refused.status == 400


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:81", "localhost:80"]
)
def test_pages_of_other_sites_are_turned_away(origin: str) -> None:
    refused = Guard(frozenset({"localhost"})).refuses_page("localhost:80", origin)
    assert refused
    assert refused.status == 403


@pytest.mark.parametrize(
    ("header", "token"),
    [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", ""), ("", ""), ("Bearer", "")],
)
def test_a_bearer_token_is_read(header: str, token: str) -> None:
    assert bearer(header) == token


@in_loop
async def test_a_rebound_name_gets_nothing_over_http_or_websocket() -> None:
    panel = FakePanel()
    async with serving(panel) as outside:
        assert (await outside.get("/api/panel", Host="evil.example"))[0] == 403
        assert (await outside.post("/api/press", {"button": "dnd"}, Host="evil.example"))[0] == 403
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await outside.events(Host="evil.example")
    assert panel.taken == []


@in_loop
async def test_another_site_s_page_gets_nothing_over_http_or_websocket() -> None:
    panel = FakePanel()
    async with serving(panel) as outside:
        status, _ = await outside.post(
            "/api/press", {"button": "dnd"}, Origin="http://evil.example"
        )
        assert status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await outside.events(Origin="http://evil.example")
        status, _ = await outside.post("/api/press", {"button": "dnd"}, Origin=outside.url)
        assert status == 200
    assert len(panel.taken) == 1


@in_loop
async def test_the_token_opens_everything_but_the_empty_page_is_free() -> None:
    async with serving(FakePanel(), token="schlüssel") as outside:
        assert await outside.get("/api/panel") == (401, {"error": "This panel asks for its token"})
        wrong = await outside.get("/api/panel", Authorization="Bearer schlussel")
        assert wrong == (401, {"error": "Wrong token"})
        right = await outside.get("/api/panel", Authorization="Bearer schlüssel")
        assert right[0] == 200
        assert (await outside.get("/api/panel?token=schlüssel"))[0] == 401
        async with outside.session.get(outside.url) as page:
            assert page.status == 200


@in_loop
async def test_a_websocket_may_show_the_token_in_its_address() -> None:
    async with serving(FakePanel(), token="secret") as outside:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await outside.events("?token=other")
        async with outside.events("?token=secret") as events:
            assert "panel" in await events.receive_json()
