"""What passes that is no TCP: UDP datagrams and ICMP errors, in tcpdump's words.

Only what the lab's own namespaces send is met here: Ethernet without tags, IPv4
without fragments, IPv6 without extension headers.
"""

import ipaddress
from dataclasses import dataclass
from typing import Final

from lastack.tcp.segment import Address

_IPV4: Final = 0x0800
_IPV6: Final = 0x86DD
_ETHERNET: Final = 14
_IPV6_HEADER: Final = 40
_UDP_HEADER: Final = 8
_ICMP_HEADER: Final = 8
_ICMP: Final = 1
_TCP: Final = 6
_UDP: Final = 17
_ICMP6: Final = 58
_PROTOCOLS: Final = {_TCP: "tcp", _UDP: "udp"}

# {host}, {protocol}, {port} and {mtu} are of the packet that the error quotes.
_ERRORS: Final = {
    (3, 0): "net {host} unreachable",
    (3, 1): "host {host} unreachable",
    (3, 2): "{host} protocol {number} unreachable",
    (3, 3): "{host} {protocol} port {port} unreachable",
    (3, 4): "{host} unreachable - need to frag (mtu {mtu})",
    (3, 9): "net {host} unreachable - admin prohibited",
    (3, 10): "host {host} unreachable - admin prohibited",
    (3, 13): "host {host} unreachable - admin prohibited filter",
    (11, 0): "time exceeded in-transit",
}
_ERRORS_6: Final = {
    (1, 0): "destination unreachable, unreachable route {host}",
    (1, 1): "destination unreachable, unreachable prohibited {host}",
    (1, 3): "destination unreachable, unreachable address {host}",
    (1, 4): "destination unreachable, unreachable port, {host} {protocol} port {port}",
    (2, 0): "packet too big, mtu {mtu}",
    (3, 0): "time exceeded in-transit for {host}",
}


@dataclass(frozen=True, slots=True)
class _Header:
    """An IP header: who to whom, what is in it, and where that begins."""

    source: str
    destination: str
    protocol: int
    start: int
    end: int


def _header(packet: bytes) -> _Header | None:
    if len(packet) >= 20 and packet[0] >> 4 == 4:
        return _Header(
            str(ipaddress.ip_address(packet[12:16])),
            str(ipaddress.ip_address(packet[16:20])),
            packet[9],
            (packet[0] & 15) * 4,
            int.from_bytes(packet[2:4], "big"),
        )
    if len(packet) >= _IPV6_HEADER and packet[0] >> 4 == 6:
        return _Header(
            str(ipaddress.ip_address(packet[8:24])),
            str(ipaddress.ip_address(packet[24:40])),
            packet[6],
            _IPV6_HEADER,
            _IPV6_HEADER + int.from_bytes(packet[4:6], "big"),
        )
    return None


def datagram_of(frame: bytes) -> tuple[Address, Address, str] | None:
    """Return sender, receiver and what tcpdump says of a datagram or ICMP error.

    None if `frame` has neither; the ports of an ICMP error are 0.
    """
    if int.from_bytes(frame[12:14], "big") not in {_IPV4, _IPV6}:
        return None
    packet = frame[_ETHERNET:]
    header = _header(packet)
    if header is None:
        return None
    content = packet[header.start : header.end]
    if header.protocol == _UDP and len(content) >= _UDP_HEADER:
        length = int.from_bytes(content[4:6], "big") - _UDP_HEADER
        return (
            Address(header.source, int.from_bytes(content[:2], "big")),
            Address(header.destination, int.from_bytes(content[2:4], "big")),
            f"UDP, length {length}",
        )
    if header.protocol not in {_ICMP, _ICMP6} or len(content) < _ICMP_HEADER:
        return None
    text = _error_text(content, six=header.protocol == _ICMP6)
    if text is None:
        return None
    return Address(header.source, 0), Address(header.destination, 0), text


def _error_text(message: bytes, *, six: bool) -> str | None:
    """What tcpdump says of an ICMP error; None for what is no error."""
    quoted = _header(message[_ICMP_HEADER:])
    if quoted is None:
        return None
    kind, code = message[0], message[1]
    words = (_ERRORS_6 if six else _ERRORS).get((kind, code))
    if words is None:
        words = f"type {kind} code {code}"
    port = _ICMP_HEADER + quoted.start + 2
    said = words.format(
        host=quoted.destination,
        number=quoted.protocol,
        protocol=_PROTOCOLS.get(quoted.protocol, str(quoted.protocol)),
        port=int.from_bytes(message[port : port + 2], "big"),
        mtu=int.from_bytes(message[4:8] if six else message[6:8], "big"),
    )
    return f"{'ICMP6,' if six else 'ICMP'} {said}, length {len(message)}"
