"""Zeek's conn_state of a connection: `base/protocols/conn/main.zeek`, `conn_state`.

Zeek keeps a state for each endpoint and moves it with every segment
(`TCPSessionAdapter.cc`, the `Update*State` functions); SYN, FIN and RST decide,
in their order, and no sequence number does. The same moves are made here, on
the first SYN, the first FIN and the resets of each side. A stream is one
connection: Zeek's timers, which forget one and begin another, are left out.
"""

from typing import Final, Literal

from lastack.connections.connection import Connection
from lastack.connections.seen import Seen
from lastack.connections.side import Side
from lastack.tcp.flags import ACK, FIN, RST, SYN

Conn = Literal[
    "S0", "S1", "SF", "REJ", "S2", "S3", "RSTO", "RSTR", "RSTOS0", "RSTRH",
    "SH", "SHR", "OTH",
]  # fmt: skip

_INACTIVE: Final = "INACTIVE"
_SYN_SENT: Final = "SYN_SENT"
_SYN_ACK_SENT: Final = "SYN_ACK_SENT"
_PARTIAL: Final = "PARTIAL"
_ESTABLISHED: Final = "ESTABLISHED"
_CLOSED: Final = "CLOSED"
_RESET: Final = "RESET"

_NEVER_SPOKE: Final = {_INACTIVE, _PARTIAL}

_SERVER_PORTS: Final = frozenset(
    {
        *(21, 22, 25, 53, 79, 80, 81, 88, 110, 137, 139, 143, 389, 443, 445, 502),
        *(563, 585, 587, 614, 631, 636, 989, 990, 992, 993, 995, 1080, 1434, 1883),
        *(2811, 3128, 3268, 3306, 3389, 5060, 5222, 5223, 5269, 5353, 5355, 5432),
        *(5900, 6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000),
    }
)
"""`likely_server_ports` of TCP, as `base/protocols/*/main.zeek` fill it."""


def zeek_state(connection: Connection) -> Conn:
    """Return the state that Zeek logs for the connection's segments."""
    originator, responder = connection.side0, connection.side1
    if _flipped(connection):
        originator, responder = responder, originator
    one, two = _Endpoint(originator), _Endpoint(responder)
    for seen in _segments(connection):
        if seen.side == originator.index:
            one.take(seen, two, is_originator=True)
        else:
            two.take(seen, one, is_originator=False)
    return _conn_state(connection, one, two)


def _conn_state(connection: Connection, one: "_Endpoint", two: "_Endpoint") -> Conn:
    """Return the state that the end states of both endpoints make."""
    if two.state == _RESET:
        empty = one.side.octets == 0 and two.side.octets == 0
        if one.state in {_SYN_SENT, _SYN_ACK_SENT} or (one.state == _RESET and empty):
            return "REJ"
        return "RSTRH" if one.state in _NEVER_SPOKE else "RSTR"
    if one.state == _RESET:
        if two.state not in _NEVER_SPOKE:
            return "RSTO"
        return "RSTOS0" if _only_syns_before_reset(connection, one.side) else "OTH"
    if one.state == _CLOSED:
        if two.state == _CLOSED:
            return "SF"
        return "SH" if two.state in _NEVER_SPOKE else "S2"
    if two.state == _CLOSED:
        return "SHR" if one.state in _NEVER_SPOKE else "S3"
    if one.state == _SYN_SENT and two.state == _INACTIVE:
        return "S0"
    if one.state == _ESTABLISHED and two.state == _ESTABLISHED:
        return "S1"
    return "OTH"


def _flipped(connection: Connection) -> bool:
    """Return whether side 1 is the originator, though side 0 spoke first.

    Zeek takes the first sender for the originator; if that was no SYN, it looks
    at the ports (`TCPAnalyzer::WantConnection`).
    """
    first = connection.side0
    begins = first.syn is not None and first.syn.frame == connection.first_frame
    if begins and first.syn is not None and not first.syn.flags & ACK:
        return False
    if connection.port0 not in _SERVER_PORTS:
        return False
    if connection.port1 not in _SERVER_PORTS:
        return True
    return not begins and connection.port0 < connection.port1


def _segments(connection: Connection) -> list[Seen]:
    """Return the segments that move a state, in order."""
    found = [reset.segment for reset in connection.resets]
    for side in (connection.side0, connection.side1):
        found.extend(seen for seen in (side.syn, side.fin) if seen is not None)
        if side.syn is None and side.packets > side.fins:
            found.append(_other(connection, side))
    return sorted(found, key=lambda seen: seen.frame)


def _other(connection: Connection, side: Side) -> Seen:
    """Return a segment without SYN, FIN and RST, where the side's first one is.

    Side 0 sent the first frame of all; where the answer stands matters no more
    than that it comes after it.
    """
    other = Seen()
    other.frame = connection.first_frame
    other.side = side.index
    other.flags = ACK
    other.length = 1 if side.octets > 0 else 0
    return other


def _only_syns_before_reset(connection: Connection, side: Side) -> bool:
    """Return whether the first sender sent SYNs, then a RST, and nothing else.

    Zeek asks the history, which must begin with an S and have neither A nor F
    of that side before the R.
    """
    if side.index != 0 or side.syns == 0:
        return False
    reset = next(one for one in connection.resets if one.segment.side == 0)
    return side.packets - side.syns - reset.sender_after <= 0


class _Endpoint:
    """One side's state, moved by its own segments."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.state = _INACTIVE
        self.before = _INACTIVE

    def become(self, state: str) -> None:
        """Change the state; `before` keeps what it was."""
        if state != self.state:
            self.before, self.state = self.state, state

    def take(self, seen: Seen, peer: "_Endpoint", *, is_originator: bool) -> None:
        """Move as the segment, which this side sent, demands."""
        if self.state == _RESET:
            return
        if self.state == _CLOSED:
            if seen.flags & RST and peer.state != _CLOSED:
                self.become(_RESET)
            return
        if self.state == _INACTIVE:
            self._begin(seen, peer, is_originator=is_originator)
        if seen.flags & FIN and not seen.flags & RST:
            if (
                self.state in {_PARTIAL, _ESTABLISHED}
                and peer.state == _RESET
                and peer.before == _CLOSED
            ):
                # The peer sent a FIN and a RST behind it; both closed after all.
                peer.become(_CLOSED)
            self.become(_CLOSED)
        if seen.flags & RST:
            self.become(_RESET)

    def _begin(self, seen: Seen, peer: "_Endpoint", *, is_originator: bool) -> None:
        """Move as this side's first segment demands, by all but FIN and RST."""
        if seen.flags & SYN:
            if is_originator:
                self.become(_SYN_ACK_SENT if seen.flags & ACK else _SYN_SENT)
                return
            if peer.state == _SYN_SENT:
                peer.become(_ESTABLISHED)
            self.become(_ESTABLISHED)
        elif not seen.flags & (FIN | RST):
            if not is_originator and seen.length == 0 and peer.state == _SYN_SENT:
                # Some hosts acknowledge a SYN before they answer it.
                return
            self.become(_ESTABLISHED if peer.state == _ESTABLISHED else _PARTIAL)
