"""Python's http.server refuses a request line too long, and resets it.

It answers 414 after 64 KiB and says shutdown(WR) and close() with the rest
unread: FIN, RST, and one more RST for each segment that was under way. The
client can read the whole answer and an end of file; only a write tells.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, server, wait


def steps(*, request: int = 150_000) -> list[Step]:
    """The client sends a line of `request` octets."""
    return [
        server.run("python3", "-m", "http.server", "-b", "{server}", "{port}"),
        wait(0.7),
        client.connect(options={"SO_SNDBUF": 200_000}).gives("0"),
        client.nonblocking(),
        client.send(request),
        client.set("O_NONBLOCK", 0),
        wait(0.3),
        client.receive(12, everything=True).gives("12"),
        client.receive(everything=True),
        client.receive().gives("0"),
        client.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="http_server_hangs_up",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE", "server:TCP_FLAGS"),
    counters=("server:TCPAbortOnClose",),
    seeds=(8, 20),
    not_in_sim="http.server is a real program",
    varies={"request": (120_000, 200_000)},
)
