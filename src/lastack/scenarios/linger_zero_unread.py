"""SO_LINGER {1, 0} and unread data: Linux looks at the data first.

Both ask for the same RST. The kernel counts it as TCPAbortOnClose and names
TCP_ABORT_ON_CLOSE; illumos tests the linger time first.
"""

from lastack.scenarios.endgames import aborted
from lastack.tcp.scenario import Scenario, Step, Truth, client, established, server


def steps(*, rounds: int = 1, unread: int = 300) -> list[Step]:
    """The server asks for an abort and has unread data as well."""
    return [
        *established(rounds),
        client.send(unread),
        *aborted(server, client),
    ]


SCENARIO = Scenario(
    slug="linger-zero-unread",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server", (("linger-zero", "server"),))},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    counters=("server:TCPAbortOnClose",),
    seeds=(8, 9),
    varies={"rounds": (0, 5), "unread": (1, 8000)},
    elsewhere={
        "illumos": Truth("linger-zero", "server"),
        "freebsd": Truth("linger-zero", "server"),
    },
)
