"""A UDP server with one socket: sessions in a table, by the sender's address."""

import socket
import sys

family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
requests: dict[tuple[str, int], int] = {}
with socket.socket(family, socket.SOCK_DGRAM) as listener:
    listener.bind((sys.argv[1], int(sys.argv[2])))
    while True:
        request, sender = listener.recvfrom(2048)
        requests[sender] = requests.get(sender, 0) + 1
        listener.sendto(b"%d %s" % (requests[sender], request), sender)
