"""Ask, say that this was all, and read the answer to its end."""

import socket
import threading

from lastack.closing import half_close


def count_words(listener: socket.socket) -> None:
    """Answer once the client has said that this was all."""
    server, _ = listener.accept()
    with server:
        text = server.makefile("rb").read()  # to the client's end
        server.sendall(b"%d words" % len(text.split()))


with socket.create_server(("127.0.0.1", 0)) as listener:
    thread = threading.Thread(target=count_words, args=(listener,))
    thread.start()
    with socket.create_connection(listener.getsockname()) as client:
        client.sendall(b"how many words are in this sentence")
        half_close(client)
        answer = client.makefile("rb").read()
    thread.join()

print(answer)
assert answer == b"7 words"
