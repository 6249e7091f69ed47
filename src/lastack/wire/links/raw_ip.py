"""IP with nothing before it (LINKTYPE_RAW, LINKTYPE_IPV4, LINKTYPE_IPV6).

12 and 14 are DLT_RAW of the BSDs, which some programs wrote into files.
"""

from lastack.wire.link import Link, Naming

LINK = Link(
    numbers=(101, 12, 14, 228, 229),
    name="raw IP",
    header=0,
    protocol_at=0,
    naming=Naming.VERSION,
)
