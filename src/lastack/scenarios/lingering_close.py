"""The cure for a lost answer: shutdown(WR), read to the end, then close.

The server answers although the upload has not ended. It sends its FIN and goes
on reading what is on its way, until the client has seen the answer and closes.
Nothing is unread at close(), so nothing is reset (RFC 9112, 9.6).
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, established, server


def steps(*, upload: int = 20_000, answer: int = 300) -> list[Step]:
    """The client reads the answer when it has written all of `upload`."""
    return [
        *established(),
        client.send(upload).gives(str(upload)),
        server.receive(100, everything=True),
        server.send(answer),
        server.shutdown("WR").gives("0"),
        server.receive(upload - 100, everything=True).gives(str(upload - 100)),
        client.receive(answer, everything=True).gives(str(answer)),
        client.receive().gives("0"),
        client.close().gives("0"),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="lingering-close",
    steps=steps,
    truth={"a": Truth("orderly-close", "server", (("half-close", "server"),))},
    seeds=(2, 8, 20),
    varies={"upload": (5000, 30000), "answer": (1, 1400)},
)
