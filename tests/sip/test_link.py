"""Registration at a PBX that comes, goes, refuses and forgets."""

import queue
import socket
import ssl
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device.core.events import CallOffered, Event, LinkChanged
from device.core.words import Link
from device.sip import registration, settings
from device.sip.phone import Account, Presence, Transport
from tests.sip.handset import Handset
from tests.sip.nameserver import HOST, Nameserver
from tests.sip.peer import Peer

pytest.importorskip("pjsua2", reason="pjsua2 has no wheel here")
from device.sip.pjsua import PjsuaPhone

CERTS = Path(__file__).with_name("certs")
Open = Callable[..., Handset]


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "PATIENCE_SECONDS", 1.5)
    monkeypatch.setattr(registration, "KEEPALIVE_SECONDS", 0.5)


@pytest.fixture
def tls_peer() -> Iterator[Peer]:
    with _tls("server.pem") as peer:
        yield peer


def _tls(certificate: str, port: int = 0) -> Peer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTS / certificate)
    return Peer("tls", port, context)


def test_it_connects_and_is_online(peer: Peer, open_phone: Open) -> None:
    handset = open_phone(peer)
    handset.online()
    assert handset.links() == [(Link.CONNECTING, ""), (Link.ONLINE, "")]


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_it_proves_its_password_over_every_transport(transport: str, open_phone: Open) -> None:
    with _tls("server.pem") if transport == "tls" else Peer(transport) as peer:
        peer.password = "secret"
        handset = open_phone(peer, transport=Transport(transport), ca_file=CERTS / "ca.pem")
        handset.online()
        assert "secret" not in repr(peer.requests)
        assert peer.got("REGISTER")["user-agent"] == "deskpanel/0.1"
        handset.phone.close()


def test_the_digest_name_may_differ_from_the_user(peer: Peer, open_phone: Open) -> None:
    peer.password = "secret"
    open_phone(peer, auth_user="someone").online()
    assert 'username="someone"' in peer.got("REGISTER", 2)["authorization"]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_the_contact_tells_which_panel_this_is(transport: str, open_phone: Open) -> None:
    uuid = "00000000-0000-4000-8000-0123456789ab"
    with Peer(transport) as peer:
        handset = open_phone(peer, transport=Transport(transport), instance=uuid)
        handset.online()
        assert f'+sip.instance="<urn:uuid:{uuid}>"' in peer.got("REGISTER")["contact"]
        handset.phone.close()


def _place(peer: Peer, open_phone: Open, name: str, count: int) -> str:
    """Address and port in the contact of a phone of this name, which is closed again."""
    handset = open_phone(peer, instance=name)
    handset.online()
    contact = peer.got("REGISTER", count)["contact"]
    handset.phone.close()
    return contact.partition("@")[2].partition(">")[0].partition(";")[0]


def test_a_panel_is_always_the_same_contact(peer: Peer, open_phone: Open) -> None:
    name = str(uuid.uuid4())
    first = _place(peer, open_phone, name, 1)
    assert _place(peer, open_phone, name, 3) == first


def test_a_panel_whose_port_is_taken_takes_another(peer: Peer, open_phone: Open) -> None:
    name = str(uuid.uuid4())
    first = _place(peer, open_phone, name, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("", int(first.partition(":")[2])))
        assert _place(peer, open_phone, name, 3) != first


def test_a_certificate_that_nobody_vouches_for_is_refused(tls_peer: Peer, open_phone: Open) -> None:
    handset = open_phone(tls_peer, transport=Transport.TLS)
    why = handset.hears(LinkChanged, link=Link.OFFLINE).reason
    assert why.startswith("The PBX at 127.0.0.1 cannot be reached: its certificate is not trusted")
    assert not tls_peer.requests
    handset.phone.close()


def test_a_certificate_for_another_name_is_refused_unless_told_otherwise(open_phone: Open) -> None:
    with _tls("elsewhere.pem") as peer:
        handset = open_phone(peer, transport=Transport.TLS, ca_file=CERTS / "ca.pem")
        assert "does not match" in handset.hears(LinkChanged, link=Link.OFFLINE).reason
        handset.phone.close()
        assert not peer.requests
        trusting = open_phone(peer, transport=Transport.TLS, verify=False)
        trusting.online()
        trusting.phone.close()


def test_a_wrong_password_is_said_in_words_and_tried_again(peer: Peer, open_phone: Open) -> None:
    peer.password = "another"
    handset = open_phone(peer, retry_refused=1)
    refused = handset.hears(LinkChanged, link=Link.REFUSED)
    assert refused.reason == "The PBX refused user 100: wrong password"
    peer.password = "secret"
    handset.online()


def test_a_refusal_is_not_retried_as_quickly_as_silence(peer: Peer, open_phone: Open) -> None:
    peer.register_code = 403
    handset = open_phone(peer, retry=1, retry_refused=60)
    refused = handset.hears(LinkChanged, link=Link.REFUSED)
    assert refused.reason.startswith("The PBX refused user 100: 403 Forbidden")
    handset.phone.close()
    assert len([r for r in peer.requests if r.method == "REGISTER"]) == 1


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
@pytest.mark.usefixtures("_impatient")
def test_a_pbx_that_is_killed_is_missed_and_found_again(transport: str, open_phone: Open) -> None:
    peer = _tls("server.pem") if transport == "tls" else Peer(transport)
    with peer:
        handset = open_phone(peer, transport=Transport(transport), ca_file=CERTS / "ca.pem")
        handset.online()
    lost = handset.hears(LinkChanged, link=Link.OFFLINE)
    assert "The PBX at 127.0.0.1" in lost.reason or "to the PBX at 127.0.0.1 broke" in lost.reason
    back = _tls("server.pem", peer.port) if transport == "tls" else Peer(transport, peer.port)
    with back:
        handset.online(2)
        handset.phone.close()


@pytest.mark.usefixtures("_impatient")
def test_a_pbx_that_falls_silent_is_noticed(peer: Peer, open_phone: Open) -> None:
    handset = open_phone(peer)
    handset.online()
    peer.deaf = True
    lost = handset.hears(LinkChanged, link=Link.OFFLINE)
    assert lost.reason == "The PBX at 127.0.0.1 does not answer"
    peer.deaf = False
    handset.online(2)


@pytest.mark.usefixtures("_impatient")
def test_a_pbx_that_forgot_us_learns_of_us_again(peer: Peer, open_phone: Open) -> None:
    open_phone(peer).online()
    peer.forget()
    assert peer.wait(lambda: peer.contact)


def test_a_pbx_that_is_not_there_is_told_of(open_phone: Open) -> None:
    with Peer("tcp") as peer:
        pass
    handset = open_phone(peer, transport=Transport.TCP)
    lost = handset.hears(LinkChanged, link=Link.OFFLINE)
    assert lost.reason == "The PBX at 127.0.0.1 cannot be reached: Connection refused"
    with Peer("tcp", peer.port):
        handset.online()
        handset.phone.close()


def test_a_short_registration_is_renewed_before_it_ends(peer: Peer, open_phone: Open) -> None:
    peer.grant = 2
    handset = open_phone(peer)
    peer.got("REGISTER", 4)
    assert handset.links() == [(Link.CONNECTING, ""), (Link.ONLINE, "")]


def test_logging_out_unregisters_and_logging_in_registers(peer: Peer, open_phone: Open) -> None:
    handset = open_phone(peer)
    handset.online()
    handset.phone.be(Presence(registered=False))
    peer.wait(lambda: not peer.contact)
    assert handset.hears(LinkChanged, link=Link.OFFLINE).reason == "Logged out"
    handset.phone.be(Presence(registered=True))
    handset.online(2)
    assert peer.contact


def test_logging_out_while_nobody_answers_is_not_forgotten(peer: Peer, open_phone: Open) -> None:
    handset = open_phone(peer)
    handset.online()
    peer.deaf = True
    handset.phone.be(Presence(registered=False))
    handset.hears(LinkChanged, link=Link.OFFLINE)
    peer.deaf = False
    peer.wait(lambda: not peer.contact)


def test_closing_unregisters_and_may_be_done_twice(peer: Peer, open_phone: Open) -> None:
    handset = open_phone(peer)
    handset.online()
    handset.phone.close()
    handset.phone.close()
    assert not peer.contact


def test_closing_takes_no_more_than_two_seconds_when_nobody_answers(
    peer: Peer, open_phone: Open
) -> None:
    handset = open_phone(peer, "*76100")
    handset.online()
    peer.deaf = True
    begun = time.monotonic()
    handset.phone.close()
    assert time.monotonic() - begun < 2.0


def test_a_closed_phone_takes_orders_and_does_nothing(peer: Peer, open_phone: Open) -> None:
    handset = open_phone(peer)
    handset.phone.close()
    heard, sent = list(handset.events), list(peer.requests)
    handset.phone.be(Presence(registered=True))
    handset.phone.dial(1, "*78")
    handset.phone.close()
    assert (handset.events, peer.requests) == (heard, sent)


def test_a_second_phone_at_the_same_time_is_refused_in_words(peer: Peer, open_phone: Open) -> None:
    open_phone(peer).online()
    faults: queue.SimpleQueue[BaseException] = queue.SimpleQueue()
    second = PjsuaPhone(Account("127.0.0.1", "101", "", port=peer.port), faults.put)
    second.open(lambda _: None)
    assert str(faults.get(timeout=5)).startswith("Another phone is open")
    second.close()


def test_a_bug_in_a_callback_ends_the_phone_and_is_told(peer: Peer) -> None:
    faults: queue.SimpleQueue[BaseException] = queue.SimpleQueue()

    def post(event: Event) -> None:
        if isinstance(event, CallOffered):
            raise ZeroDivisionError

    phone = PjsuaPhone(Account("127.0.0.1", "100", "", port=peer.port), faults.put)
    phone.open(post)
    phone.be(Presence(registered=True))
    peer.call("<sip:200@pbx>")
    fault = faults.get(timeout=5)
    assert isinstance(fault, ZeroDivisionError)
    assert "in post" in "".join(fault.__notes__)
    phone.close()


def test_nothing_secret_is_logged(
    peer: Peer,
    open_phone: Open,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level("DEBUG")
    peer.password = "another"
    handset = open_phone(peer)
    handset.hears(LinkChanged, link=Link.REFUSED)
    handset.phone.close()
    out = "".join(capfd.readouterr()) + caplog.text
    assert "registration" in caplog.text
    assert not [word for word in ("secret", "uthorization", "digest", "SIP/2.0") if word in out]


@pytest.fixture
def names(peer: Peer) -> Iterator[Nameserver]:
    try:
        server = Nameserver("pbx.example.com", peer.port)
    except OSError as error:
        pytest.skip(f"no nameserver can be run here: {error}")
    with server:
        yield server


def test_without_a_port_srv_tells_where_the_pbx_is(
    peer: Peer, names: Nameserver, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "nameservers", lambda _: [HOST])
    open_phone(peer, server="pbx.example.com", port=None).online()
    assert peer.got("REGISTER").start == "REGISTER sip:pbx.example.com SIP/2.0"
    assert "_sip._udp.pbx.example.com 33" in names.asked


@pytest.mark.usefixtures("names")
def test_nameservers_that_are_known_only_later_are_asked_then(
    peer: Peer, open_phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[str] = []
    monkeypatch.setattr(settings, "nameservers", lambda _: list(known))
    peer.bodies["presence", "101"] = "<presence/>"
    handset = open_phone(peer, "101", server="pbx.example.com", port=None)
    lost = handset.hears(LinkChanged, link=Link.OFFLINE, seconds=30)
    assert lost.reason == "The PBX at pbx.example.com cannot be reached: nobody knows that name"
    known.append(HOST)
    handset.online()
    assert peer.watched("101")
