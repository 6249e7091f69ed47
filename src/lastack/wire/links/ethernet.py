"""Ethernet II and IEEE 802.3 (LINKTYPE_ETHERNET)."""

from lastack.wire.link import Link, Naming

LINK = Link(
    numbers=(1,),
    name="Ethernet",
    header=14,
    protocol_at=12,
    naming=Naming.ETHERTYPE,
)
