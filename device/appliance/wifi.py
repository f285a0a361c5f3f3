"""`wifi.txt`: forgiving in how it is written, strict in what it means."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from device.appliance.refused import RefusedError

ROUNDS = 4096
"Of PBKDF2, IEEE 802.11-2020, J.4.1."

RADIO_BYTES = 32
"The longest name, IEEE 802.11-2020, 9.4.2.2."

OPEN = "none"
"In place of a password, which has eight characters at least."


@dataclass(frozen=True, slots=True)
class Wifi:
    ssid: bytes
    password: str = field(repr=False)
    "Empty for a network without one."
    country: str
    hidden: bool = False
    wpa3: bool = False

    def __str__(self) -> str:
        """As wpa_supplicant reads it. What came from outside is in hexadecimal digits, so that none
        of it can be taken for something else."""
        lines = [
            "# By deskpanel, from wifi.txt. Another wifi.txt on the card replaces it.",
            "ctrl_interface=/run/wpa_supplicant",
            f"country={self.country}",
            "network={",
            f"\tssid={self.ssid.hex()}",
            *(["\tscan_ssid=1"] if self.hidden else []),
            *(f"\t{line}" for line in self._secret()),
            "}",
        ]
        return "\n".join(lines) + "\n"

    def _secret(self) -> list[str]:
        if not self.password:
            return ["key_mgmt=NONE"]
        if self.wpa3:
            # SAE proves the password itself, and has no use for a hash: here it stays as it is.
            password = self.password.encode().hex()
            return ["key_mgmt=SAE", "ieee80211w=2", f"sae_password={password}"]
        # WPA2, and those that offer WPA2 beside WPA3. Without protected management frames, which
        # the radio of a Raspberry Pi says it has, and then fails at in such mixed networks.
        return ["key_mgmt=WPA-PSK", f"psk={psk(self.password, self.ssid)}"]


def psk(password: str, ssid: bytes) -> str:
    """The key that WPA2 makes of a password, so that the password need not be kept."""
    if _is_key(password):
        return password.lower()
    return hashlib.pbkdf2_hmac("sha1", password.encode(), ssid, ROUNDS, 32).hex()


def parse(text: str, name: str = "wifi.txt") -> Wifi:
    """Raises `RefusedError` with every complaint."""
    reading = _Reading(name)
    for number, line in enumerate(text.split("\n"), 1):
        reading.line(number, line.strip())
    return reading.wifi()


# What each value may be


def _ssid(value: str) -> bytes:
    if not 0 < len(value.encode()) <= RADIO_BYTES:
        raise ValueError(f"expected the network's name, of at most {RADIO_BYTES} bytes")
    return value.encode()


def _password(value: str) -> str:
    """No complaint tells a character of it."""
    if value.lower() == OPEN:
        return ""
    if _is_key(value):
        return value
    if strange := [n for n, c in enumerate(value, 1) if not " " <= c <= "~"]:
        raise ValueError(f"character {strange[0]} is none that a Wi-Fi password can have")
    if not 8 <= len(value) <= 63:
        raise ValueError(f"expected 8 to 63 characters, or {OPEN} for an open network")
    return value


def _country(value: str) -> str:
    if value.upper() == "UK":
        raise ValueError("the United Kingdom is GB")
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        raise ValueError("expected two letters: IT, DE, GB")
    return value.upper()


def _yes_or_no(value: str) -> bool:
    if value.lower() not in ("yes", "no", "true", "false", "1", "0"):
        raise ValueError("expected yes or no")
    return value.lower() in ("yes", "true", "1")


def _security(value: str) -> str:
    if value.lower() not in ("wpa2", "wpa3"):
        raise ValueError("expected wpa2 or wpa3")
    return value.lower()


def _is_key(value: str) -> bool:
    """Not a password, but what WPA2 makes of one."""
    return re.fullmatch(r"[0-9A-Fa-f]{64}", value) is not None


CHECKS: dict[str, Callable[[str], Any]] = {
    "ssid": _ssid,
    "password": _password,
    "country": _country,
    "hidden": _yes_or_no,
    "security": _security,
}
NEEDED = ("ssid", "password", "country")

_LINE = re.compile(r"(\w+)\s*[=:]\s*(.*)")
QUOTES = ('""', "''", "“”", "„“", "‘’")
"Of word processors as well."


class _Reading:
    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: set[str] = set()
        self._values: dict[str, Any] = {}
        self._complaints: list[str] = []

    def line(self, number: int, line: str) -> None:
        if line and line[0] not in "#;":
            try:
                self._take(line)
            except ValueError as error:
                self._complaints.append(f"{self._name}:{number}: {error}")

    def _take(self, line: str) -> None:
        # No complaint has the line in it, or a word of it: it may be the password's.
        found = _LINE.fullmatch(line)
        if not found:
            raise ValueError("expected a line like: ssid = Office")
        key = found[1].lower()
        if key not in CHECKS:
            raise ValueError(f"not a key here; known are {', '.join(CHECKS)}")
        if key in self._seen:
            raise ValueError(f"{key} is here twice")
        self._seen.add(key)
        try:
            self._values[key] = CHECKS[key](_unquoted(found[2]))
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from error

    def wifi(self) -> Wifi:
        self._complaints += [f"{self._name}: {k} is missing" for k in NEEDED if k not in self._seen]
        wpa3 = self._values.get("security") == "wpa3"
        if wpa3 and _is_key(self._values.get("password", "")):
            self._complaints.append(f"{self._name}: password: WPA3 needs the password itself")
        if self._complaints:
            raise RefusedError(*self._complaints)
        values = {key: self._values[key] for key in NEEDED}
        return Wifi(**values, hidden=self._values.get("hidden", False), wpa3=wpa3)


def _unquoted(value: str) -> str:
    quoted = len(value) >= 2 and value[0] + value[-1] in QUOTES
    return value[1:-1] if quoted else value
