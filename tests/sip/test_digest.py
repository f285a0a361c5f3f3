"""Digest authentication, by the RFCs' own examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.sip.digest import Login, prove

MUFASA = Login("Mufasa", "Circle of Life")
ASKED = 'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, nonce="{}"'
NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def _prove(*challenges: str, login: Login = MUFASA, cnonce: str = CNONCE) -> str:
    return prove(login, challenges, "GET", "/dir/index.html", lambda: cnonce)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_example_of_rfc_7616(algorithm: str, response: str) -> None:
    said = _prove(ASKED.format(algorithm, NONCE))
    assert f'response="{response}"' in said
    assert f"algorithm={algorithm}, qop=auth, nc=00000001" in said


def test_the_example_of_rfc_2617() -> None:
    asked = (
        'Digest realm="testrealm@host.com", qop="auth,auth-int", '
        'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    said = _prove(asked, login=Login("Mufasa", "Circle Of Life"), cnonce="0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in said
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in said


def test_a_server_that_does_not_count_is_not_counted_for() -> None:
    said = _prove('digest realm="pbx",nonce="n1"')
    assert "qop" not in said
    assert "cnonce" not in said
    assert 'realm="pbx", nonce="n1"' in said


def test_the_first_challenge_that_can_be_answered_is() -> None:
    strange = ASKED.format("AKAv1-MD5", "first")
    said = _prove("Basic x", strange, ASKED.format("SHA-256", NONCE), ASKED.format("MD5", NONCE))
    assert "algorithm=SHA-256" in said


@pytest.mark.parametrize(
    "asked", ["", "Digest", 'Basic realm="pbx"', "Digest nonce=", 'Digest nonce="n",qop="auth-int"']
)
def test_what_cannot_be_answered_is_not(asked: str) -> None:
    assert _prove(asked) == ""


def test_a_quoted_realm_goes_back_as_it_came() -> None:
    assert r'realm="the \"old\" one"' in _prove(r'Digest realm="the \"old\" one", nonce="n"')


def test_a_password_is_not_shown() -> None:
    assert "Circle" not in repr(MUFASA)
    assert "Circle" not in _prove(ASKED.format("MD5", NONCE))


@given(st.text())
def test_any_challenge_is_answered_or_not_but_never_raises(challenge: str) -> None:
    _prove(challenge)
    _prove(f"Digest nonce=n, {challenge}")
