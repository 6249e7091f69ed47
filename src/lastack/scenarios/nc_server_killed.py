"""A real nc is killed under its client: FIN, a write that works, a RST.

`nc -l` listens once and holds the connection. SIGKILL makes its kernel send a
FIN; the client that does not mind it writes into the void.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, server, settle, wait


def steps(*, pause: float = 0.3) -> list[Step]:
    """The client writes `pause` seconds after the kill."""
    return [
        server.run("nc", "-n", "-l", "{server}", "{port}"),
        client.connect().gives("0"),
        client.send(100),
        settle(),
        server.kill(),
        wait(pause),
        client.send(100).gives("100"),
        settle(),
        client.receive().gives("0"),
        client.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="nc-server-killed",
    steps=steps,
    truth={"a": Truth("data-after-close", "server")},
    reasons=("server:TCP_TIMEWAIT_SOCKET",),
    seeds=(1, 13),
    not_in_sim="nc is a real program",
    varies={"pause": (0.1, 1.0)},
)
