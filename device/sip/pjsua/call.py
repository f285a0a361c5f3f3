"""A call of the library's, that makes no other."""

from typing import Any

from device.sip.pjsua.lib import guarded, pj


class Call(pj.Call):  # type: ignore[misc]  # pjsua2 carries no types
    """Nobody at the far end gets us to call anybody, or to take a call in place of this one."""

    def __init__(self, line: Any, key: int, fault: Any) -> None:
        """`key` is the library's id of a call that came in, `fault` is told of bugs of ours."""
        super().__init__(line, key)
        self.fault = fault

    @guarded
    def onCallTransferRequest(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """A REFER came in. Unless told otherwise the library obeys, and calls whoever is named."""
        prm.statusCode = pj.PJSIP_SC_DECLINE

    @guarded
    def onCallReplaceRequest(self, prm: Any) -> None:  # noqa: N802 - the library's name
        """An INVITE came with Replaces (RFC 3891), which the library would answer with 200."""
        prm.statusCode = pj.PJSIP_SC_DECLINE
