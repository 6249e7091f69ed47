"""A UDP server: one socket, and a session for each sender's address.

UDP has no accept(). recvfrom() tells who sent a datagram, and the server keeps
what it knows of that client in a table by address. Two clients talk in turns;
each gets the answers of its own session.
"""

from lastack.scenarios.programs import python
from lastack.tcp.scenario import Scenario, Step, client, server, wait


def steps() -> list[Step]:
    """Both clients check that number and text of each answer are their own."""
    return [
        server.run(*python("udp_dispatcher", "{server}", "{port}")),
        wait(0.3),
        client.run(*python("udp_two_clients", "{server}", "{port}"), waits=True).gives(
            "0"
        ),
    ]


SCENARIO = Scenario(
    slug="datagram-dispatcher",
    steps=steps,
    truth={},
    seeds=(5,),
    not_in_sim="its programs are real Python (lastack.sim.udp has the sockets)",
)
