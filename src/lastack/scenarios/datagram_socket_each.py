"""A UDP server: a connected socket for each client, as by accept().

The first datagram of a new sender makes a socket on the same port, connected to
that sender. The kernel then sorts: the most specific socket gets the datagram.
What came before connect() lies in the first socket and is answered from there.
"""

from lastack.scenarios.openings import TWO_DATAGRAM_CLIENTS
from lastack.tcp.scenario import Scenario, Step, client, server, wait

SERVER = """
import select, socket, sys
family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
counts = dict()

def bound():
    made = socket.socket(family, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((sys.argv[1], int(sys.argv[2])))
    return made

listener = bound()
sessions = dict()
while True:
    for ready in select.select([listener, *sessions.values()], [], [])[0]:
        request, sender = ready.recvfrom(2048)
        if sender not in sessions:
            sessions[sender] = bound()
            sessions[sender].connect(sender)
        counts[sender] = counts.get(sender, 0) + 1
        sessions[sender].send(b'%d %s' % (counts[sender], request))
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
    slug="datagram-socket-each",
    steps=steps,
    truth={},
    seeds=(5,),
    not_in_sim="the simulator has TCP only",
)
