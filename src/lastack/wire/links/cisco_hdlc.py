"""Cisco's PPP in HDLC-like framing (LINKTYPE_C_HDLC)."""

from lastack.wire.link import Link, Naming

LINK = Link(
    numbers=(104,),
    name="Cisco HDLC",
    header=4,
    protocol_at=2,
    naming=Naming.ETHERTYPE,
)
