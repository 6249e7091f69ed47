"""A port scan: SYN, SYN-ACK, RST, and the program never knows.

The scanner's own kernel, or the scanner itself, resets the answer. The server
did not refuse anything; only its counter EmbryonicRsts moves.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, network, server, settle


def steps() -> list[Step]:
    """A forged SYN, and a RST with the next number."""
    return [
        server.listen(),
        network.forge("server", "S"),
        settle(),
        network.forge("server", "R"),
    ]


SCENARIO = Scenario(
    slug="syn-scan",
    steps=steps,
    truth={"a": Truth("handshake-abandoned", "client")},
    counters=("server:EmbryonicRsts",),
    seeds=(6,),
)
