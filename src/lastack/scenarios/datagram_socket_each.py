"""A UDP server: a connected socket for each client, as by accept().

The first datagram of a new sender makes a socket on the same port, connected to
that sender. The kernel then sorts: the most specific socket gets the datagram.
What came before connect() lies in the first socket and is answered from there.
"""

from lastack.scenarios.programs import python
from lastack.tcp.scenario import Scenario, Step, client, server, wait


def steps() -> list[Step]:
    """Both clients check that number and text of each answer are their own."""
    return [
        server.run(*python("udp_socket_each", "{server}", "{port}")),
        wait(0.3),
        client.run(*python("udp_two_clients", "{server}", "{port}"), waits=True).gives(
            "0"
        ),
    ]


SCENARIO = Scenario(
    slug="datagram-socket-each",
    steps=steps,
    truth={},
    seeds=(5,),
    not_in_sim="its programs are real Python (lastack.sim.udp has the sockets)",
)
