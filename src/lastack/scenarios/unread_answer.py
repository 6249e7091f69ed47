"""The client closes with an answer unread, and a RST tells the server.

A browser's stop button, a cancelled query. The server's next write fails with
EPIPE or ECONNRESET, and its log shows an error where a user was impatient.
"""

from lastack.scenarios.openings import request_read
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, settle


def steps(*, rounds: int = 1, answer: int = 2000, read: int = 0) -> list[Step]:
    """The client reads `read` octets of `answer` and closes."""
    return [
        *request_read(rounds),
        server.send(answer),
        settle(),
        *([client.receive(read, everything=True)] if read else []),
        client.close().gives("0"),
        server.receive().gives("-ECONNRESET", freebsd="0"),
        server.receive().gives("0"),
    ]


SCENARIO = Scenario(
    slug="unread-answer",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "client")},
    reasons=("client:TCP_ABORT_ON_CLOSE",),
    counters=("client:TCPAbortOnClose",),
    seeds=(8,),
    varies={"rounds": (0, 5), "answer": (1001, 8000), "read": (0, 1000)},
    elsewhere={"freebsd": Truth("fin-unanswered", "server")},
)
