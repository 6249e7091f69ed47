"""The server's idle timeout closes while a request is on its way.

FIN and request cross on the wire. No order of calls can prevent it: the client
cannot know, and the server has gone. The request is answered by a RST whose
sequence number shows that the request did not yet acknowledge the FIN.
"""

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


def steps(*, rounds: int = 1, idle: float = 0.3, request: int = 100) -> list[Step]:
    """After `idle` seconds both act at the same instant."""
    return [
        *established(rounds),
        wait(idle),
        server.close().gives("0"),
        client.send(request).gives(str(request)),
        settle(),
        client.receive().gives("0"),
        client.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="idle-race-crossing",
    steps=steps,
    truth={"a": Truth("data-after-close", "server")},
    reasons=("server:TCP_ABORT_ON_DATA",),
    counters=("server:TCPAbortOnData",),
    seeds=(2,),
    varies={"rounds": (1, 5), "idle": (0.2, 1.0), "request": (1, 1400)},
)
