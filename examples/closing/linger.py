"""close() waits for the peer's kernel, here in vain: it does not read."""

import socket
import sys
import time

from lastack.closing import linger
from lastack.closing.so_linger import WHAT_CLOSE_DOES

with socket.create_server(("127.0.0.1", 0)) as listener:
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()

with client:
    server.setblocking(False)
    try:
        while True:
            server.send(b"x" * 65536)
    except BlockingIOError:
        pass
    linger(server, 1)
    start = time.monotonic()
    server.close()
    print(f"close() took {time.monotonic() - start:.1f} s on a non-blocking socket")

print(sys.platform, "-", WHAT_CLOSE_DOES[sys.platform])
