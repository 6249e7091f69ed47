"""A connection as its ending tells it: two sides with names, and key segments."""

from lastack.connections.connection import Connection
from lastack.connections.decisive import decisive_reset
from lastack.connections.reset import Reset
from lastack.connections.seen import Seen
from lastack.connections.side import Side, late_from
from lastack.wire.address import address_text

FIN = 1
_OTHER = {"client": "server", "server": "client"}


class Exhibit:
    """A segment of the capture and what it proves, in one short sentence.

    `frame` counts from 1; `seen` is None for a frame that is no TCP segment.
    """

    def __init__(self, frame: int, says: str, seen: Seen | None = None) -> None:
        self.frame = frame
        self.says = says
        self.seen = seen


def exhibit(seen: Seen | None, says: str) -> tuple[Exhibit, ...]:
    """Return the exhibit of a segment; none at all if it was not seen."""
    if seen is None:
        return ()
    return (Exhibit(seen.frame, says, seen),)


def duration(nanoseconds: int) -> str:
    """Return a time span in words that fit its size, `1.24 ms`, `90.0 s`."""
    seconds = abs(nanoseconds) / 1e9
    if seconds < 0.9995e-3:
        return f"{seconds * 1e6:.0f} us"
    if seconds < 0.9995:
        return f"{seconds * 1e3:.3g} ms"
    if seconds < 600:
        return f"{seconds:.3g} s"
    if seconds < 7200:
        return f"{seconds / 60:.3g} minutes"
    return f"{seconds / 3600:.3g} hours"


def octets(count: int) -> str:
    """Return `1 byte` or `N bytes`."""
    return "1 byte" if count == 1 else f"{count} bytes"


class Story:
    """What an ending needs to tell what happened, by whom, with proof.

    `by` is the verdict's side. `actor` and `other` are the two sides from its
    point of view; for `path`, `both` and `none` the actor is the client.
    """

    def __init__(self, connection: Connection, by: str) -> None:
        self.connection = connection
        self.by = by
        self.client: Side = connection.side0
        self.server: Side = connection.side1
        if connection.client == 1:
            self.client, self.server = connection.side1, connection.side0
        self.actor_name = by if by in _OTHER else "client"
        self.other_name = _OTHER[self.actor_name]
        self.actor = self.side(self.actor_name)
        self.other = self.side(self.other_name)
        self.reset: Reset | None = decisive_reset(connection)

    def side(self, name: str) -> Side:
        """Return the side called `client` or `server`."""
        return self.client if name == "client" else self.server

    def name(self, side: int) -> str:
        """Return `client` or `server` for a side's index in the connection."""
        return "client" if side == self.connection.client else "server"

    @property
    def resetter(self) -> str:
        """Whose address the decisive reset carries; the actor if there is none."""
        if self.reset is None:
            return self.actor_name
        return self.name(self.reset.segment.side)

    @property
    def reset_seen(self) -> Seen | None:
        """The decisive reset's segment."""
        return None if self.reset is None else self.reset.segment

    @property
    def offender(self) -> Seen | None:
        """The segment that the decisive reset answers."""
        return None if self.reset is None else self.reset.offender

    def since(self, earlier: Seen | None, later: Seen | None) -> str:
        """Return the time between two segments in words; `some time` if unseen."""
        if earlier is None or later is None:
            return "some time"
        return duration(later.time - earlier.time)

    def saw(self, actor: str, other: str) -> dict[str, str]:
        """Return `application_saw` from what the actor's and the other's saw."""
        return {self.actor_name: actor, self.other_name: other}

    def fin_exhibit(self, name: str, says: str) -> tuple[Exhibit, ...]:
        """Return a side's FIN, or what acknowledges it if the capture lost it."""
        side = self.side(name)
        proof = side.unseen_fin
        if proof is None:
            return exhibit(side.fin, says)
        itself = ", and is one itself" if proof.flags & FIN else ""
        lost = f"acknowledges the {name}'s FIN, which is not in the capture{itself}"
        return exhibit(proof, lost)

    def reset_exhibits(self, answer: str, reset: str) -> tuple[Exhibit, ...]:
        """Return the segment that was answered, and the reset that answered it."""
        return exhibit(self.offender, answer) + exhibit(self.reset_seen, reset)

    @property
    def reset_peer_saw(self) -> str:
        """What the calls of the side returned that an abort has reset, on Linux.

        Behind the aborting side's FIN recv() never fails (`tcp_reset`).
        """
        reset = self.reset
        if reset is not None and reset.sender_fin:
            return "EOF, then EPIPE; recv never fails on Linux"
        if reset is not None and reset.sender_octets == 0:
            return "ECONNRESET, then EPIPE"
        if reset is not None and reset.probe_overdue > 2:
            return "the data queued before, then ECONNRESET, or ETIMEDOUT long before"
        return "the data queued before, then ECONNRESET, then EPIPE"

    @property
    def late_octets(self) -> int:
        """How much the other side sent that the actor's FIN did not cover."""
        data = self.other.data
        if data is None:
            return 0
        return max(0, data.seq + data.length - late_from(self.actor))

    def port(self, side: str) -> int:
        """Return the port of the `client` or the `server`."""
        index = self.side(side).index
        return self.connection.port0 if index == 0 else self.connection.port1

    def times(self, count: int) -> str:
        """Return `once`, `twice` or `N times`."""
        return {1: "once", 2: "twice"}.get(count, f"{count} times")

    def interval(self, nanoseconds: int) -> str:
        """Return ` 1.02 s apart`, or nothing if there was one only."""
        return f" {duration(nanoseconds)} apart" if nanoseconds else ""

    def icmp_text(self) -> str:
        """Return what the ICMP error says, in the words of its RFC."""
        if self.connection.version == 4:
            return _ICMP4.get(self.connection.icmp_code, ("unreachable", ""))[0]
        return _ICMP6.get(self.connection.icmp_code, ("unreachable", ""))[0]

    def icmp_source(self) -> str:
        """Return who sent the ICMP error: a host by its name, or an address."""
        error = self.connection.icmp
        if error is None or not error.high | error.low:
            return "A router or firewall"
        address = address_text(self.connection.version, error.high, error.low)
        return f"The router or firewall at {address}"

    def icmp_errno(self) -> str:
        """Return the error that Linux reports for the ICMP error."""
        if self.connection.version == 4:
            return _ICMP4.get(self.connection.icmp_code, ("", "EHOSTUNREACH"))[1]
        return _ICMP6.get(self.connection.icmp_code, ("", "EHOSTUNREACH"))[1]


# RFC 792, RFC 1812 5.2.7.1 and RFC 4443 3.1, with Linux's icmp_err_convert.
_ICMP4 = {
    0: ("network unreachable", "ENETUNREACH"),
    1: ("host unreachable", "EHOSTUNREACH"),
    2: ("protocol unreachable", "ENOPROTOOPT"),
    3: ("port unreachable", "ECONNREFUSED"),
    9: ("network administratively prohibited", "ENETUNREACH"),
    10: ("host administratively prohibited", "EHOSTUNREACH"),
    13: ("communication administratively prohibited", "EHOSTUNREACH"),
}
_ICMP6 = {
    0: ("no route to destination", "ENETUNREACH"),
    1: ("administratively prohibited", "EACCES"),
    3: ("address unreachable", "EHOSTUNREACH"),
    4: ("port unreachable", "ECONNREFUSED"),
    5: ("source address failed policy", "EACCES"),
    6: ("reject route to destination", "EACCES"),
}
