"""The timeline as text."""

import pytest

from lastack.render.timeline import timeline_lines
from lastack.tcp.events import (
    Call,
    Datagram,
    Happening,
    KernelReason,
    Sent,
    SocketState,
    TimelineEvent,
)
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
    lines = list(timeline_lines(story()))
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
    """Long lines are broken at a space, or within a word that has no end."""
    for words in ("word " * 60, "x" * 200):
        long = KernelReason(START, "client", "counter", words.strip())
        lines = list(timeline_lines([*story(), long]))
        assert max(map(len, lines)) <= 80
        assert [line for line in lines if line != line.rstrip()] == []
        shown = "".join(line[19:].strip() for line in lines if words[:4] in line)
        assert shown.count(words[0]) == words.count(words[0])


def test_several_connections_are_told_apart_by_name() -> None:
    """With two names, a segment shows whose it is; with one, nothing is said."""
    named = {CLIENT: "a", Address("10.0.0.2", 40002): "b"}
    lines = list(timeline_lines(story(), names=named))
    assert "> a: Flags [S]" in lines[1]
    assert "a: " not in list(timeline_lines(story(), names={CLIENT: "a"}))[1]


def test_nothing_gives_no_line() -> None:
    """An empty timeline is empty."""
    assert list(timeline_lines([])) == []


def test_datagrams_show_both_ports_and_icmp_who_says_it() -> None:
    """UDP has no connection that would name the ports; ICMP has no ports."""
    router = Address("10.0.0.1", 0)
    lines = list(
        timeline_lines(
            [
                Datagram(START, "client", CLIENT, SERVER, "UDP, length 5", leaves=True),
                Datagram(
                    START,
                    "client",
                    router,
                    Address("10.0.0.2", 0),
                    "ICMP host 10.0.0.130 unreachable, length 68",
                    leaves=False,
                ),
            ]
        )
    )
    assert [line[11:] for line in lines] == [
        "client  > 40001 > 8080: UDP, length 5",
        "client  < 10.0.0.1: ICMP host 10.0.0.130 unreachable, length 68",
    ]


def test_a_stranger_with_the_same_ports_is_named() -> None:
    """What comes from another address than the connection's, and what is answered."""
    stranger = Address("10.0.0.131", SERVER.port)
    data = Segment(START + 40 * MS, stranger, CLIENT, 24, 5001, 1001, 100, b"data")
    answer = Segment(START + 41 * MS, CLIENT, stranger, 4, 1001)
    lines = list(
        timeline_lines(
            [
                *story(),
                Sent(data.time, "client", data),
                Sent(answer.time, "client", answer),
            ]
        )
    )
    assert "< from 10.0.0.131: Flags [P.]" in lines[-3]
    assert "> to 10.0.0.131: Flags [R]" in lines[-1]
    assert not any("10.0.0.130" in line for line in lines)


def test_a_socket_without_a_peer_has_a_star() -> None:
    """As in ss: a listener that goes has no peer port 0."""
    gone = SocketState(START, "server", str(SERVER), "0.0.0.0.0", "gone")
    assert list(timeline_lines([gone])) == ["  0.000000 server  (gone)     8080 > *"]


def test_a_udp_socket_is_told_from_tcps() -> None:
    """ESTAB is a connected socket in both; only one of them has a handshake."""
    state = SocketState(
        START, "client", str(CLIENT), str(SERVER), "ESTAB", protocol="udp"
    )
    [line] = timeline_lines([state])
    assert line[19:] == "ESTAB      40001 > 8080  Recv-Q 0 Send-Q 0 udp"


def test_what_ends_a_program_is_told_as_strace_tells_it() -> None:
    """In one line, however long the kernel took."""
    ends = [
        Call(START, "server", "server", "kill", "SIGKILL", "0", 20 * MS),
        Call(START, "server", "server", "kill", "SIGSTOP", "0"),
        Call(START, "client", "child", "exit_group", "", "0", 20 * MS),
        Call(START, "client", "client", "exit_group", "3", "?"),
    ]
    assert [line[11:] for line in timeline_lines(ends)] == [
        "server  +++ killed by SIGKILL +++",
        "server  --- stopped by SIGSTOP ---",
        "client  [child] +++ exited with 0 +++",
        "client  +++ exited with 3 +++",
    ]


def test_what_happens_to_a_host_or_the_path_is_told() -> None:
    """Between the calls and the segments stands why they come to nothing."""
    [line] = timeline_lines([Happening(START, "wire", "cut: nothing gets through")])
    assert line == "  0.000000 wire    # cut: nothing gets through"


def test_the_direction_is_known_from_a_hosts_socket() -> None:
    """A segment that nobody at the other host sent, a forged one, still arrives."""
    syn = segment(START, 2, 1000)
    listening = SocketState(START, "server", str(SERVER), "*", "LISTEN")
    lines = list(timeline_lines([listening, Sent(START + 1, "server", syn)]))
    assert lines[1][19:].startswith("< Flags [S]")


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        ("240ms", "240ms"),
        ("9999ms", "9999ms"),
        ("59999ms", "59sec"),
        ("60000ms", "1min"),
        ("75000ms", "1min15sec"),
        ("675000ms", "11min"),
        ("7199999ms", "119min"),
    ],
)
def test_a_long_timer_is_told_in_minutes_as_ss_tells_it(left: str, shown: str) -> None:
    """Below ten seconds in milliseconds, below ten minutes with seconds."""
    state = SocketState(
        START, "client", str(CLIENT), str(SERVER), "ESTAB", 0, 0, f"keepalive,{left},0"
    )
    [*_, line] = timeline_lines([state])
    assert line.endswith(f"timer:(keepalive,{shown},0)")


def test_a_call_of_a_millisecond_is_shown_twice() -> None:
    """Where it began and where it ended; a shorter one once."""
    short = Call(START, "client", "client", "close", "a", "0", MS - 1)
    long = Call(START, "client", "client", "close", "a", "0", MS)
    assert list(timeline_lines([short])) == ["  0.000000 client  close(a) = 0"]
    assert list(timeline_lines([long])) == [
        "  0.000000 client  close(a <unfinished ...>",
        "  0.001000 client  <... close resumed> = 0 <0.001000>",
    ]


def test_a_word_is_broken_only_where_it_is_longer_than_a_line() -> None:
    """At the last space that fits, the one behind the last column too."""
    at_the_space = Call(START, "client", "client", "send", "x" * 50 + " y", "0")
    whole = f"  0.000000 client  send({'x' * 50}"
    lines = list(timeline_lines([at_the_space], width=len(whole)))
    assert lines == [whole, " " * 19 + "y) = 0"]
    endless = Call(START, "client", "client", "send", "x" * 90, "0")
    assert [len(line) for line in timeline_lines([endless])] == [80, 58]
