"""A reset on purpose; the peer reads what had arrived, then ECONNRESET."""

import socket

from lastack.closing import abort

with socket.create_server(("127.0.0.1", 0)) as listener:
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()

client.sendall(b"last words")
abort(client)
with server:
    print(server.recv(100))
    try:
        server.recv(100)
    except ConnectionResetError as error:
        print(error)
    else:
        raise AssertionError("no reset")
