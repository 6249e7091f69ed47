"""A client goes on after end of file: one write works, the next fails.

The "dnc" of the articles. The server has closed, recv() says 0, and the client
carries on. Its first write is answered by a RST; SO_ERROR says EPIPE and recv()
still 0 on Linux, while illumos says ECONNRESET.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
)


def steps(*, rounds: int = 1, write: int = 10) -> list[Step]:
    """The client reads end of file, writes twice, and reads again."""
    return [
        *established(rounds),
        server.close().gives("0"),
        client.receive().gives("0"),
        settle(),
        client.send(write).gives(str(write)),
        settle(),
        client.poll().gives("POLLIN|POLLOUT|POLLERR|POLLHUP|POLLRDHUP"),
        client.error().gives("-EPIPE", illumos="-ECONNRESET"),
        client.send(write).gives("-EPIPE"),
        client.receive().gives("0"),
    ]


SCENARIO = Scenario(
    slug="ignored-end-of-file",
    steps=steps,
    truth={"a": Truth("data-after-close", "server")},
    reasons=("server:TCP_TIMEWAIT_SOCKET",),
    seeds=(17, 22),
    varies={"rounds": (0, 5), "write": (1, 1400)},
)
