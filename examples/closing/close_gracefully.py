"""A server closes with a byte unread: the answer arrives all the same."""

import socket
import threading

from lastack.closing import close_gracefully


def client(address: tuple[str, int]) -> None:
    """Ask for something, and read to the end."""
    with socket.create_connection(address) as sock:
        sock.sendall(b"question, and a byte that nobody reads")
        print("client:", sock.makefile("rb").read())


with socket.create_server(("127.0.0.1", 0)) as listener:
    thread = threading.Thread(target=client, args=(listener.getsockname(),))
    thread.start()
    server, _ = listener.accept()
    server.recv(8)
    server.sendall(b"answer")
    closed = close_gracefully(server, timeout=5)
    thread.join()

print(f"server: {closed.how}, {closed.drained} bytes drained")
assert closed.in_order
