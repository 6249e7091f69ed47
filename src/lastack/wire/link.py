"""What a link type is: a short header, and where it names the next protocol.

It is data, not code, so that the compiled pass over a capture reads every link
type with the same few instructions.
"""


class Naming:
    """How a link header names the protocol that it carries."""

    ETHERTYPE = 1
    """Two octets, an EtherType (or an 802.3 length, then LLC and SNAP)."""
    FAMILY = 2
    """Four octets, an address family (AF_INET, AF_INET6 of any BSD, Linux)."""
    PPP = 3
    """A PPP protocol field of one or two octets, perhaps after FF 03."""
    VERSION = 4
    """Nothing: the IP version is the first nibble of the packet."""


class Link:
    """A link type: `header` octets, the protocol named at `protocol_at`.

    `numbers` are its LINKTYPE_ values. For `Naming.FAMILY` either byte order is
    accepted, since LINKTYPE_NULL is in the order of the capturing host.
    """

    def __init__(
        self,
        *,
        numbers: tuple[int, ...],
        name: str,
        header: int,
        protocol_at: int,
        naming: int,
    ) -> None:
        self.numbers = numbers
        self.name = name
        self.header = header
        self.protocol_at = protocol_at
        self.naming = naming
