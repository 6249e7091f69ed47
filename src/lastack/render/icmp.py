"""What an ICMP error says, in words."""

from typing import Final

from lastack.tcp.icmp import icmp_name

_WORDS: Final = {
    "unreachable net": "network unreachable",
    "unreachable host": "host unreachable",
    "unreachable protocol": "protocol unreachable",
    "unreachable port": "port unreachable",
    "unreachable frag_needed": "too large, fragmentation needed",
    "unreachable net_prohibited": "network administratively prohibited",
    "unreachable host_prohibited": "host administratively prohibited",
    "unreachable prohibited": "administratively prohibited",
    "time_exceeded transit": "time to live exceeded in transit",
    "time_exceeded reassembly": "fragments missing",
}


def icmp_words(version: int, kind: int, code: int) -> str:
    """Return what an error of that type and code says, for IP version 4 or 6."""
    name = icmp_name(version, kind, code)
    return _WORDS.get(name, name.replace("_", " "))
