"""The server dies with requests in its accept queue: all are reset.

The request was acknowledged by the kernel and seen by no program. That it lay
unread is not why it was reset; its listener had gone.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, server, settle


def steps(*, request: int = 300) -> list[Step]:
    """The client has sent its request before anybody accepted it."""
    return [
        server.listen(),
        client.connect(),
        client.send(request).gives(str(request)),
        settle(),
        server.kill(),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="listener-killed",
    steps=steps,
    truth={"a": Truth("listener-closed", "server")},
    reasons=("server:TCP_STATE",),
    seeds=(4, 6),
    varies={"request": (1, 1400)},
)
