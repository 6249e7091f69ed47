"""What is read of one frame: the fields of `Packet`, and where its readers are.

The readers are functions, one layer of headers a page, that fill these fields:
`tcp_options`, `internet` (IP, TCP, ICMP) and, on them, `encapsulation`. Each takes
the buffer and three places in it: the next header is at `at`, the captured octets
end at `end`, those that were on the wire at `wire`, which may lie beyond the
buffer. It returns a kind, or MORE.
"""

from lastack.wire.fragments import Fragments
from lastack.wire.kind import OTHER

MORE = 6
"""What a reader returns, no kind: IP carries the protocol `carried`, to be opened."""


class Fields:
    """The TCP/IP fields of the frame that was decoded last.

    They mean something where `kind` is TCP or ICMP_ERROR; of an ICMP error they
    are those of the quoted segment. Of several IP headers (a tunnel) they are
    those of the innermost.

    - `version` 4 or 6. An address is two unsigned halves of 64 bits, IPv4 in
      the low 32. With an IPv6 routing header the destination is the final one.
    - `ttl` or hop limit, `tos` or traffic class; `ip_id` is -1 for IPv6.
    - `seq`, `ack`, `flags` (9 bits), `window` (not scaled): the header's. A
      quote of less than 16 octets has -1 for `ack`, `flags`, `window`; of less
      than 8, which the capture cut, for `seq` as well.
    - `length` is the octets of payload by the IP length, captured or not; -1
      where a quote does not tell. An IP length of 0 (left to the network card)
      is taken from the frame's original length.
    - `payload_at` is where the `payload_captured` octets of payload begin in
      the buffer; -1 where there are none.
    - `mss` and `window_scale` are -1 where the option is missing;
      `sack_blocks` counts, `sack_left` and `sack_right` are the first block.
      `options_cut` says that the capture ends before the options do.
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
        self.fragments = Fragments()
        # After MORE: what is to be opened, where, and in which buffer. That is
        # another than the frame's where the pieces of a packet were put together.
        self.carried = 0
        self.carried_at = 0
        self.carried_end = 0
        self.carried_wire = 0
        self.carried_in = bytearray()
