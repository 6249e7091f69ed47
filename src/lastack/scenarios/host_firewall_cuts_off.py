"""The server's host rejects what comes, and its program only waits.

The client is reset; the server's socket stays open, knows nothing and sends
nothing. So looks a host that has forgotten the connection, too: the kernel and
its firewall write the same segment.
"""

from lastack.scenarios.endgames import only_the_writer_is_reset
from lastack.tcp.scenario import Scenario, Step, Truth, established, server_host, settle


def steps(*, rounds: int = 1, request: int = 100) -> list[Step]:
    """The rule comes into force before the request."""
    return [
        *established(rounds),
        settle(),
        server_host.reject("tcp-reset"),
        *only_the_writer_is_reset(request),
    ]


SCENARIO = Scenario(
    slug="host-firewall-cuts-off",
    steps=steps,
    truth={"a": Truth("firewall-reset", "path")},
    seeds=(22,),
    varies={"rounds": (1, 5), "request": (1, 1400)},
)
