"""The answer is on its way when the client closes: it meets FIN_WAIT_1.

Nobody did wrong; a user left the page. The RST carries the FIN's own number,
since the answer had not acknowledged the FIN, and a second RST answers the late
ACK of the FIN.
"""

from lastack.scenarios.endgames import told_only_by_writing
from lastack.scenarios.openings import request_read
from lastack.tcp.scenario import Scenario, Step, Truth, Wire, client, server, settle


def steps(*, rounds: int = 1, answer: int = 1000) -> list[Step]:
    """Both act at the same instant."""
    return [
        *request_read(rounds),
        server.send(answer).gives(str(answer)),
        client.close().gives("0"),
        settle(),
        *told_only_by_writing(server),
    ]


SCENARIO = Scenario(
    slug="answer-crosses-close",
    steps=steps,
    truth={"a": Truth("data-after-close", "client")},
    reasons=("client:TCP_ABORT_ON_DATA", "client:NO_SOCKET"),
    counters=("client:TCPAbortOnData",),
    seeds=(3,),
    wire=Wire(delay=0.05),
    varies={"rounds": (0, 5), "answer": (1, 1400)},
    least_delay=0.005,
)
