"""A firewall on the path refuses a SYN by RST, but the port is open.

connect() says ECONNREFUSED. The server's capture is empty, and the RST's hop
limit is that of the box; nothing else tells it from a closed port.
"""

from lastack.scenarios.openings import refused_on_the_way
from lastack.tcp.scenario import Scenario, Step, Truth, Wire


def steps() -> list[Step]:
    """The server listens; the box refuses for it."""
    return refused_on_the_way("tcp-reset", "-ECONNREFUSED")


SCENARIO = Scenario(
    slug="firewall-refuses",
    steps=steps,
    truth={"a": Truth("firewall-reset", "path", (("connection-refused", "server"),))},
    seeds=(4, 22),
    wire=Wire(routed=True),
)
