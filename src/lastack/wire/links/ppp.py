"""PPP, with address and control octets or without (LINKTYPE_PPP, _PPP_HDLC)."""

from lastack.wire.link import Link, Naming

LINK = Link(
    numbers=(9, 50),
    name="PPP",
    header=0,
    protocol_at=0,
    naming=Naming.PPP,
)
