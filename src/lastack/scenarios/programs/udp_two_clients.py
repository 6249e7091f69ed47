"""Two UDP clients in turns; it fails unless each gets the answers of its session.

The server answers with the number of the request within its session, and its
text.
"""

import socket
import sys

family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
clients = [socket.socket(family, socket.SOCK_DGRAM) for _ in range(2)]
for client in clients:
    client.settimeout(5)
    client.connect((sys.argv[1], int(sys.argv[2])))
for turn in range(1, 4):
    for number, client in enumerate(clients):
        client.send(b"client %d" % number)
    for number, client in enumerate(clients):
        answer = client.recv(2048)
        if answer != b"%d client %d" % (turn, number):
            sys.exit(f"client {number} got {answer!r} in turn {turn}")
