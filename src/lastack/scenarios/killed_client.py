"""A killed client sends FIN; the RST comes when the server next writes.

SIGKILL does not reset a connection. The kernel closes every descriptor of the
process as close() would: FIN, unless received data was unread. The server may
go on writing to what it believes to be half-closed, and only that write, at
whatever time it comes, is answered by a RST. So a RST "exactly 2 s after the
client died" is a server with a 2 s timer, not a timeout of TCP.

On Linux the server's read after the RST says end of file and not ECONNRESET,
since the connection was in CLOSE_WAIT; only the write tells, with EPIPE.
"""

from lastack.scenarios.endgames import told_only_by_writing
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
    wait,
)


def steps(*, rounds: int = 1, pause: float = 0.5, answer: int = 100) -> list[Step]:
    """The client is killed; after `pause` the server writes `answer` octets."""
    return [
        *established(rounds),
        client.kill(),
        wait(pause),
        server.send(answer).gives(str(answer)),
        settle(),
        *told_only_by_writing(server),
    ]


SCENARIO = Scenario(
    slug="killed-client",
    steps=steps,
    truth={"a": Truth("data-after-close", "client")},
    reasons=("client:TCP_TIMEWAIT_SOCKET",),
    seeds=(1, 3, 4),
    varies={"rounds": (0, 5), "pause": (0.2, 1.0), "answer": (1, 1400)},
    elsewhere={"windows": Truth("linger-zero", "client")},
)
