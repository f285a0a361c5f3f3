"""A PBX that takes publications (RFC 3903), and turns them down as it is told."""

import itertools

from tests.sip.peer import Act, Peer, Sip, reply


class Presentity(Peer):
    """Keeps one document for each entity tag, until it is refreshed, replaced or taken back."""

    def __init__(self, transport: str = "udp") -> None:
        self.publish_codes: list[tuple[int, str]] = []
        "Answers and a header field each for the next PUBLISHes; then they are taken."
        self.granted = 0
        "Seconds; 0: as asked."
        self.least = 0
        "Shorter publications are answered 423."
        self.documents: dict[str, str] = {}
        self._tags = (f"tag{n}" for n in itertools.count(1))
        super().__init__(transport)

    def publishes(self) -> list[Sip]:
        """Every PUBLISH so far that was not answered with a challenge."""
        proved = [r for r in self.requests if r.method == "PUBLISH"]
        return [r for r in proved if r["authorization"] or not self.password]

    def publish(self, count: int) -> Sip:
        """The so manieth of them, as soon as it is there."""

        def enough() -> Sip | None:
            seen = self.publishes()
            return seen[count - 1] if len(seen) >= count else None

        return self.wait(enough)

    def _acts(self) -> dict[str, Act]:
        return super()._acts() | {"PUBLISH": self._publish}

    def _publish(self, request: Sip) -> None:
        tag, expires = request["sip-if-match"], int(request["expires"])
        if self.publish_codes:
            code, extra = self.publish_codes.pop(0)
            reply(request, code, *([extra] if extra else []))
        elif tag and tag not in self.documents:
            reply(request, 412)
        elif 0 < expires < self.least:
            reply(request, 423, f"Min-Expires: {self.least}")
        else:
            self._keep(request, tag, min(expires, self.granted or expires))

    def _keep(self, request: Sip, tag: str, expires: int) -> None:
        body = request.body or self.documents.get(tag, "")
        self.documents.pop(tag, None)
        new = next(self._tags)
        if expires:
            self.documents[new] = body
        reply(request, 200, f"SIP-ETag: {new}", f"Expires: {expires}")
