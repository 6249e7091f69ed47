"""A server refuses an upload, waits, and closes: the body is still unread.

It answers after the head and gives the client time to stop. It does not read
meanwhile, so that the wait spares it nothing: close() finds the body in the
queue and resets. A lingering close reads while it waits (lingering-close).
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
    *, rounds: int = 0, upload: int = 5000, answer: int = 300, pause: float = 0.5
) -> list[Step]:
    """The server reads 100 octets of `upload`, answers, and closes after `pause`."""
    return [
        *established(rounds),
        client.send(upload).gives(str(upload)),
        settle(),
        server.receive(100, everything=True).gives("100"),
        server.send(answer).gives(str(answer)),
        client.receive(answer, everything=True).gives(str(answer)),
        wait(pause),
        server.close().gives("0"),
        client.receive().gives("-ECONNRESET", freebsd="0"),
    ]


SCENARIO = Scenario(
    slug="late-refusal",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    counters=("server:TCPAbortOnClose",),
    seeds=(8,),
    varies={
        "rounds": (0, 3),
        "upload": (1100, 12_000),
        "answer": (1, 1400),
        "pause": (0.2, 1.0),
    },
    elsewhere={"freebsd": Truth("fin-unanswered", "client")},
)
