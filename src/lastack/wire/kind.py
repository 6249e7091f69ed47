"""What a captured frame turned out to be: the values of `Packet.kind`."""

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
"""Cut, or contradicts itself, before the TCP header was whole."""
UNKNOWN_LINK: Final = 5
"""The link type is none of `links/`."""
