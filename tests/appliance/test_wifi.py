"""wifi.txt: forgiving in how it is written, strict in what it means, silent about the password."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from device.appliance.refused import RefusedError
from device.appliance.text import decoded
from device.appliance.wifi import CHECKS, Wifi, parse, psk

OFFICE = Wifi(b"Office", "correct horse", "IT")


def complaints(text: str) -> tuple[str, ...]:
    with pytest.raises(RefusedError) as found:
        parse(text)
    return found.value.complaints


@pytest.mark.parametrize(
    "text",
    [
        "ssid = Office\npassword = correct horse\ncountry = IT\n",
        'SSID="Office"\r\nPassword:"correct horse"\r\ncountry:it',
        "  ssid=Office\n\n# mine\n; and that\n password =  'correct horse'  \ncountry = “IT”",
        "country = it\nhidden = no\nsecurity = WPA2\npassword = correct horse\nssid = Office",
    ],
)
def test_spaces_quotes_case_and_order_do_not_matter(text: str) -> None:
    assert parse(decoded(text.encode())) == OFFICE


def test_everything_that_is_wrong_comes_at_once() -> None:
    text = "ssid =\npassword = short\ncountry = Italy\nhidden = maybe\nnonsense\nsside = x\n"
    assert complaints(text) == (
        "wifi.txt:1: ssid: expected the network's name, of at most 32 bytes",
        "wifi.txt:2: password: expected 8 to 63 characters, or none for an open network",
        "wifi.txt:3: country: expected two letters: IT, DE, GB",
        "wifi.txt:4: hidden: expected yes or no",
        "wifi.txt:5: expected a line like: ssid = Office",
        "wifi.txt:6: not a key here; known are ssid, password, country, hidden, security",
    )


def test_what_is_missing_is_named_as_the_user_named_the_file() -> None:
    with pytest.raises(RefusedError) as found:
        parse("ssid = Office", "WIFI.TXT.txt")
    assert found.value.complaints == (
        "WIFI.TXT.txt: password is missing",
        "WIFI.TXT.txt: country is missing",
    )


def test_a_key_that_comes_twice_is_not_guessed_at() -> None:
    assert complaints("ssid = A\nssid = B\npassword = 12345678\ncountry = IT") == (
        "wifi.txt:2: ssid is here twice",
    )


def test_the_country_that_everybody_gets_wrong_is_named() -> None:
    (found,) = complaints("ssid = A\npassword = 12345678\ncountry = uk")
    assert found.endswith("country: the United Kingdom is GB")


def test_only_quotes_keep_spaces_at_the_ends() -> None:
    assert parse('ssid = " A "\npassword = " 2345678"\ncountry = IT').ssid == b" A "
    assert parse("ssid =  A \npassword = 12345678\ncountry = IT").ssid == b"A"


def test_a_password_may_have_quotes_equals_signs_and_hashes() -> None:
    assert parse("ssid = A\npassword = =a#b\"c'd\ncountry = IT").password == "=a#b\"c'd"


# What wpa_supplicant is told

# IEEE 802.11-2020, J.4.2
VECTORS = [
    (
        "password",
        b"IEEE",
        "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e",
    ),
    (
        "ThisIsAPassword",
        b"ThisIsASSID",
        "0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af",
    ),
    (
        "a" * 32,
        b"Z" * 32,
        "becb93866bb8c3832cb777c2f559807c8c59afcb6eae734885001300a981cc62",
    ),
]


@pytest.mark.parametrize(("password", "ssid", "key"), VECTORS)
def test_the_key_is_the_standards(password: str, ssid: bytes, key: str) -> None:
    assert psk(password, ssid) == key


def test_the_password_is_not_kept() -> None:
    assert "correct horse" not in str(OFFICE)
    assert b"correct horse".hex() not in str(OFFICE)
    assert "correct horse" not in repr(OFFICE)


def test_wpa_supplicant_gets_this() -> None:
    key = psk("correct horse", b"Office")
    assert str(OFFICE) == (
        "# By deskpanel, from wifi.txt. Another wifi.txt on the card replaces it.\n"
        "ctrl_interface=/run/wpa_supplicant\n"
        "country=IT\n"
        "network={\n"
        "\tssid=4f6666696365\n"
        "\tkey_mgmt=WPA-PSK\n"
        f"\tpsk={key}\n"
        "}\n"
    )


def test_a_hidden_network_is_asked_for_by_name() -> None:
    text = "ssid = A\npassword = 12345678\ncountry = IT\nhidden = yes"
    assert "\tscan_ssid=1\n" in str(parse(text))


def test_wpa3_alone_needs_the_password_itself() -> None:
    wifi = parse("ssid = A\npassword = 12345678\ncountry = IT\nsecurity = wpa3")
    assert f"\tkey_mgmt=SAE\n\tieee80211w=2\n\tsae_password={b'12345678'.hex()}\n" in str(wifi)
    (found,) = complaints(f"ssid = A\npassword = {'ab' * 32}\ncountry = IT\nsecurity = wpa3")
    assert found == "wifi.txt: password: WPA3 needs the password itself"


def test_an_open_network_has_to_be_meant() -> None:
    assert "\tkey_mgmt=NONE\n" in str(parse("ssid = A\npassword = None\ncountry = IT"))
    (found,) = complaints("ssid = A\npassword =\ncountry = IT")
    assert "or none for an open network" in found


# Any of it

SSIDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=10).filter(
    lambda text: len(text.encode()) <= 32
)
PASSWORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=8, max_size=63)
COUNTRIES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2).filter(
    lambda c: c != "UK"
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(ssid=SSIDS, password=PASSWORDS, country=COUNTRIES, hidden=st.booleans(), end=ENDS)
@example(ssid='"', password='"2345678"', country="IT", hidden=False, end="\n")
def test_what_is_written_in_quotes_comes_back(
    ssid: str, password: str, country: str, hidden: bool, end: str
) -> None:
    lines = [f'ssid = "{ssid}"', f"password = '{password}'", f"country={country}"]
    text = end.join([*lines, f"hidden = {'yes' if hidden else 'no'}", ""])
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert parse(decoded(text.encode(encoding))) == Wifi(
            ssid.encode(), password, country, hidden
        )


@given(ssid=SSIDS, password=PASSWORDS)
def test_nothing_from_outside_can_add_a_line(ssid: str, password: str) -> None:
    told = str(Wifi(ssid.encode(), password, "IT", wpa3=True)) + str(
        Wifi(ssid.encode(), password, "IT")
    )
    known = r"#.*|country=IT|network=\{|\}|ctrl_interface=/run/wpa_supplicant"
    known += r"|\tssid=[0-9a-f]+|\tkey_mgmt=(WPA-PSK|SAE)|\tieee80211w=2"
    known += r"|\t(psk|sae_password)=[0-9a-f]+"
    assert all(re.fullmatch(known, line) for line in told.splitlines())


LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.tuples(
            st.sampled_from([*CHECKS, "x"]),
            st.sampled_from(["=", ":", " = "]),
            st.text(max_size=80),
        ).map("".join),
    ),
    max_size=8,
)


def outcome(text: str) -> Wifi | tuple[str, ...]:
    try:
        return parse(text)
    except RefusedError as error:
        return error.complaints


@given(LINES)
def test_whatever_is_in_it_is_a_network_or_a_complaint(lines: list[str]) -> None:
    found = outcome("\n".join(lines))
    if isinstance(found, Wifi):
        assert 1 <= len(found.ssid) <= 32
        assert not found.password or 8 <= len(found.password) <= 64
    else:
        assert found
        assert all(re.match(r"wifi\.txt(:\d+)?: \S", complaint) for complaint in found)


IN_NO_COMPLAINT = "QXZ~\u20ac\u00b5\t "


@given(st.text(IN_NO_COMPLAINT, min_size=1, max_size=80).filter(str.strip))
def test_no_complaint_tells_the_password(password: str) -> None:
    for line in (f"password = {password}", f"pasword = {password}", f"{password} = x", password):
        found = outcome(f"{line}\nssid=1\ncountry=22222")
        assert not isinstance(found, Wifi)
        assert not any(word in complaint for complaint in found for word in password.split())


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_complaint(data: bytes) -> None:
    try:
        assert "\r" not in decoded(data)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - any error will do, if it says something
