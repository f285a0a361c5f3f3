"""How the library is set up: the objects it gives us, filled in."""

import ipaddress
import re
import ssl
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

from device.sip.phone import Account, Transport

USER_AGENT = "deskpanel/0.1"
WARNINGS = 2
"""The library's log level: errors and warnings. From 3 on it tells what texts say, from 4 on it
prints whole messages, and those carry digests and names."""

SUITES = ("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32")
"""The encryption that every PBX has (RFC 4568 section 6.2). An offer of all that the library has
does not fit into one packet."""

PORTS = range(20_000, 30_000)
"Where the local port is taken from: below those that systems give to whoever asks for any."

SUBSCRIBED_SECONDS = 120
"""How long a subscription is left alone before it is renewed. A PBX that restarts quickly, and has
kept nothing, is not missed by anybody; this is how long the lamps may then be wrong."""

# Anything else in a user part is escaped (RFC 3261 section 25.1, user); `#` is not allowed there.
_PLAIN = "*+-_.!~'()&=$,?/"


def host(account: Account) -> str:
    """The server as a URI has it, with its port where one is given."""
    name = f"[{account.server}]" if ":" in account.server else account.server
    return f"{name}:{account.port}" if account.port else name


def uri(account: Account, number: str) -> str:
    """Where a number is reached; an empty one: the PBX itself."""
    user = f"{quote(number, safe=_PLAIN)}@" if number else ""
    return f"sip:{user}{host(account)}"


def contact(account: Account, number: str) -> str:
    """What a 302 names as the place to call instead (RFC 3261 section 21.3.3)."""
    return f"<sip:{quote(number, safe=_PLAIN)}@{host(account)}>"


def nameservers(account: Account, resolv: Path = Path("/etc/resolv.conf")) -> list[str]:
    """Whom to ask for SRV, which the library does by itself; nobody where no SRV is needed.

    With a nameserver the library asks it for every name, and then knows nothing of /etc/hosts
    and mDNS; so names that can only come from there are left to the system.
    """
    if account.port or _local(account.server) or not resolv.exists():
        return []
    found = re.findall(r"^\s*nameserver\s+([0-9.]+)\s*$", resolv.read_text("utf-8"), re.MULTILINE)
    return [str(server) for server in found]


def fill_endpoint(config: Any, account: Account) -> None:
    """No threads of the library's own, no sound, four calls (its limit), few words."""
    config.uaConfig.userAgent = USER_AGENT
    config.uaConfig.threadCnt = 0
    config.uaConfig.mwiUnsolicitedEnabled = True
    for server in nameservers(account):
        config.uaConfig.nameserver.append(server)
    config.medConfig.threadCnt = 0
    config.medConfig.hasIoqueue = False
    # The second is the level of our own writer too, whatever its name.
    config.logConfig.level = config.logConfig.consoleLevel = WARNINGS
    config.logConfig.msgLogging = 0
    config.logConfig.decor = 0


def port(account: Account) -> int:
    """The local UDP port of this panel, always the same; 0, any, where it has no name of its own.

    The PBX takes a contact for the same one where it has the same port. After a power cut it is not
    to be one contact too many.
    """
    if not account.instance or account.transport is not Transport.UDP:
        return 0
    return PORTS[zlib.crc32(account.instance.encode()) % len(PORTS)]


def fill_transport(config: Any, account: Account) -> None:
    """TLS asks for a certificate that names the server, unless told not to."""
    config.port = port(account)
    if account.transport is not Transport.TLS:
        return
    config.tlsConfig.verifyServer = account.verify
    config.tlsConfig.CaListFile = str(account.ca_file or _system_certificates())
    config.tlsConfig.msecTimeout = 5000


def fill_account(config: Any, account: Account) -> None:
    """When to register is our business (`registration.py`), so the library is told never to."""
    config.idUri = _identity(account)
    # The transport is said in one place, a route that is followed and not written into requests
    # (`hide` is the library's own word), so that no URI of ours has to carry it.
    by = "" if account.transport is Transport.UDP else f";transport={account.transport}"
    config.sipConfig.proxies.append(f"sip:{host(account)}{by};lr;hide")
    config.regConfig.registrarUri = uri(account, "")
    config.regConfig.registerOnAdd = False
    config.regConfig.timeoutSec = account.expires
    config.regConfig.retryIntervalSec = 0
    config.regConfig.firstRetryIntervalSec = 0
    config.regConfig.delayBeforeRefreshSec = 1
    config.regConfig.unregWaitMsec = 1000
    config.mwiConfig.enabled = False
    config.mwiConfig.expirationSec = SUBSCRIBED_SECONDS
    _fill_instance(config, account)
    # Renewing the registration keeps the NAT's door open; the library's own beat is not needed.
    config.natConfig.udpKaIntervalSec = 0
    # Media that leads nowhere: no socket, no sound, no packet. An offer needs one all the same.
    config.mediaConfig.useLoopMedTp = True
    # Whether keys may be offered over UDP: they are for sound that never comes.
    config.mediaConfig.srtpSecureSignaling = 0


def _fill_instance(config: Any, account: Account) -> None:
    """Say which panel this is (RFC 5626 section 4.1)."""
    urn = f"<urn:uuid:{account.instance}>"
    config.natConfig.sipOutboundUse = 0
    if account.instance and account.transport is Transport.UDP:
        # The library does "outbound" over connections only, and is silent here.
        config.regConfig.contactParams = f';+sip.instance="{urn}"'
    elif account.instance:
        config.natConfig.sipOutboundUse = 1
        config.natConfig.sipOutboundInstanceId = urn


def _identity(account: Account) -> str:
    name = re.sub(r'([\\"])', r"\\\1", " ".join(account.name.split()))
    address = f"<{uri(account, account.user)}>"
    return f'"{name}" {address}' if name else address


def _local(server: str) -> bool:
    if "." not in server.rstrip(".") or server.endswith(".local"):
        return True
    try:
        ipaddress.ip_address(server)
    except ValueError:
        return False
    return True


def _system_certificates() -> str:
    # pjsua2's wheel carries an OpenSSL that looks for them where nobody has them.
    paths = ssl.get_default_verify_paths()
    known = [paths.cafile, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]
    return next((file for file in known if file and Path(file).exists()), "")
