"""The TCP segment inside one captured frame, or why there is none.

One `Packet` is re-used for every frame of a capture. Compiled (packet.pxd) or
not, it gives the same values. Whatever a frame holds, `decode` raises nothing:
every index is checked against the end of what was captured. Compiled, Python's
own bounds checks stay on besides, but for the fixed fields of the IP and TCP
headers (`octets`): those are read through a pointer behind one comparison, at
half the time. The tests read plain, where a missing check is an IndexError.
"""

from lastack.wire import octets as read
from lastack.wire.fragments import Fragments
from lastack.wire.kind import DAMAGED, FRAGMENT, ICMP_ERROR, OTHER, TCP, UNKNOWN_LINK
from lastack.wire.link import Naming
from lastack.wire.links import links


class Packet:
    """The TCP/IP fields of the frame that was decoded last.

    They mean something where `kind` is TCP or ICMP_ERROR; of an ICMP error they
    are those of the quoted segment. Of several IP headers (a tunnel) they are
    those of the innermost.

    - `version` 4 or 6. An address is two unsigned halves of 64 bits, IPv4 in
      the low 32. With an IPv6 routing header the destination is the final one.
    - `ttl` or hop limit, `tos` or traffic class; `ip_id` is -1 for IPv6.
    - `seq`, `ack`, `flags` (9 bits), `window` (not scaled): the header's. A
      quote of less than 16 octets has -1 for `ack`, `flags`, `window`.
    - `length` is the octets of payload by the IP length, captured or not; -1
      where a quote does not tell. An IP length of 0 (left to the network card)
      is taken from the frame's original length.
    - `payload_at` is where the `payload_captured` octets of payload begin in
      the buffer; -1 where there are none.
    - `mss` and `window_scale` are -1 where the option is missing;
      `sack_blocks` counts, `sack_left` and `sack_right` are the first block;
      `has_authentication` is TCP MD5 or TCP-AO. `options_cut` says that the
      capture ends before the options do.
    - `tunnels` counts the encapsulations that were opened: IP in IP, GRE,
      VXLAN, Geneve, pseudowires. VLAN tags and MPLS labels are none.
    - `icmp_source_high`, `icmp_source_low` is who reported the error,
      `icmp_mtu` what it said would fit, or 0.
    """

    def __init__(self) -> None:
        self.kind = OTHER
        self.version = 0
        self.source_high = 0
        self.source_low = 0
        self.destination_high = 0
        self.destination_low = 0
        self.source_port = 0
        self.destination_port = 0
        self.seq = 0
        self.ack = 0
        self.flags = 0
        self.window = 0
        self.length = 0
        self.payload_at = -1
        self.payload_captured = 0
        self.ttl = 0
        self.ip_id = -1
        self.dont_fragment = 0
        self.tos = 0
        self.mss = -1
        self.window_scale = -1
        self.sack_permitted = 0
        self.has_timestamp = 0
        self.timestamp_value = 0
        self.timestamp_echo = 0
        self.sack_blocks = 0
        self.sack_left = 0
        self.sack_right = 0
        self.has_authentication = 0
        self.multipath = 0
        self.fast_open = 0
        self.options_cut = 0
        # Whether an option but the timestamps was read since they were forgotten.
        self.optioned = 0
        self.tunnels = 0
        self.icmp_type = 0
        self.icmp_code = 0
        self.icmp_version = 0
        self.icmp_mtu = 0
        self.icmp_source_high = 0
        self.icmp_source_low = 0
        # Inside the quote of an ICMP error; which piece of what is being read.
        self.quoting = 0
        self.piece_of = 0
        self.piece_offset = 0
        self.piece_more = 0
        # The link type of the frame before, as data; -1 before the first.
        self.link = -1
        self.link_header = 0
        self.link_protocol_at = 0
        self.link_naming = 0
        self.fragments = Fragments()

    def decode(
        self, buffer: bytearray, at: int, captured: int, original: int, link: int
    ) -> int:
        """Read the frame at `at` of `buffer`; return and set `kind`.

        `captured` octets of it are in the buffer, `original` were on the wire;
        `link` is the LINKTYPE_ number.
        """
        end = min(at + captured, len(buffer))
        self.tunnels = 0
        self.quoting = 0
        if link != self.link:
            self.remember(link)
        naming = self.link_naming
        start = at + self.link_header
        if at < 0 or start > end:
            self.kind = UNKNOWN_LINK if naming == 0 else DAMAGED
        elif naming == 1:
            where = at + self.link_protocol_at
            protocol = (buffer[where] << 8) | buffer[where + 1]
            if protocol == 0x0800:
                self.kind = self.ipv4(buffer, start, end, at + original)
            else:
                self.kind = self.network(buffer, start, end, at + original, protocol)
        elif naming == 2:
            self.kind = self.by_family(buffer, at, end, at + original)
        elif naming == 3:
            self.kind = self.ppp(buffer, start, end, at + original)
        elif naming == 4:
            self.kind = self.by_version(buffer, start, end, at + original)
        else:
            self.kind = UNKNOWN_LINK
        return self.kind

    def remember(self, number: int) -> None:
        """Look up link type `number`, for this frame and those that follow."""
        self.link = number
        self.link_naming = 0
        link = links().get(number)
        if link is None:
            self.link_header = 0
            return
        self.link_header = link.header
        self.link_protocol_at = link.protocol_at
        self.link_naming = int(link.naming)
        named = link.protocol_at + (4 if link.naming == Naming.FAMILY else 2)
        if link.naming in (Naming.ETHERTYPE, Naming.FAMILY) and named > link.header:
            raise ValueError(f"{link.name} names its protocol beyond its header")

    # ---- what a network protocol's number says ------------------------------
    # In all that follows the captured octets end at `end`, those on the wire at
    # `wire`; both count from the start of the buffer, `wire` may lie beyond it.

    def network(
        self, buffer: bytearray, at: int, end: int, wire: int, protocol: int
    ) -> int:
        """Follow an EtherType through tags and labels to the IP packet."""
        while True:
            if protocol == 0x0800:
                return self.ipv4(buffer, at, end, wire)
            if protocol == 0x86DD:
                return self.ipv6(buffer, at, end, wire)
            if protocol == 0x8100 or protocol == 0x88A8 or protocol == 0x9100:
                if end - at < 4:
                    return DAMAGED
                protocol = (buffer[at + 2] << 8) | buffer[at + 3]
                at += 4
            elif protocol <= 1500:
                # IEEE 802.3: it was a length; LLC names IP, or SNAP does.
                if end - at < 8:
                    return OTHER
                if buffer[at] == 6 and buffer[at + 1] == 6 and buffer[at + 2] == 3:
                    return self.ipv4(buffer, at + 3, end, wire)
                if (
                    buffer[at] != 0xAA
                    or buffer[at + 1] != 0xAA
                    or buffer[at + 2] != 3
                    or buffer[at + 3] != 0
                    or buffer[at + 4] != 0
                    or (buffer[at + 5] != 0 and buffer[at + 5] != 0xF8)
                ):
                    return OTHER
                protocol = (buffer[at + 6] << 8) | buffer[at + 7]
                at += 8
            elif protocol == 0x8847 or protocol == 0x8848:
                return self.mpls(buffer, at, end, wire)
            elif protocol == 0x8864:
                # PPPoE (RFC 2516): version and type 1, code 0, a session.
                if end - at < 6:
                    return DAMAGED
                if buffer[at] != 0x11 or buffer[at + 1] != 0:
                    return OTHER
                return self.ppp(buffer, at + 6, end, wire)
            elif protocol == 0x880B:
                return self.ppp(buffer, at, end, wire)
            else:
                return OTHER

    def by_version(self, buffer: bytearray, at: int, end: int, wire: int) -> int:
        """Read an IP packet that only its own first nibble names."""
        if at >= end:
            return DAMAGED
        version = buffer[at] >> 4
        if version == 4:
            return self.ipv4(buffer, at, end, wire)
        if version == 6:
            return self.ipv6(buffer, at, end, wire)
        return OTHER

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
            return self.ipv4(buffer, at, end, wire)
        if 10 <= family <= 30 and (
            family == 10
            or family == 23
            or family == 24
            or family == 26
            or family == 28
            or family == 30
        ):
            return self.ipv6(buffer, at, end, wire)
        return OTHER

    def ppp(self, buffer: bytearray, at: int, end: int, wire: int) -> int:
        """Read a PPP header (RFC 1661, 1662), compressed or not, or Cisco HDLC."""
        if end - at < 4:
            return DAMAGED
        if (buffer[at] == 0x0F or buffer[at] == 0x8F) and buffer[at + 1] == 0:
            return self.network(
                buffer, at + 4, end, wire, (buffer[at + 2] << 8) | buffer[at + 3]
            )
        if buffer[at] == 0xFF and buffer[at + 1] == 3:
            at += 2
        protocol = buffer[at]
        at += 1
        if protocol & 1 == 0:
            protocol = (protocol << 8) | buffer[at]
            at += 1
        if protocol == 0x21:
            return self.ipv4(buffer, at, end, wire)
        if protocol == 0x57:
            return self.ipv6(buffer, at, end, wire)
        if protocol == 0x281 or protocol == 0x283:
            return self.mpls(buffer, at, end, wire)
        return OTHER

    def mpls(self, buffer: bytearray, at: int, end: int, wire: int) -> int:
        """Pass a stack of labels (RFC 3032); what follows names itself."""
        while True:
            if end - at < 5:
                return DAMAGED
            at += 4
            if buffer[at - 2] & 1:
                break
        if buffer[at] >> 4 == 0:
            # A pseudowire (RFC 4448): Ethernet, perhaps after a control word.
            # Nothing tells which, but where an EtherType is one of ours.
            if self.carries(buffer, at + 16, end):
                return self.tunnel(buffer, at + 4, end, wire, 0x6558)
            return self.tunnel(buffer, at, end, wire, 0x6558)
        return self.by_version(buffer, at, end, wire)

    def carries(self, buffer: bytearray, at: int, end: int) -> int:
        """Return 1 if the EtherType at `at` is of IP or of a tag, else 0."""
        if end - at < 2:
            return 0
        kind = (buffer[at] << 8) | buffer[at + 1]
        return 1 if kind == 0x0800 or kind == 0x86DD or kind == 0x8100 else 0

    # ---- IP -----------------------------------------------------------------

    def ipv4(self, buffer: bytearray, at: int, end: int, wire: int) -> int:
        """Read an IPv4 header (RFC 791) and what it carries."""
        if end - at < 20:
            return DAMAGED
        octets = buffer
        header = (octets[at] & 15) * 4
        if octets[at] >> 4 != 4 or header < 20:
            return DAMAGED
        total = read.half(octets, at + 2)
        if total != 0:
            if total < header:
                return DAMAGED
            wire = at + total
            end = min(end, wire)
        if end - at < header:
            return DAMAGED
        self.version = 4
        self.source_high = 0
        self.source_low = read.word(octets, at + 12)
        self.destination_high = 0
        self.destination_low = read.word(octets, at + 16)
        self.tos = octets[at + 1]
        self.ip_id = read.half(octets, at + 4)
        pieces = read.half(octets, at + 6)
        self.dont_fragment = (pieces >> 14) & 1
        self.ttl = octets[at + 8]
        protocol = octets[at + 9]
        if pieces & 0x3FFF:
            self.piece_of = self.ip_id
            self.piece_offset = (pieces & 0x1FFF) * 8
            self.piece_more = (pieces >> 13) & 1
            return self.piece(buffer, at + header, end, wire, protocol)
        if protocol == 6:
            return self.tcp(buffer, at + header, end, wire)
        return self.transport(buffer, at + header, end, wire, protocol)

    def ipv6(self, buffer: bytearray, at: int, end: int, wire: int) -> int:
        """Read an IPv6 header (RFC 8200), its extensions and what they carry."""
        if end - at < 40:
            return DAMAGED
        octets = buffer
        if octets[at] >> 4 != 6:
            return DAMAGED
        total = read.half(octets, at + 4)
        if total != 0:
            wire = at + 40 + total
            end = min(end, wire)
        self.version = 6
        self.tos = ((octets[at] & 15) << 4) | (octets[at + 1] >> 4)
        self.ip_id = -1
        self.dont_fragment = 0
        self.ttl = octets[at + 7]
        self.source_high = read.double(octets, at + 8)
        self.source_low = read.double(octets, at + 16)
        self.destination_high = read.double(octets, at + 24)
        self.destination_low = read.double(octets, at + 32)
        protocol = octets[at + 6]
        at += 40
        if protocol == 6:
            return self.tcp(buffer, at, end, wire)
        while True:
            if protocol == 0 or protocol == 43 or protocol == 60:
                if end - at < 8:
                    return DAMAGED
                size = (buffer[at + 1] + 1) * 8
                if protocol == 43 and buffer[at + 3] != 0 and end - at >= size:
                    self.final_destination(buffer, at, size)
                elif protocol == 0 and total == 0 and buffer[at + 2] == 0xC2:
                    # The jumbo option (RFC 2675), as Linux writes it: first.
                    wire = at + word(buffer, at + 4)
                    end = min(end, wire)
                protocol = buffer[at]
                at += size
            elif protocol == 44:
                if end - at < 8:
                    return DAMAGED
                pieces = (buffer[at + 2] << 8) | buffer[at + 3]
                protocol = buffer[at]
                at += 8
                if pieces & 0xFFF9:
                    self.piece_of = word(buffer, at - 4)
                    self.piece_offset = pieces & 0xFFF8
                    self.piece_more = pieces & 1
                    return self.piece(buffer, at, end, wire, protocol)
            else:
                return self.transport(buffer, at, end, wire, protocol)

    def final_destination(self, buffer: bytearray, at: int, size: int) -> None:
        """Take the last stop of a routing header that has stops left.

        Types 0 and 2 list it last (RFC 5095, 6275), type 4 first (RFC 8754).
        """
        if size < 24:
            return
        if buffer[at + 2] == 0 or buffer[at + 2] == 2:
            at += size - 16
        elif buffer[at + 2] == 4:
            at += 8
        else:
            return
        self.destination_high = double(buffer, at)
        self.destination_low = double(buffer, at + 8)

    def piece(
        self, buffer: bytearray, at: int, end: int, wire: int, protocol: int
    ) -> int:
        """Read a fragment: the piece that completes a packet is that packet.

        As in Wireshark, a piece that the capture cut is not put together; the
        first one is read for itself then.
        """
        if self.quoting or end < wire:
            if self.piece_offset != 0:
                return FRAGMENT
            return self.transport(buffer, at, end, wire, protocol)
        whole = self.fragments.add(
            (
                self.source_high,
                self.source_low,
                self.destination_high,
                self.destination_low,
                self.piece_of,
                protocol if self.version == 4 else -1,
            ),
            buffer[at:end],
            self.piece_offset,
            self.piece_more != 0,
            protocol,
        )
        if whole is None:
            return FRAGMENT
        kind = self.transport(
            whole.head, 0, len(whole.head), whole.total, whole.protocol
        )
        self.payload_at = -1
        self.payload_captured = 0
        return kind

    # ---- what IP carries ----------------------------------------------------

    def transport(
        self, buffer: bytearray, at: int, end: int, wire: int, protocol: int
    ) -> int:
        """Follow an IP protocol number to a TCP header."""
        while protocol == 51:
            # The authentication header (RFC 4302) of IPv4 or IPv6.
            if end - at < 8:
                return DAMAGED
            protocol = buffer[at]
            at += (buffer[at + 1] + 2) * 4
        if protocol == 6:
            return self.tcp(buffer, at, end, wire)
        if self.quoting:
            return OTHER
        if protocol == 17:
            return self.udp(buffer, at, end, wire)
        if protocol == 1 and self.version == 4:
            return self.icmp(buffer, at, end, wire)
        if protocol == 58 and self.version == 6:
            return self.icmp(buffer, at, end, wire)
        if protocol == 4:
            return self.tunnel(buffer, at, end, wire, 0x0800)
        if protocol == 41:
            return self.tunnel(buffer, at, end, wire, 0x86DD)
        if protocol == 47:
            return self.gre(buffer, at, end, wire)
        if protocol == 137:
            return self.tunnel(buffer, at, end, wire, 0x8847)
        return OTHER

    def tunnel(
        self, buffer: bytearray, at: int, end: int, wire: int, protocol: int
    ) -> int:
        """Open an encapsulation, at most eight in one frame."""
        if self.tunnels >= 8:
            return OTHER
        self.tunnels += 1
        if protocol == 0x6558:
            if end - at < 14:
                return DAMAGED
            protocol = (buffer[at + 12] << 8) | buffer[at + 13]
            at += 14
        return self.network(buffer, at, end, wire, protocol)

    def gre(self, buffer: bytearray, at: int, end: int, wire: int) -> int:
        """Open GRE (RFC 2784, 2890, 2637), ERSPAN in it too."""
        if end - at < 4:
            return DAMAGED
        present = (buffer[at] << 8) | buffer[at + 1]
        protocol = (buffer[at + 2] << 8) | buffer[at + 3]
        if present & 0x4000 or present & 7 > 1:
            return OTHER
        at += 4
        if present & 0x8000:
            at += 4
        if present & 0x2000:
            at += 4
        if present & 0x1000:
            at += 4
        if present & 7 == 1 and present & 0x80:
            at += 4
        if protocol == 0x88BE:
            # ERSPAN: type I has no header and no sequence number, type II both.
            if present & 0x1000:
                at += 8
            protocol = 0x6558
        elif protocol == 0x22EB:
            # ERSPAN type III, with a platform's own header where it says so.
            if end - at < 12:
                return DAMAGED
            at += 20 if buffer[at + 11] & 1 else 12
            protocol = 0x6558
        return self.tunnel(buffer, at, end, wire, protocol)

    def udp(self, buffer: bytearray, at: int, end: int, wire: int) -> int:
        """Open VXLAN (RFC 7348) and Geneve (RFC 8926); other UDP is not TCP."""
        if end - at < 16:
            return OTHER
        port = (buffer[at + 2] << 8) | buffer[at + 3]
        if port == 4789 and buffer[at + 8] & 8:
            return self.tunnel(buffer, at + 16, end, wire, 0x6558)
        if port == 6081 and buffer[at + 8] >> 6 == 0:
            protocol = (buffer[at + 10] << 8) | buffer[at + 11]
            at += 16 + (buffer[at + 8] & 63) * 4
            return self.tunnel(buffer, at, end, wire, protocol)
        return OTHER

    def icmp(self, buffer: bytearray, at: int, end: int, wire: int) -> int:
        """Read an ICMP error (RFC 792, 4443) and the TCP segment in it."""
        if end - at < 8:
            return OTHER
        kind = buffer[at]
        six = self.version == 6
        if six:
            if kind < 1 or kind > 4:
                return OTHER
        elif kind != 3 and kind != 11 and kind != 12 and kind != 4 and kind != 5:
            return OTHER
        self.icmp_type = kind
        self.icmp_code = buffer[at + 1]
        self.icmp_version = self.version
        self.icmp_source_high = self.source_high
        self.icmp_source_low = self.source_low
        self.icmp_mtu = 0
        if six:
            if kind == 2:
                self.icmp_mtu = word(buffer, at + 4)
            size = buffer[at + 4] * 8 if kind == 1 or kind == 3 else 0
        else:
            if kind == 3 and self.icmp_code == 4:
                self.icmp_mtu = (buffer[at + 6] << 8) | buffer[at + 7]
            size = buffer[at + 5] * 4 if kind == 3 or kind >= 11 else 0
        at += 8
        if size and end > at + size:
            # After the quote come extensions (RFC 4884).
            end = at + size
        if kind == 5 and not six and end > at:
            # Of what a redirect quotes, Wireshark reads the first eight octets.
            size = (buffer[at] & 15) * 4 + 8
            end = min(end, at + size)
        self.quoting = 1
        if six:
            kind = self.ipv6(buffer, at, end, wire)
        else:
            kind = self.ipv4(buffer, at, end, wire)
        return ICMP_ERROR if kind == TCP else OTHER

    # ---- TCP ----------------------------------------------------------------

    def tcp(self, buffer: bytearray, at: int, end: int, wire: int) -> int:
        """Read a TCP header (RFC 9293, 3.1).

        Its first 16 octets hold all that is read before the options, so a
        capture that is cut there still gives a segment.
        """
        if self.optioned:
            self.forget_options()
        self.has_timestamp = 0
        self.payload_at = -1
        self.payload_captured = 0
        if end - at < 16:
            if not self.quoting or end - at < 8:
                return DAMAGED
            self.source_port = (buffer[at] << 8) | buffer[at + 1]
            self.destination_port = (buffer[at + 2] << 8) | buffer[at + 3]
            self.seq = word(buffer, at + 4)
            self.ack = -1
            self.flags = -1
            self.window = -1
            self.length = -1
            self.optioned = 1
            self.options_cut = 1
            return TCP
        octets = buffer
        self.source_port = read.half(octets, at)
        self.destination_port = read.half(octets, at + 2)
        self.seq = read.word(octets, at + 4)
        self.ack = read.word(octets, at + 8)
        self.flags = ((octets[at + 12] & 1) << 8) | octets[at + 13]
        self.window = read.half(octets, at + 14)
        header = (octets[at + 12] >> 4) * 4
        length = wire - at - header
        if header < 20 or length < 0:
            if not self.quoting:
                return DAMAGED
            self.length = -1
            return TCP
        self.length = length
        if header > 20:
            if (
                header == 32
                and end - at >= 32
                and octets[at + 20] == 1
                and octets[at + 21] == 1
                and octets[at + 22] == 8
                and octets[at + 23] == 10
            ):
                # What nearly every segment carries: two NOPs and timestamps.
                self.has_timestamp = 1
                self.timestamp_value = read.word(octets, at + 24)
                self.timestamp_echo = read.word(octets, at + 28)
            else:
                self.options(buffer, at + 20, end, at + header)
        elif end - at < 20:
            self.optioned = 1
            self.options_cut = 1
        if end > at + header:
            self.payload_at = at + header
            self.payload_captured = end - at - header
        return TCP

    def forget_options(self) -> None:
        """Set the fields of options to what a segment without any has."""
        self.optioned = 0
        self.mss = -1
        self.window_scale = -1
        self.sack_permitted = 0
        self.sack_blocks = 0
        self.has_authentication = 0
        self.multipath = 0
        self.fast_open = 0
        self.options_cut = 0

    def options(self, buffer: bytearray, at: int, end: int, stop: int) -> None:
        """Read the TCP options up to `stop`, as far as they were captured."""
        self.optioned = 1
        if stop > end:
            stop = end
            self.options_cut = 1
        while at < stop:
            kind = buffer[at]
            if kind == 0:
                return
            if kind == 1:
                at += 1
                continue
            if stop - at < 2:
                return
            size = buffer[at + 1]
            if size < 2 or size > stop - at:
                return
            if kind == 2 and size == 4:
                self.mss = (buffer[at + 2] << 8) | buffer[at + 3]
            elif kind == 3 and size == 3:
                self.window_scale = buffer[at + 2]
            elif kind == 4 and size == 2:
                self.sack_permitted = 1
            elif kind == 5 and size >= 10:
                self.sack_blocks = (size - 2) // 8
                self.sack_left = word(buffer, at + 2)
                self.sack_right = word(buffer, at + 6)
            elif kind == 8 and size == 10:
                self.has_timestamp = 1
                self.timestamp_value = word(buffer, at + 2)
                self.timestamp_echo = word(buffer, at + 6)
            elif kind == 19 or kind == 29:
                self.has_authentication = 1
            elif kind == 30:
                self.multipath = 1
            elif kind == 34 or (
                # RFC 7413's option, and its experimental form before.
                kind == 254
                and size >= 4
                and buffer[at + 2] == 0xF9
                and buffer[at + 3] == 0x89
            ):
                self.fast_open = 1
            at += size


def word(buffer: bytearray, at: int) -> int:
    """Return the 32-bit number at `at`, most significant octet first."""
    value = buffer[at]
    # Octet by octet in one wide variable: a C int would overflow.
    value = (value << 8) | buffer[at + 1]
    value = (value << 8) | buffer[at + 2]
    return (value << 8) | buffer[at + 3]


def double(buffer: bytearray, at: int) -> int:
    """Return the 64-bit number at `at`, most significant octet first."""
    value = word(buffer, at)
    return (value << 32) | word(buffer, at + 4)
