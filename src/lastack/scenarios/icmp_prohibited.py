"""A filter says that it is forbidden: connect() says EHOSTUNREACH.

IPv6 has a code of its own for it, for which Linux says EACCES.
"""

from lastack.scenarios.openings import refused_on_the_way
from lastack.tcp.scenario import Scenario, Step, Truth, Wire


def steps() -> list[Step]:
    """ICMP type 3, code 13, answers the SYN."""
    return refused_on_the_way("admin-prohibited", "-EHOSTUNREACH", "-EACCES")


SCENARIO = Scenario(
    slug="icmp-prohibited",
    steps=steps,
    truth={"a": Truth("icmp-rejected", "path")},
    seeds=(22,),
    wire=Wire(routed=True),
)
