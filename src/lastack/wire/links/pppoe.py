"""PPP over Ethernet without the Ethernet (LINKTYPE_PPP_ETHER)."""

from lastack.wire.link import Link, Naming

LINK = Link(
    numbers=(51,),
    name="PPPoE",
    header=6,
    protocol_at=6,
    naming=Naming.PPP,
)
