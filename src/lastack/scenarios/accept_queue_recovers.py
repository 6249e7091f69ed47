"""A full accept queue, emptied in time: the connection comes alive late.

The server's kernel ignored the last ACK. The next segment that repeats it, the
client's data here or its answer to a repeated SYN-ACK, finds room, since the
program accepts again. The request was only slow by the time of a repetition.
"""

from lastack.scenarios.openings import overflowing_queue
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    client2,
    server,
    wait,
)


def steps(*, request: int = 100, late: float = 0.5) -> list[Step]:
    """The server begins to accept `late` seconds late."""
    return [
        *overflowing_queue(),
        client2.send(request, "c"),
        wait(late),
        *(server.accept(name) for name in "abc"),
        server.receive(request, "c", everything=True).gives(str(request)),
        *(server.close(name) for name in "abc"),
        *(client.receive(name=name).gives("0") for name in "ab"),
        client.close("a"),
        client.close("b"),
        client2.receive(name="c").gives("0"),
        client2.close("c"),
    ]


SCENARIO = Scenario(
    slug="accept-queue-recovers",
    steps=steps,
    truth={name: Truth("orderly-close", "server") for name in "abc"},
    counters=("server:ListenOverflows",),
    seeds=(6,),
    varies={"request": (1, 1400), "late": (0.2, 0.8)},
    wire=Wire(delay=0.05),
    least_delay=0.05,
)
