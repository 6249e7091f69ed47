"""An idle timeout without a race: notice, agreement, half-close, close.

The server does not close; it says that it would like to. The client answers
"agreed" and sends no request after it; only then the server closes, still
reading. A request which crossed the notice is served, and the timer set anew.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    wait,
)


def steps(*, rounds: int = 1, idle: float = 0.3, crossing: bool = True) -> list[Step]:
    """A request crosses the first notice; the second one is agreed to."""
    notice, agreed = 10, 6
    crossed = [
        server.send(notice),
        client.send(100),
        server.receive(100, everything=True),
        server.send(200),
        client.receive(notice + 200, everything=True),
        wait(idle),
    ]
    return [
        *established(rounds),
        wait(idle),
        *(crossed if crossing else ()),
        server.send(notice),
        client.receive(notice, everything=True),
        client.send(agreed),
        server.receive(agreed, everything=True),
        server.shutdown("WR").gives("0"),
        client.receive().gives("0"),
        client.close().gives("0"),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="agreed-close",
    steps=steps,
    truth={"a": Truth("orderly-close", "server")},
    seeds=(2,),
    varies={"rounds": (1, 5), "idle": (0.2, 0.8)},
)
