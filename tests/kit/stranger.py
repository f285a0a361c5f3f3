"""A phone that registers an address which no phone would have, but anybody with a login may."""

import re
import secrets
import socket

from device.sip.digest import Login, prove

ANSWER_SECONDS = 10


def register(server: str, login: Login, contact: str, agent: str) -> int:
    """Register this address (RFC 3261 section 10.2); the final code. Nobody answers there."""
    host, _, port = server.partition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.settimeout(ANSWER_SECONDS)
        wire.connect((host, int(port)))
        asked = _ask(wire, server, login, 1, f"Contact: <{contact}>", f"User-Agent: {agent}")
        challenges = re.findall(r"^WWW-Authenticate: (.*)\r$", asked, re.MULTILINE)
        proof = f"Authorization: {prove(login, challenges, 'REGISTER', f'sip:{server}')}"
        told = _ask(wire, server, login, 2, f"Contact: <{contact}>", f"User-Agent: {agent}", proof)
    return int(told.split()[1])


def _ask(wire: socket.socket, server: str, login: Login, cseq: int, *more: str) -> str:
    here = "{}:{}".format(*wire.getsockname())
    lines = [
        f"REGISTER sip:{server} SIP/2.0",
        f"Via: SIP/2.0/UDP {here};rport;branch=z9hG4bK{secrets.token_hex(8)}",
        f"From: <sip:{login.user}@{server}>;tag={secrets.token_hex(4)}",
        f"To: <sip:{login.user}@{server}>",
        f"Call-ID: {secrets.token_hex(8)}",
        f"CSeq: {cseq} REGISTER",
        "Expires: 60",
        "Max-Forwards: 70",
        *more,
        "Content-Length: 0",
    ]
    wire.send("\r\n".join([*lines, "", ""]).encode())
    return wire.recv(65536).decode()
