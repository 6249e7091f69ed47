"""A TLS client refuses the certificate: an alert, and a RST behind it.

It stops reading where it found the fault. What the server sent after that lies
unread in the socket, so that close() resets; the RST may reach the server
before its program has read the alert that says why.
"""

from lastack.scenarios.endgames import answered_and_closed_on_the_rest
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
)

HELLO = 517
"""A ClientHello as browsers pad it."""


def steps(*, flight: int = 3000, read: int = 2600, alert: int = 7) -> list[Step]:
    """Of the server's `flight` the client reads `read` octets; it answers `alert`."""
    return [
        *established(),
        client.send(HELLO),
        server.receive(HELLO, everything=True).gives(str(HELLO)),
        server.send(flight),
        settle(),
        *answered_and_closed_on_the_rest(client, server, read=read, answer=alert),
    ]


SCENARIO = Scenario(
    slug="certificate-refused",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "client")},
    reasons=("client:TCP_ABORT_ON_CLOSE",),
    counters=("client:TCPAbortOnClose",),
    seeds=(8, 19),
    # FreeBSD closes with a FIN, whatever is unread.
    elsewhere={"freebsd": Truth("fin-unanswered", "server")},
    varies={"flight": (2900, 6000), "read": (1200, 2800), "alert": (2, 31)},
)
