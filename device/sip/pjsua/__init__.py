"""The phone on pjsua2. Importing this raises `SipMissing` where the library is not installed."""

from device.sip.pjsua.phone import PjsuaPhone

__all__ = ["PjsuaPhone"]
