"""The TCP segment inside one captured frame, or why there is none.

One `Packet` is re-used for many frames. Compiled or not, it gives the same
values. Whatever a frame holds, `decode` raises nothing: every index is checked
against the end of what was captured. Compiled, Python's own bounds checks stay on
besides, but for what is read through `octets`: that is behind a comparison of its
own, at half the time. The tests read plain, where a missing check is an
IndexError.
"""

from lastack.wire import encapsulation, internet
from lastack.wire import octets as read
from lastack.wire.fields import MORE, Fields
from lastack.wire.kind import DAMAGED, OTHER, UNKNOWN_LINK
from lastack.wire.link import Naming
from lastack.wire.links import link_type
from lastack.wire.records import NO_PACKET

# Naming's members, for Cython; 0 is a link type that is not known, NOTHING one that
# holds no packet.
ETHERTYPE = Naming.ETHERTYPE
FAMILY = Naming.FAMILY
PPP = Naming.PPP
VERSION = Naming.VERSION
NOTHING = 5


class Packet(Fields):
    """What is read of a frame, and what is remembered of the link of the last."""

    def __init__(self) -> None:
        super().__init__()
        # The link type of the frame before, as data; -1 before the first.
        self.link = -1
        self.link_header = 0
        self.link_protocol_at = 0
        self.link_naming = 0

    def decode(
        self, buffer: bytearray, at: int, captured: int, original: int, link: int
    ) -> int:
        """Read the frame at `at` of `buffer`; return and set `kind`.

        `captured` octets of it are in the buffer, `original` were on the wire;
        `link` is the LINKTYPE_ number.
        """
        end = min(at + captured, len(buffer))
        wire = at + original
        self.tunnels = 0
        self.quoting = 0
        if link != self.link:
            self.remember(link)
        naming = self.link_naming
        start = at + self.link_header
        if at < 0 or start > end:
            kind = UNKNOWN_LINK if naming == 0 else DAMAGED
        elif naming == ETHERTYPE:
            protocol = read.half(read.of(buffer), at + self.link_protocol_at)
            if protocol == 0x0800:
                kind = internet.ipv4(self, buffer, start, end, wire)
            elif protocol == 0x86DD:
                kind = internet.ipv6(self, buffer, start, end, wire)
            else:
                kind = encapsulation.network(self, buffer, start, end, wire, protocol)
        elif naming == VERSION:
            kind = encapsulation.by_version(self, buffer, start, end, wire)
        elif naming == FAMILY:
            kind = self.by_family(buffer, at, end, wire)
        elif naming == PPP:
            kind = encapsulation.ppp(self, buffer, start, end, wire)
        else:
            kind = OTHER if naming == NOTHING else UNKNOWN_LINK
        if kind == MORE:
            kind = self.open(buffer)
        self.kind = kind
        return kind

    def open(self, buffer: bytearray) -> int:
        """Open one tunnel after the other; return the kind of what is inside."""
        kind = MORE
        elsewhere = False
        while kind == MORE:
            inside = self.carried_in
            elsewhere = elsewhere or inside is not buffer
            kind = encapsulation.carried(self, inside)
        if elsewhere:
            # It was put together from pieces: in `buffer` the payload is nowhere.
            self.payload_at = -1
            self.payload_captured = 0
        return kind

    def remember(self, number: int) -> None:
        """Look up link type `number`, for this frame and those that follow."""
        self.link = number
        self.link_naming = 0
        link = link_type(number)
        if link is None:
            self.link_header = 0
            if number == NO_PACKET:
                self.link_naming = NOTHING
            return
        self.link_header = link.header
        self.link_protocol_at = link.protocol_at
        self.link_naming = link.naming
        named = link.protocol_at + (4 if link.naming == FAMILY else 2)
        if link.naming in (ETHERTYPE, FAMILY) and named > link.header:
            raise ValueError(f"{link.name} names its protocol beyond its header")

    def by_family(self, buffer: bytearray, at: int, end: int, wire: int) -> int:
        """Read an address family, in whichever order its host had its octets.

        AF_INET is 2 everywhere; AF_INET6 is 10 (Linux), 24 (NetBSD, OpenBSD),
        28 (FreeBSD), 30 (macOS), 23 (Windows), 26 (illumos).
        """
        where = at + self.link_protocol_at
        if buffer[where + 1] != 0 or buffer[where + 2] != 0:
            return OTHER
        family = buffer[where] + buffer[where + 3]
        if buffer[where] != 0 and buffer[where + 3] != 0:
            return OTHER
        at += self.link_header
        if family == 2:
            return internet.ipv4(self, buffer, at, end, wire)
        if 10 <= family <= 30 and (
            family == 10
            or family == 23
            or family == 24
            or family == 26
            or family == 28
            or family == 30
        ):
            return internet.ipv6(self, buffer, at, end, wire)
        return OTHER
