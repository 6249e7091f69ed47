"""The client reads the answer and aborts at once; the RST acknowledges it.

In a dialogue Linux delays acknowledgements for 40 ms, and reading sends none.
So a RST which acknowledges what no ACK had covered says that the close came
soon, not that data was unread; unread-not-acknowledged has the same packets.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, established, server


def steps(*, rounds: int = 3, response: int = 200) -> list[Step]:
    """SO_LINGER 0 and close() follow the last receive() without a pause."""
    return [
        *established(rounds, 100, response),
        client.linger(0).gives("0"),
        client.close().gives("0"),
        server.receive().gives("-ECONNRESET"),
        server.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="linger-zero-at-once",
    steps=steps,
    truth={"a": Truth("linger-zero", "client")},
    reasons=("client:TCP_STATE",),
    counters=("client:TCPAbortOnData",),
    seeds=(9,),
    varies={"rounds": (1, 5), "response": (1, 1400)},
)
