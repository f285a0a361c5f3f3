"""Tries the wheels just made: pjsua2 with every transport, an account, and a clean end."""

import ctypes
import platform

import lgpio
import pjsua2 as pj
import spidev

TRANSPORTS = {
    "UDP": pj.PJSIP_TRANSPORT_UDP,
    "TCP": pj.PJSIP_TRANSPORT_TCP,
    "TLS": pj.PJSIP_TRANSPORT_TLS,
}
CODECS = ("PCMU/", "PCMA/", "G722/", "GSM/", "speex/", "opus/")


def begin(endpoint):
    """As the panel does it (device/sip/pjsua), which hushes the library by a name of its own."""
    ctypes.CDLL(pj._pjsua2.__file__).pj_log_set_level(1)
    endpoint.libCreate()
    config = pj.EpConfig()
    config.logConfig.level = config.logConfig.consoleLevel = 1
    endpoint.libInit(config)
    for name, kind in TRANSPORTS.items():
        config = pj.TransportConfig()
        config.boundAddress = "127.0.0.1"
        opened = endpoint.transportCreate(kind, config)
        assert endpoint.transportGetInfo(opened).typeName == name
    endpoint.libStart()
    endpoint.audDevManager().setNoDev()


def codecs(endpoint):
    """Each that a PBX may insist on is there."""
    there = [codec.codecId for codec in endpoint.codecEnum2()]
    return all(any(codec.startswith(wanted) for codec in there) for wanted in CODECS)


def account():
    """One that asks for encrypted sound, which there is only with libsrtp."""
    config = pj.AccountConfig()
    config.idUri = "sip:100@127.0.0.1"
    config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_MANDATORY
    config.mediaConfig.srtpSecureSignaling = 0
    made = pj.Account()
    made.create(config)
    return made


endpoint = pj.Endpoint()
begin(endpoint)
assert codecs(endpoint)
there = account()
assert there.isValid()
there.shutdown()
endpoint.libDestroy()
here = f"{platform.machine()}, Python {platform.python_version()}"
print(f"{pj.__name__}, {lgpio.__name__} and {spidev.__name__} work: {here}")  # noqa: T201
