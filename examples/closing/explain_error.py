"""What an error proves, and what it does not."""

import socket

from lastack.closing import abort, explain_error

with socket.create_server(("127.0.0.1", 0)) as listener:
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()

abort(server)
with client:
    try:
        client.recv(1)
    except OSError as error:
        explanation = explain_error(error)

print(explanation)
assert explanation.name == "ECONNRESET"
