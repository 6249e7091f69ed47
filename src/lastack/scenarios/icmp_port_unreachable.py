"""ICMP port unreachable for TCP: ECONNREFUSED, although no RST came.

The word for UDP, which TCP does not need. A firewall's default REJECT sends it;
the program cannot tell it from a closed port, the capture can.
"""

from lastack.scenarios.openings import refused_on_the_way
from lastack.tcp.scenario import Scenario, Step, Truth, Wire


def steps() -> list[Step]:
    """ICMP type 3, code 3, answers the SYN."""
    return refused_on_the_way("port-unreachable", "-ECONNREFUSED")


SCENARIO = Scenario(
    slug="icmp-port-unreachable",
    steps=steps,
    truth={"a": Truth("icmp-rejected", "path")},
    seeds=(22,),
    wire=Wire(routed=True),
)
