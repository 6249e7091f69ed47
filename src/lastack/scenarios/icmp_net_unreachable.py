"""A router says that it has no route: connect() says ENETUNREACH."""

from lastack.scenarios.openings import refused_on_the_way
from lastack.tcp.scenario import Scenario, Step, Truth, Wire


def steps() -> list[Step]:
    """ICMP type 3, code 0, answers the SYN."""
    return refused_on_the_way("net-unreachable", "-ENETUNREACH")


SCENARIO = Scenario(
    slug="icmp-net-unreachable",
    steps=steps,
    truth={"a": Truth("icmp-rejected", "path")},
    seeds=(22,),
    wire=Wire(routed=True),
)
