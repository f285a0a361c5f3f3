"""SIP answers that more than one of us goes by."""

NOT_KNOWN = frozenset({405, 489, 501})
"""The PBX has no such method, or no such event: asking again changes nothing (RFC 3261 sections
21.4.6 and 21.5.2, RFC 6665 section 8.3.2)."""

NOT_PUBLISHED = NOT_KNOWN | {404, 415}
"""It takes no publications (RFC 3903 section 6). With 404 answers a Kamailio, by its own example
configuration, that has no presence; a user who is registered is not unknown."""
