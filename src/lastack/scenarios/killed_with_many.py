"""One killed process, three connections, three different packets.

In the same millisecond its kernel sends a FIN to the idle client, a RST to the
one whose request was unread, and a RST to the one that was never accepted.
Looked at together they are one event.
"""

from lastack.scenarios.openings import connected
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
)


def steps(*, rounds: int = 1) -> list[Step]:
    """`a` is idle, `b` has sent a request, `c` waits for accept()."""
    return [
        *established(rounds),
        *connected("b"),
        client.connect("c"),
        client.send(100, "b"),
        settle(),
        server.kill(),
        client.receive(name="a").gives("0", windows="-ECONNRESET"),
        client.receive(name="b").gives("-ECONNRESET"),
        client.receive(name="c").gives("-ECONNRESET"),
        client.close("a"),
    ]


SCENARIO = Scenario(
    slug="killed-with-many",
    steps=steps,
    truth={
        "a": Truth("orderly-close", "server"),
        "b": Truth("unread-data-at-close", "server"),
        "c": Truth("listener-closed", "server"),
    },
    reasons=("server:TCP_ABORT_ON_CLOSE", "server:TCP_STATE"),
    seeds=(1, 4, 8),
    varies={"rounds": (1, 5)},
    elsewhere={
        "windows": Truth("linger-zero", "server"),
    },
)
