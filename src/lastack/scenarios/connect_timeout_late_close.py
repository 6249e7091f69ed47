"""A program gives connect() up before the kernel does: silence.

A non-blocking connect() with the program's own timeout. close() in SYN_SENT
sends nothing; the server had not answered and never learns of it.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, network, server, wait


def steps(*, patience: float = 1.5) -> list[Step]:
    """The client waits for `patience` seconds and closes."""
    return [
        server.listen(),
        network.cut("server"),
        client.connect(options={"O_NONBLOCK": 1}).gives("-EINPROGRESS"),
        wait(patience),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="connect-timeout-late-close",
    steps=steps,
    truth={"a": Truth("connect-timeout", "client")},
    seeds=(22,),
    varies={"patience": (1.2, 3.5)},
)
