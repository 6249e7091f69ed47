"""A server answers an upload early and closes: one RST for each segment.

It had read all that had come, so that close() sent a FIN; but ten segments of
the upload were under way, and each is refused on arrival. The client sees the
answer, end of file, and EPIPE.
"""

from lastack.scenarios.endgames import told_only_by_writing
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    established,
    server,
    settle,
)


def steps(*, upload: int = 14_000, answer: int = 300) -> list[Step]:
    """`upload` leaves in one burst, at the instant of the answer and close()."""
    return [
        *established(1),
        settle(),
        client.send(upload).gives(str(upload)),
        server.send(answer).gives(str(answer)),
        server.close().gives("0"),
        settle(),
        client.receive(answer, everything=True).gives(str(answer)),
        *told_only_by_writing(client),
    ]


SCENARIO = Scenario(
    slug="early-answer",
    steps=steps,
    truth={"a": Truth("data-after-close", "server")},
    reasons=("server:TCP_ABORT_ON_DATA", "server:TCP_FLAGS"),
    counters=("server:TCPAbortOnData",),
    seeds=(8,),
    wire=Wire(delay=0.02),
    varies={"upload": (3000, 14_000), "answer": (1, 1400)},
    least_delay=0.005,
)
