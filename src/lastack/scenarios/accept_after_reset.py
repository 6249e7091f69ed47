"""accept() returns a connection that is already dead.

The client aborted while it waited in the accept queue. Linux keeps the entry;
accept() succeeds, and the first recv() says ECONNRESET.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, server, settle, wait


def steps(*, pause: float = 0.1) -> list[Step]:
    """The client aborts; the server accepts `pause` seconds later."""
    return [
        server.listen(),
        client.connect(),
        settle(),
        client.linger(0),
        client.close().gives("0"),
        wait(pause),
        server.accept(),
        server.receive().gives("-ECONNRESET"),
        server.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="accept-after-reset",
    steps=steps,
    truth={"a": Truth("linger-zero", "client")},
    reasons=("client:TCP_STATE",),
    seeds=(6, 9),
    varies={"pause": (0.05, 0.5)},
)
