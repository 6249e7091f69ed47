"""The enc interface of OpenBSD and FreeBSD, IPsec in the clear (LINKTYPE_ENC)."""

from lastack.wire.link import Link, Naming

LINK = Link(
    numbers=(109,),
    name="BSD enc",
    header=12,
    protocol_at=0,
    naming=Naming.FAMILY,
)
