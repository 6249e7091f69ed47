"""A firewall on the path begins to reject; only the writer is told.

The RST answers the client's segment and seems to come from the server, but its
hop limit is that of the box. The server never sees it and stays ESTABLISHED;
its kernel has sent nothing and has no reason to tell.
"""

from lastack.scenarios.endgames import only_the_writer_is_reset
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    established,
    network,
    settle,
)


def steps(*, rounds: int = 1, request: int = 100) -> list[Step]:
    """The rule comes into force after `rounds`; then the client writes."""
    return [
        *established(rounds),
        settle(),
        network.reject("server", "tcp-reset"),
        *only_the_writer_is_reset(request),
    ]


SCENARIO = Scenario(
    slug="firewall-reject",
    steps=steps,
    truth={
        "a": Truth(
            "firewall-reset",
            "path",
            at={"server": ("still-open", "none")},
        )
    },
    seeds=(22,),
    wire=Wire(routed=True),
    varies={"rounds": (1, 5), "request": (1, 1400)},
)
