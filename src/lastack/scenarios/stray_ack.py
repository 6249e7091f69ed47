"""An ACK comes to a listener that knows nothing of it: nothing ended.

A scan, or the rest of a connection older than the capture. Linux says TCP_FLAGS
and names the listener, not the sender. What ended it cannot be told.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, network, server


def steps(*, payload: int = 0) -> list[Step]:
    """A segment of a connection that was never made."""
    return [
        server.listen(),
        network.forge("server", ".", payload=payload),
    ]


SCENARIO = Scenario(
    slug="stray-ack",
    steps=steps,
    truth={
        "a": Truth(
            "unknown",
            "unknown",
            (("peer-lost-state", "server"), ("firewall-reset", "path")),
        )
    },
    reasons=("server:TCP_FLAGS",),
    seeds=(4,),
    varies={"payload": (0, 1000)},
)
