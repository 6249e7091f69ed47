"""PPP after an octet that tells the direction (LINKTYPE_PPP_WITH_DIR)."""

from lastack.wire.link import Link, Naming

LINK = Link(
    numbers=(204,),
    name="PPP with direction",
    header=1,
    protocol_at=1,
    naming=Naming.PPP,
)
