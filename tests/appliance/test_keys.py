"""SSH keys that were put on the card."""

import subprocess
from pathlib import Path

import pytest

from device.appliance.keys import KINDS, parse
from device.appliance.refused import RefusedError


def made(folder: Path, *options: str) -> Path:
    key = folder / "id_x"
    words = ["ssh-keygen", "-q", *options, "-N", "", "-C", "anna@pc", "-f", str(key)]
    subprocess.run(words, check=True)
    return key


def refused(text: str) -> str:
    with pytest.raises(RefusedError) as found:
        parse(text, "id_x.pub")
    return str(found.value)


@pytest.mark.parametrize(
    "options",
    [("-t", "ed25519"), ("-t", "rsa", "-b", "2048"), ("-t", "ecdsa", "-b", "521")],
)
def test_every_kind_of_key_is_taken_as_it_is(tmp_path: Path, options: tuple[str, ...]) -> None:
    public = made(tmp_path, *options).with_suffix(".pub").read_text()
    assert parse(public, "id_x.pub") == [public.strip()]
    assert parse(f"# mine\n\n  {public}", "id_x.pub") == [public.strip()]


def test_what_goes_before_a_key_stays(tmp_path: Path) -> None:
    public = made(tmp_path, "-t", "ed25519").with_suffix(".pub").read_text().strip()
    line = f'from="192.0.2.0/24" {public}'
    assert parse(line, "authorized_keys") == [line]


def test_puttys_way_to_write_it_is_taken_too(tmp_path: Path) -> None:
    key = made(tmp_path, "-t", "ed25519")
    words = ["ssh-keygen", "-e", "-m", "RFC4716", "-f", f"{key}.pub"]
    text = subprocess.check_output(words, text=True)
    kind, body, _ = key.with_suffix(".pub").read_text().split()
    assert parse(text, "id_x.pub") == [f"{kind} {body}"]
    assert parse(text.replace("Comment: ", "Comment: a\\\nb: "), "x.pub") == [f"{kind} {body}"]


@pytest.mark.parametrize("form", [(), ("-m", "PEM"), ("-m", "PKCS8")])
def test_a_private_key_is_refused_loudly(tmp_path: Path, form: tuple[str, ...]) -> None:
    text = made(tmp_path, "-t", "rsa", *form).read_text()
    assert "PRIVATE key" in refused(text)
    assert not any(line in refused(text) for line in text.splitlines()[1:-1])


def test_puttys_private_key_is_one_as_well() -> None:
    assert "PRIVATE key" in refused("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n")


def test_a_damaged_key_is_told_with_its_line(tmp_path: Path) -> None:
    public = made(tmp_path, "-t", "ed25519").with_suffix(".pub").read_text()
    kind, body, comment = public.split()
    assert refused(f"{public}{kind} {body[:-8]} {comment}").startswith("id_x.pub:2: the key is da")
    assert "damaged" in refused(f"{kind} {body[:9]} {comment}")
    assert "damaged" in refused(f"ssh-rsa {body} {comment}")
    assert "expected a public key, like: ssh-ed25519 AAAA" in refused(f"{body} {kind}")
    assert "expected a public key" in refused(f"{kind} {body} a\x1b[2Jb")


@pytest.mark.parametrize("kind", ["ssh-dss", "ssh-ed25519-cert-v01@openssh.com"])
def test_what_lets_nobody_in_is_no_key(kind: str) -> None:
    assert kind not in KINDS
    assert "expected a public key" in refused(f"{kind} AAAA x")
