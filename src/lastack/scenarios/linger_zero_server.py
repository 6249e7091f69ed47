"""A server aborts after its answer, and what was not delivered is lost.

The client had the whole answer here, and still ends with ECONNRESET; had a
segment of it been lost on the way, nobody would have sent it again.
"""

from lastack.scenarios.openings import request_read
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, settle


def steps(*, rounds: int = 1, answer: int = 5000) -> list[Step]:
    """The server answers with `answer` octets, waits, and aborts."""
    return [
        *request_read(rounds),
        server.send(answer),
        settle(),
        server.linger(0),
        server.close().gives("0"),
        settle(),
        client.receive(answer, everything=True).gives(str(answer)),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="linger-zero-server",
    steps=steps,
    truth={"a": Truth("linger-zero", "server")},
    reasons=("server:TCP_STATE",),
    counters=("server:TCPAbortOnData",),
    seeds=(9,),
    varies={"rounds": (0, 5), "answer": (1, 10000)},
)
