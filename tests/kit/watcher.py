"""A subscriber that keeps the documents it is sent as they are, of any event package."""

import re
import secrets
import socket
from types import TracebackType

PRESENCE = ("presence", "application/pidf+xml")
DIALOG = ("dialog", "application/dialog-info+xml")

NEWS_SECONDS = 10


class Watcher:
    """Endpoint `watcher` on a socket of its own. Subscribes (RFC 6665) and answers what comes."""

    def __init__(self, port: int) -> None:
        self._pbx = ("127.0.0.1", port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(NEWS_SECONDS)
        self._here = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> "Watcher":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._socket.close()

    def watch(self, number: str, package: tuple[str, str] = PRESENCE) -> str:
        """Subscribe; gives the first document."""
        event, accept = package
        tag = secrets.token_hex(4)
        lines = [
            f"SUBSCRIBE sip:{number}@127.0.0.1:{self._pbx[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {self._here};rport;branch=z9hG4bK{tag}",
            f"From: <sip:watcher@127.0.0.1>;tag={tag}",
            f"To: <sip:{number}@127.0.0.1>",
            f"Call-ID: {tag}",
            "CSeq: 1 SUBSCRIBE",
            f"Contact: <sip:watcher@{self._here}>",
            f"Event: {event}",
            f"Accept: {accept}",
            "Expires: 60",
            "Max-Forwards: 70",
            "Content-Length: 0",
        ]
        self._socket.sendto("\r\n".join([*lines, "", ""]).encode(), self._pbx)
        return self.told(f"Call-ID: {tag}")

    def told(self, header: str = "") -> str:
        """The next document, of the subscription with this header where one is given."""
        while True:
            message = self._socket.recv(65536).decode()
            head, _, body = message.partition("\r\n\r\n")
            first, *headers = head.split("\r\n")
            if first.startswith("NOTIFY"):
                self._agree(headers)
                if not header or header in headers:
                    return body
                continue
            assert re.match(r"SIP/2.0 [12]", first), first

    def changed(self, before: str) -> str:
        """The next note that is not this one."""
        while (told := note(self.told())) == before:
            pass
        return told

    def _agree(self, headers: list[str]) -> None:
        kept = [h for h in headers if h.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
        answer = ["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]
        self._socket.sendto("\r\n".join(answer).encode(), self._pbx)


def note(document: str) -> str:
    """The last note, which is the tuple's: the first one stands in a person or an activity."""
    *_, found = re.findall(r"<note>(.*?)</note>", document)
    return str(found)


def state(document: str) -> str:
    """The state of the dialog in a dialog document."""
    found, *_ = re.findall(r"<state>(.*?)</state>", document)
    return str(found)
