"""Linux "cooked" capture with the interface's index (LINKTYPE_LINUX_SLL2)."""

from lastack.wire.link import Link, Naming

LINK = Link(
    numbers=(276,),
    name="Linux cooked v2",
    header=20,
    protocol_at=0,
    naming=Naming.ETHERTYPE,
)
