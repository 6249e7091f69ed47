"""A router says that the host cannot be reached: connect() fails at once."""

from lastack.scenarios.openings import refused_on_the_way
from lastack.tcp.scenario import Scenario, Step, Truth, Wire


def steps() -> list[Step]:
    """ICMP type 3, code 1, answers the SYN."""
    return refused_on_the_way("host-unreachable", "-EHOSTUNREACH")


SCENARIO = Scenario(
    slug="icmp-host-unreachable",
    steps=steps,
    truth={"a": Truth("icmp-rejected", "path")},
    seeds=(22,),
    wire=Wire(routed=True),
)
