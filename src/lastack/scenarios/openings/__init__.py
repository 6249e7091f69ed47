"""Openings that many scenarios share; a package, so that none of it is taken for one.

Each returns steps of the vocabulary and has nothing of its own.
"""

from lastack.tcp.scenario import (
    Refusal,
    Step,
    client,
    client2,
    client_host,
    established,
    network,
    server,
    server_host,
    settle,
    wait,
)

OVERLAP = 0.04
"""Seconds between two handshakes which are to overlap on a delay of 50 ms."""

FLOOD = 200_000
"""More than what fits into a small receive buffer and a small send buffer."""


def connected(name: str) -> list[Step]:
    """One more connection to the server that listens already."""
    return [client.connect(name), server.accept(name)]


def request_read(rounds: int) -> list[Step]:
    """The two have talked for `rounds`; one more request is read, not answered."""
    return [
        *established(rounds),
        client.send(100),
        server.receive(100, everything=True),
    ]


def quiet_connection(rounds: int, retries: int) -> list[Step]:
    """The two have talked for `rounds`, and nothing of it is under way.

    What the client sends from now on is given up after `retries` repetitions,
    tcp_retries2: 15 by default, 924 s.
    """
    return [
        client_host.sysctl("tcp_retries2", retries),
        *established(rounds),
        settle(),
    ]


def short_connect(retries: int = 1) -> list[Step]:
    """The client repeats its SYN `retries` times: after 1 s, 3 s, 7 s.

    Linux's default is 6 times, the first four a second apart.
    """
    return [
        client_host.sysctl("tcp_syn_retries", retries),
        client_host.sysctl("tcp_syn_linear_timeouts", 0),
    ]


def closed_window(flood: int = FLOOD) -> list[Step]:
    """The server does not read, and the client writes until the window is shut.

    Both buffers are small, so that what is left is drained in a moment.
    """
    return [
        server.listen(options={"SO_RCVBUF": 4096}),
        client.connect(options={"SO_SNDBUF": 16384}),
        server.accept(),
        client.nonblocking(),
        client.send(flood),
        client.set("O_NONBLOCK", 0),
        wait(0.5),
    ]


def refused_on_the_way(how: Refusal, *results: str) -> list[Step]:
    """A firewall between the hosts refuses the client's SYN; connect() tells how."""
    return [
        *short_connect(2),
        server.listen(),
        network.reject("server", how),
        client.connect().gives(*results),
    ]


def overflowing_queue() -> list[Step]:
    """Two connections `a`, `b` fill the accept queue; the last ACK of `c` overflows.

    The SYN of `c` comes while there is still room: after that of `b`, and before
    the last ACK of `b`, two delays later. With a delay of 50 ms or more neither
    program need be quick. Without SYN cookies, which have no SYN-ACK to repeat.
    """
    return [
        server_host.sysctl("tcp_syncookies", 0),
        server.listen(backlog=1),
        client.connect("a").gives("0"),
        settle(),
        client.connect("b").gives("0").in_background(),
        wait(OVERLAP),
        client2.connect("c").gives("0"),
    ]
