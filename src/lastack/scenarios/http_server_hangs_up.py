"""Python's http.server refuses a request line too long, and resets it.

It reads 72 KiB, answers 414, and says shutdown(WR) and close() with the rest
unread: FIN, then RST. The client can read the whole answer and an end of file;
only a write tells that something was lost.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    server,
    server_host,
    wait,
)


def steps(*, request: int = 100_000) -> list[Step]:
    """A line of `request` octets has arrived when the server looks at it."""
    return [
        server_host.sysctl("tcp_rmem", "4096 1000000 6291456"),
        server.run("{python}", "-m", "http.server", "-b", "{server}", "{port}"),
        wait(0.7),
        server.stop(),
        client.connect().gives("0"),
        client.send(request).gives(str(request)),
        wait(0.5),
        server.resume(),
        wait(0.5),
        client.receive(100, everything=True).gives("100"),
        client.receive(everything=True),
        client.receive().gives("0"),
        client.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="http-server-hangs-up",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE", "server:TCP_FLAGS"),
    counters=("server:TCPAbortOnClose",),
    seeds=(8, 20),
    not_in_sim="http.server is a real program",
    varies={"request": (90_000, 120_000)},
)
