"""Calls that come in, and the media they offer, which nobody here will ever take."""

from collections.abc import Callable

import pytest

from device.core.events import CallOffered, CallTurnedAway
from device.sip import sdp
from tests.sip.handset import Handset
from tests.sip.peer import KEY, SDP, Peer

Open = Callable[..., Handset]

HERE = "c=IN IP4 127.0.0.1\r\n"
FINGER = "a=setup:actpass\r\na=fingerprint:SHA-256 " + ":".join(["AB"] * 32) + "\r\n"
OPUS = "a=rtpmap:107 opus/48000/2\r\n"


def _audio(profile: str, codec: str = "0", *more: str) -> str:
    return f"m=audio 40000 {profile} {codec}\r\n{HERE}" + "".join(more)


@pytest.fixture
def handset(peer: Peer, open_phone: Open) -> Handset:
    handset = open_phone(peer)
    handset.online()
    return handset


@pytest.mark.parametrize(
    "media",
    [
        _audio("RTP/AVP", "8"),
        _audio("RTP/AVP", "9"),
        _audio("RTP/AVP", "3"),
        _audio("RTP/AVP", "107 0", OPUS),
        _audio("RTP/AVP", "0", KEY),
        _audio("RTP/SAVP", "0", KEY),
        _audio("RTP/SAVP", "107", OPUS, KEY),
        _audio("RTP/SAVPF", "0", KEY),
        _audio("RTP/SAVP", "9", KEY.replace("_80", "_32")),
        _audio("RTP/SAVP", "0", KEY, KEY.replace(":1", ":2")),
    ],
)
def test_a_call_rings_whatever_sound_it_offers(peer: Peer, handset: Handset, media: str) -> None:
    call = peer.call("<sip:200@pbx>", sdp=SDP + media)
    handset.phone.answer(handset.hears(CallOffered).call, 180)
    call.code(180)


@pytest.mark.parametrize(
    "media",
    [
        _audio("RTP/AVP", "107", OPUS),
        _audio("RTP/SAVP"),
        _audio("RTP/SAVP", "0", KEY, KEY),
        _audio("RTP/SAVP", "0", "a=crypto:x\r\n"),
        _audio("RTP/SAVP", "0", KEY.replace("AES_CM_128_HMAC_SHA1_80", "AEAD_AES_256_GCM")),
        _audio("RTP/SAVP", "0", KEY) + _audio("UDP/TLS/RTP/SAVP", "0", FINGER),
        _audio("UDP/TLS/RTP/SAVP", "0", FINGER),
        _audio("UDP/TLS/RTP/SAVPF", "107", OPUS, FINGER),
        _audio("UDP/TLS/RTP/SAVP", "0", FINGER, KEY),
        f"m=video 40000 RTP/AVP 99\r\n{HERE}a=rtpmap:99 H264/90000\r\n",
        f"m=image 40000 udptl t38\r\n{HERE}",
        "",
        "nonsense",
    ],
)
def test_a_call_with_impossible_media_is_told_of_once_and_harms_nobody(
    peer: Peer, handset: Handset, media: str
) -> None:
    peer.call('"Anna" <sip:200@pbx>', sdp=SDP + _audio("RTP/SAVP", "0", KEY))
    handset.hears(CallOffered)
    call = peer.call('"Bruno" <sip:201@pbx>', sdp=SDP + media)
    peer.wait(lambda: [answer for answer in call.answers if answer.code >= 300])
    peer.call("<sip:202@pbx>")
    handset.hears(CallOffered, number="202")
    assert handset.hears(CallTurnedAway, number="201").name == "Bruno"
    assert len(handset.events) == 5


@pytest.mark.parametrize(
    ("raw", "keyed"),
    [
        (_audio("RTP/SAVP", "0", KEY), True),
        (_audio("RTP/SAVPF", "0", KEY), True),
        (_audio("RTP/SAVP", "0", KEY.replace("\r\n", "|2^20|1:4\r\n")), True),
        (_audio("RTP/SAVP", "0", KEY, KEY), False),
        (_audio("RTP/SAVP", "0", KEY.replace("\r\n", " UNENCRYPTED_SRTP\r\n")), False),
        (_audio("RTP/AVP", "0", KEY), False),
        (_audio("UDP/TLS/RTP/SAVP", "0", KEY), False),
        (_audio("RTP/SAVP", "0", KEY) * 2, False),
        ("m=audio", False),
        ("m=", False),
        ("", False),
    ],
)
def test_keys_are_seen_where_they_are_usable(raw: str, keyed: bool) -> None:
    assert sdp.sdes("INVITE sip:x SIP/2.0\r\nm: x\r\n\r\n" + SDP + raw) is keyed
