"""Linux "cooked" capture, `tcpdump -i any` until 2020 (LINKTYPE_LINUX_SLL)."""

from lastack.wire.link import Link, Naming

LINK = Link(
    numbers=(113,),
    name="Linux cooked v1",
    header=16,
    protocol_at=14,
    naming=Naming.ETHERTYPE,
)
