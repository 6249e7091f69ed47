"""shutdown(RD), the rest is read, close: orderly.

On Linux shutdown(RD) discards nothing: what had arrived, and even what arrives
later, can still be read. If it is, close() has nothing to reset for.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
)


def steps(*, rounds: int = 1, queued: int = 300) -> list[Step]:
    """The client shuts its reading side down and then reads all the same."""
    return [
        *established(rounds),
        server.send(queued),
        settle(),
        client.shutdown("RD").gives("0"),
        client.receive(queued, everything=True).gives(str(queued)),
        client.receive().gives("0"),
        client.close().gives("0"),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="shutdown-rd-read",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(21,),
    varies={"rounds": (0, 5), "queued": (1, 8000)},
    elsewhere={
        "macos": Truth("data-after-close", "client"),
        "illumos": Truth("data-after-close", "client"),
    },
)
