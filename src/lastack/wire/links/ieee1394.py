"""Apple's IP over FireWire (LINKTYPE_APPLE_IP_OVER_IEEE1394)."""

from lastack.wire.link import Link, Naming

LINK = Link(
    numbers=(138,),
    name="IP over IEEE 1394",
    header=18,
    protocol_at=16,
    naming=Naming.ETHERTYPE,
)
