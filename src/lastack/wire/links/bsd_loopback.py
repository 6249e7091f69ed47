"""BSD loopback: an address family (LINKTYPE_NULL, and LINKTYPE_LOOP of OpenBSD)."""

from lastack.wire.link import Link, Naming

LINK = Link(
    numbers=(0, 108),
    name="BSD loopback",
    header=4,
    protocol_at=0,
    naming=Naming.FAMILY,
)
