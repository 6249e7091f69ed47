"""A UDP server with a connected socket for each client; the kernel dispatches."""

import select
import socket
import sys

family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET


def bound() -> socket.socket:
    """A socket on the server's port, beside others there."""
    made = socket.socket(family, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((sys.argv[1], int(sys.argv[2])))
    return made


listener = bound()
sessions: dict[tuple[str, int], socket.socket] = {}
requests: dict[tuple[str, int], int] = {}
while True:
    for ready in select.select([listener, *sessions.values()], [], [])[0]:
        request, sender = ready.recvfrom(2048)
        if sender not in sessions:
            sessions[sender] = bound()
            sessions[sender].connect(sender)
        requests[sender] = requests.get(sender, 0) + 1
        sessions[sender].send(b"%d %s" % (requests[sender], request))
