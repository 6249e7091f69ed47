"""Python's http.client reuses a connection that its server has left.

The server closed it after its idle time. The client has the FIN and does not
look; it sends its next request, which is reset, and reads an end of file:
RemoteDisconnected. A GET may be sent again on a new connection.
"""

from lastack.scenarios.programs import python
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, wait


def steps() -> list[Step]:
    """Two real programs; the server's idle time is 0.4 s, the client's pause 0.8 s."""
    return [
        server.run(*python("http_server_with_idle_time", "{server}", "{port}")),
        wait(0.3),
        client.run(
            *python("http_client_that_reuses", "{server}", "{port}"), waits=True
        ).gives("0"),
    ]


SCENARIO = Scenario(
    slug="http-client-reuses",
    steps=steps,
    truth={
        "a": Truth("data-after-close", "server"),
        "b": Truth("orderly-close", "client"),
    },
    reasons=("server:TCP_TIMEWAIT_SOCKET",),
    seeds=(2,),
    not_in_sim="Python's http.client and http.server are real programs",
)
