"""Runs of several systems side by side."""

from lastack.render.side_by_side import side_by_side
from lastack.tcp.events import Call, Sent, SocketState, TimelineEvent
from lastack.tcp.flags import ACK, FIN, PSH, RST, SYN
from lastack.tcp.segment import Address, Segment

CLIENT, SERVER = Address("192.0.2.1", 40001), Address("192.0.2.129", 8080)
MS = 1_000_000


def sent(
    time: int,
    flags: int,
    seq: int,
    ack: int = 0,
    *,
    octets: int = 0,
    win: int = 64,
    back: bool = False,
) -> list[TimelineEvent]:
    """A segment that leaves a host, passes the wire and arrives."""
    ends = (SERVER, CLIENT) if back else (CLIENT, SERVER)
    hosts = ("server", "client") if back else ("client", "server")
    one = Segment(time * MS, *ends, flags, seq, ack, win, bytes(octets))
    places = (hosts[0], "wire", hosts[1])
    return [Sent((time + 5 * i) * MS, it, one) for i, it in enumerate(places)]


def called(time: int, name: str, result: str, lasted: int = 0) -> Call:
    """A call of the client's."""
    return Call(time * MS, "client", "client", name, "a, 65536", result, lasted * MS)


def story(isn: int, end: list[TimelineEvent]) -> list[TimelineEvent]:
    """A handshake and ten octets, then `end`."""
    return [
        *sent(0, SYN, isn),
        *sent(10, SYN | ACK, 700, isn + 1, back=True),
        *sent(20, PSH | ACK, isn + 1, 701, octets=10),
        *end,
    ]


def gone(time: int) -> SocketState:
    """The client's socket ends."""
    return SocketState(time * MS, "client", str(CLIENT), str(SERVER), "gone")


def test_only_where_they_differ() -> None:
    """What is the same is counted, whatever the initial sequence numbers are."""
    linux = story(
        1000,
        [
            *sent(40, RST | ACK, 701, 1011, back=True),
            gone(50),
            called(30, "recvfrom", "-ECONNRESET", 20),
        ],
    )
    freebsd = story(
        4294967295,
        [
            *sent(40, FIN | ACK, 701, 10, win=0, back=True),
            gone(350),
            called(30, "recvfrom", "0", 20),
        ],
    )
    assert list(side_by_side({"linux": linux, "freebsd": freebsd})) == [
        "                                            linux  freebsd",
        "... 3 lines are the same for all",
        "server > R. 1 ack 11                       0.0400        -",
        "server > F. 1 ack 11 win 0                      -   0.0400",
        "client recvfrom(a, 65536) = 0                   -   0.0500",
        "client gone                                0.0500   0.3500",
        "client recvfrom(a, 65536) = -ECONNRESET    0.0500        -",
    ]


def test_a_little_later_is_the_same() -> None:
    """Within 5 ms, or 1 % of the time."""
    for first, second, same in ((50, 55, True), (50, 56, False), (2000, 2020, True)):
        lines = list(side_by_side({"a": [gone(first)], "b": [gone(second)]}))
        assert (lines[-1] == "... 1 line is the same for all") == same


def test_a_narrow_terminal_cuts_the_call_not_the_times() -> None:
    """Of a long call its socket is left, and no line is wider than asked."""
    long = Call(120_000 * MS, "client", "worker1", "setsockopt", "a, X" * 9, "0")
    lines = list(side_by_side({"a": [long], "b": []}, width=60))
    assert lines[-1] == "client[worker1] setsockopt(a) = 0             120.0        -"
