"""A server accepts only to abort at once: accept(), SO_LINGER 0, close().

So do proxies whose rules reject an address, rate limiters and access lists that
want no TIME_WAIT. The client's connect() has succeeded; its first recv() says
ECONNRESET. A listener that closes in this very instant would look the same.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    server,
    settle,
)


def steps() -> list[Step]:
    """Nothing is sent; the listener stays open."""
    return [
        server.listen(),
        client.connect().gives("0"),
        server.accept(),
        server.linger(0),
        server.close().gives("0"),
        settle(),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="accept-and-abort",
    steps=steps,
    truth={"a": Truth("linger-zero", "server")},
    reasons=("server:TCP_STATE",),
    counters=("server:TCPAbortOnData",),
    seeds=(9,),
)
