"""What a captured frame turned out to be: the values of `Packet.kind`."""

OTHER = 0
"""Not TCP."""
TCP = 1
"""A TCP segment."""
ICMP_ERROR = 2
"""An ICMP or ICMPv6 error that quotes a TCP segment."""
FRAGMENT = 3
"""A piece of an IP packet that completes no TCP segment."""
DAMAGED = 4
"""Cut, or contradicts itself, before the TCP header, or a quote's ports, were whole."""
UNKNOWN_LINK = 5
"""The link type is none of `links/`."""
