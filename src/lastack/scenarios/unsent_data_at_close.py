"""close() with unsent data loses nothing by itself.

What the program wrote is in the kernel's queue; the kernel sends it, and the
FIN behind it, long after close() returned. Data is lost only if something else
goes wrong, and then nobody is left to be told.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, server, wait


def steps(*, response: int = 60_000, pause: float = 0.3) -> list[Step]:
    """The server writes and closes; the client reads after `pause` seconds."""
    return [
        server.listen(options={"SO_SNDBUF": 200_000}),
        client.connect(options={"SO_RCVBUF": 8192}),
        server.accept(),
        server.send(response).gives(str(response)),
        server.close().gives("0"),
        wait(pause),
        client.receive(response, everything=True).gives(str(response)),
        client.receive().gives("0"),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="unsent-data-at-close",
    steps=steps,
    truth={"a": Truth("orderly-close", "server")},
    seeds=(11, 14),
    varies={"response": (20000, 100000), "pause": (0.1, 0.5)},
)
