"""A server that never reads is killed: what the client said lies unread.

A ticker, a log stream, an event source: the program never calls recv(), and a
client's heartbeat, command or second request stays in its queue. The stream
goes on for as long as it likes; its end is a RST, however well it was meant.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
    wait,
)


def steps(
    *, said: int = 20, ticks: int = 3, tick: int = 200, pause: float = 0.2
) -> list[Step]:
    """The client says `said` octets; `ticks` later the server's program ends."""
    stream = [
        server.send(tick).gives(str(tick)),
        client.receive(tick, everything=True).gives(str(tick)),
        wait(pause),
    ]
    return [
        *established(),
        client.send(said).gives(str(said)),
        settle(),
        *stream * ticks,
        server.kill(),
        client.receive().gives("-ECONNRESET", freebsd="0"),
    ]


SCENARIO = Scenario(
    slug="writer-never-reads",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    counters=("server:TCPAbortOnClose",),
    seeds=(4, 8),
    varies={
        "said": (1, 1400),
        "ticks": (1, 4),
        "tick": (1, 1400),
        "pause": (0.1, 0.4),
    },
    elsewhere={"freebsd": Truth("fin-unanswered", "client")},
)
