"""A UDP server: one socket, and a session for each sender's address.

UDP has no accept(). recvfrom() tells who sent a datagram, and the server keeps
what it knows of that client in a table by address. Two clients talk in turns;
each gets the answers of its own session.
"""

from lastack.scenarios.openings import TWO_DATAGRAM_CLIENTS
from lastack.tcp.scenario import Scenario, Step, client, server, wait

SERVER = """
import socket, sys
sessions = dict()
listener = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET,
                         socket.SOCK_DGRAM)
listener.bind((sys.argv[1], int(sys.argv[2])))
while True:
    request, sender = listener.recvfrom(2048)
    sessions[sender] = sessions.get(sender, 0) + 1
    listener.sendto(b'%d %s' % (sessions[sender], request), sender)
"""


def steps() -> list[Step]:
    """Both clients check that number and text of each answer are their own."""
    return [
        server.run("python3", "-c", SERVER, "{server}", "{port}"),
        wait(0.3),
        client.run(
            "python3", "-c", TWO_DATAGRAM_CLIENTS, "{server}", "{port}", waits=True
        ).gives("0"),
    ]


SCENARIO = Scenario(
    slug="datagram-dispatcher",
    steps=steps,
    truth={},
    seeds=(5,),
    not_in_sim="the simulator has TCP only",
)
