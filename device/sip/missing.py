"""What is said where SIP cannot be spoken."""


class SipMissing(ImportError):  # noqa: N818 - named as HwMissing is
    """The SIP library is not here; the message tells the person at the desk what to do."""
