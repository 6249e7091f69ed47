"""The timeline as text."""

from lastack.render.timeline import timeline_lines
from lastack.tcp.events import Call, KernelReason, Sent, SocketState, TimelineEvent
from lastack.tcp.segment import Address, Segment

CLIENT, SERVER = Address("10.0.0.2", 40001), Address("10.0.0.130", 8080)
START = 1_700_000_000_000_000_000
MS = 1_000_000


def segment(
    time: int, flags: int, seq: int, ack: int = 0, *, back: bool = False
) -> Segment:
    ends = (SERVER, CLIENT) if back else (CLIENT, SERVER)
    return Segment(time, *ends, flags, seq, ack, 100)


def story() -> list[TimelineEvent]:
    syn = segment(START, 2, 1000)
    answer = segment(START + 10 * MS, 18, 5000, 1001, back=True)
    return [
        Call(START, "client", "client", "connect", "a, port 8080", "0", 20 * MS),
        Sent(START + MS, "client", syn),
        Sent(START + 5 * MS, "wire", syn),
        Sent(START + 6 * MS, "wire", syn, "lost"),
        Sent(START + 9 * MS, "server", syn),
        SocketState(
            START + 9 * MS,
            "server",
            str(SERVER),
            str(CLIENT),
            "SYN-RECV",
            timer="on,1000ms,0",
        ),
        Sent(START + 10 * MS, "server", answer),
        Sent(START + 19 * MS, "client", answer),
        KernelReason(START + 30 * MS, "server", "tcp_send_reset", "NO_SOCKET"),
        Call(START + 31 * MS, "client", "client2", "recvfrom", "a, 1", "-ECONNRESET"),
    ]


def test_the_lines_are_those_of_strace_tcpdump_and_ss() -> None:
    """The whole story, line by line, with relative numbers and times."""
    lines = [line.rstrip() for line in timeline_lines(story())]
    assert lines == [
        "  0.000000 client  connect(a, port 8080 <unfinished ...>",
        "  0.001000 client  > Flags [S], seq 0, win 100, length 0",
        "  0.006000 wire    x lost: Flags [S], seq 0, win 100, length 0",
        "  0.009000 server  < Flags [S], seq 0, win 100, length 0",
        "  0.009000 server  SYN-RECV   8080 > 40001  Recv-Q 0 Send-Q 0",
        "                   timer:(on,1000ms,0)",
        "  0.010000 server  > Flags [S.], seq 0, ack 1, win 100, length 0",
        "  0.019000 client  < Flags [S.], seq 0, ack 1, win 100, length 0",
        "  0.020000 client  <... connect resumed> = 0 <0.020000>",
        "  0.030000 server  kernel: tcp_send_reset NO_SOCKET",
        "  0.031000 client  [client2] recvfrom(a, 1) = -1 ECONNRESET",
    ]


def test_no_line_is_longer_than_80_columns() -> None:
    """Long lines are broken and indented."""
    long = KernelReason(START, "client", "counter", "word " * 60)
    assert max(map(len, timeline_lines([*story(), long]))) <= 80


def test_several_connections_are_told_apart_by_name() -> None:
    """With two names, a segment shows whose it is; with one, nothing is said."""
    named = {CLIENT: "a", Address("10.0.0.2", 40002): "b"}
    lines = list(timeline_lines(story(), names=named))
    assert "> a: Flags [S]" in lines[1]
    assert "a: " not in list(timeline_lines(story(), names={CLIENT: "a"}))[1]


def test_nothing_gives_no_line() -> None:
    """An empty timeline is empty."""
    assert list(timeline_lines([])) == []
