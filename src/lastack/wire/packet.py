"""The TCP segment inside one captured frame, or why there is none.

One `Packet` is re-used for every frame of a capture.
"""

from typing import Final

OTHER: Final = 0
"""Not TCP."""
TCP: Final = 1
"""A TCP segment."""
ICMP_ERROR: Final = 2
"""An ICMP or ICMPv6 error that quotes a TCP segment."""
FRAGMENT: Final = 3
"""A piece of an IP packet that completes no TCP segment."""
DAMAGED: Final = 4
"""Cut, or contradicts itself, before the TCP header is whole."""
UNKNOWN_LINK: Final = 5
"""The link type is not one of `links/`."""


class Packet:
    """The TCP/IP fields of the frame that was decoded last.

    All are meaningless unless `kind` is TCP or ICMP_ERROR.
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
        self.tunnels = 0
        self.icmp_type = 0
        self.icmp_code = 0
        self.icmp_version = 0
        self.icmp_mtu = 0
        self.icmp_source_high = 0
        self.icmp_source_low = 0

    def decode(
        self, buffer: bytearray, at: int, captured: int, original: int, link: int
    ) -> int:
        """Read the frame at `at` of `buffer`; return and set `kind`.

        `captured` octets of it are in the buffer, `original` were on the wire;
        `link` is the LINKTYPE_ number.
        """
        self.kind = OTHER
        return self.kind
