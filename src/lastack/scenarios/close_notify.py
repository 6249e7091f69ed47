"""A RST after a perfect answer: the good-bye met a socket that had gone.

TLS ends with an alert. The server says its own and close()s; the client answers
with 31 octets of close_notify, which nobody is left to read. Nothing was lost,
and the counter of resets grows.
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


def steps(*, rounds: int = 2, answer: int = 5000) -> list[Step]:
    """Answer, alert and FIN of the server; then the client's alert and FIN."""
    return [
        *established(rounds),
        client.send(200),
        server.receive(200, everything=True),
        server.send(answer),
        server.send(24),
        server.close().gives("0"),
        client.receive(answer + 24, everything=True).gives(str(answer + 24)),
        client.receive().gives("0"),
        settle(),
        client.send(31).gives("31"),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="close-notify",
    steps=steps,
    truth={"a": Truth("data-after-close", "server")},
    reasons=("server:TCP_TIMEWAIT_SOCKET", "server:TCP_FLAGS"),
    seeds=(2,),
    varies={"rounds": (1, 5), "answer": (1000, 20_000)},
)
