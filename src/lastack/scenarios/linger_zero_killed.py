"""A killed program had SO_LINGER {1, 0} set: its kernel aborts for it.

A kill closes as the program would have closed. The option outlives it.
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


def steps(*, rounds: int = 1) -> list[Step]:
    """The client sets the option early and is killed later."""
    return [
        *established(rounds),
        client.linger(0),
        settle(),
        client.kill(),
        server.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="linger-zero-killed",
    steps=steps,
    truth={"a": Truth("linger-zero", "client")},
    reasons=("client:TCP_STATE",),
    seeds=(4, 9),
    varies={"rounds": (0, 5)},
)
