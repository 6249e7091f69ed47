"""A second SYN in the window of a half-open connection is reset.

The listener has answered the first SYN and waits for the ACK. A SYN with
another number, in the window, is answered by a RST and ends the request: the
kernel calls it INVALID_SYN, as it calls a full accept queue.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    network,
    server,
    settle,
)


def steps(*, further: int = 100) -> list[Step]:
    """A third party forges two SYNs, the second `further` in the window."""
    return [
        server.listen(),
        network.forge("server", "S"),
        settle(),
        network.forge("server", "S", seq_offset=further),
        settle(),
    ]


SCENARIO = Scenario(
    slug="half-open-second-syn",
    steps=steps,
    # A capture shows two connections, one for each SYN: no label fits both.
    truth={},
    reasons=("server:INVALID_SYN",),
    counters=("server:EmbryonicRsts",),
    seeds=(6,),
    varies={"further": (1, 10_000)},
)
