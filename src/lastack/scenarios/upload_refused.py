"""A 413 for an upload: the server answers and closes, the body unread.

The client is still writing when the answer and the RST arrive. Its send()
fails, and the answer that explains it is read only by a client that calls
recv() after the error; many do not. The cure is a lingering close.
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


def steps(*, upload: int = 200_000, answer: int = 300) -> list[Step]:
    """The server reads the head, 100 octets, then answers and closes."""
    return [
        *established(),
        client.nonblocking(),
        client.send(upload),
        wait(0.1),
        server.receive(100, everything=True).gives("100"),
        server.send(answer).gives(str(answer)),
        server.close().gives("0"),
        settle(),
        client.send(1).gives("-ECONNRESET", freebsd="1"),
        client.receive(answer, everything=True).gives(str(answer)),
    ]


SCENARIO = Scenario(
    slug="upload-refused",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE", "server:TCP_FLAGS"),
    counters=("server:TCPAbortOnClose",),
    seeds=(8,),
    varies={"upload": (20_000, 300_000), "answer": (1, 1400)},
    elsewhere={"freebsd": Truth("data-after-close", "server")},
)
