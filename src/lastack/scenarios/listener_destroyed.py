"""`ss -K` of a listener resets what waits in its queue."""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    server,
    server_host,
    wait,
)


def steps(*, pause: float = 0.1) -> list[Step]:
    """An administrator destroys the listening socket."""
    return [
        server.listen(),
        client.connect(),
        wait(pause),
        server_host.destroy("listener"),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="listener-destroyed",
    steps=steps,
    truth={"a": Truth("listener-closed", "server")},
    reasons=("server:TCP_STATE",),
    seeds=(6,),
    varies={"pause": (0.05, 1.0)},
)
