"""A NAT or load balancer forgot the idle connection and resets what comes.

350 s at one cloud, 240 s at another, five days at home. Both ends still know
the connection; the first to write is reset by the box, whose RST has a hop
limit of its own. Keepalive below the box's timeout is the cure.
"""

from lastack.scenarios.endgames import only_the_writer_is_reset
from lastack.tcp.scenario import Scenario, Step, Truth, Wire, established, network, wait


def steps(*, rounds: int = 1, idle: float = 0.3, request: int = 100) -> list[Step]:
    """The box loses its table during `idle` seconds of silence."""
    return [
        network.track("tcp-reset"),
        *established(rounds),
        wait(idle),
        network.forget(),
        *only_the_writer_is_reset(request),
    ]


SCENARIO = Scenario(
    slug="nat-forgot",
    steps=steps,
    truth={"a": Truth("firewall-reset", "path", at={"server": ("still-open", "none")})},
    seeds=(2, 22),
    wire=Wire(routed=True),
    varies={"rounds": (1, 5), "idle": (0.2, 1.0), "request": (1, 1400)},
)
