"""HTTP servers in threads, each right or wrong in one known way."""

import contextlib
import socket
import struct
import threading

from lastack.check.server import Settings

BODY = b"x" * 20000
"""Longer than the window of a probe that stops reading."""

SETTINGS = Settings(wait=1.5, patience=1.5, idle_limit=1.5, burst=32, body_size=1 << 20)
"""Waits so long that each of `Behaviour`'s times is over by then."""


class Behaviour:
    """An HTTP/1.1 server that ends its connections right; faults are its attributes.

    A test makes it wrong by overriding one thing.
    """

    backlog = 128
    one_at_a_time = False
    idle_seconds: float | None = 1.1
    announce = "Keep-Alive: timeout=1\r\n"
    linger = True
    """Closes in stages: shutdown, drain, close."""
    linger_zero = False
    write_timeout: float | None = None

    def accepting(self) -> None:
        """Run before each accept."""

    def serve(self, sock: socket.socket) -> None:
        """Serve one connection to its end."""
        try:
            self.converse(sock)
        finally:
            self.close(sock)

    def converse(self, sock: socket.socket) -> None:
        """Answer requests until one side has enough."""
        waiting = b""
        while True:
            sock.settimeout(self.idle_seconds)
            while b"\r\n\r\n" not in waiting:
                try:
                    data = sock.recv(4096)
                except TimeoutError:
                    return
                if not data:
                    self.end_of_file(sock)
                    return
                waiting += data
            head, _, waiting = waiting.partition(b"\r\n\r\n")
            sock.settimeout(self.write_timeout)
            if head.startswith(b"POST"):
                self.refuse_body(sock)
                return
            close = b"connection: close" in head.lower()
            self.answer(sock, close=close)
            if close:
                return

    def answer(self, sock: socket.socket, *, close: bool) -> None:
        """Write the answer to a GET."""
        fields = "Connection: close\r\n" if close else self.announce
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY)}\r\n{fields}\r\n"
        sock.sendall(head.encode() + BODY)

    def refuse_body(self, sock: socket.socket) -> None:
        """Answer 413, with the body unread."""
        sock.sendall(
            b"HTTP/1.1 413 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )

    def end_of_file(self, sock: socket.socket) -> None:
        """React to the client's FIN where no request is left."""

    def close(self, sock: socket.socket) -> None:
        """End one connection."""
        if self.linger_zero:
            zero = struct.pack("ii", 1, 0)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, zero)
        elif self.linger:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_WR)
                sock.settimeout(1)
                while sock.recv(65536):
                    pass
        sock.close()


class RunningServer:
    """A behaviour, listening on loopback."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._listener = socket.create_server(
            ("127.0.0.1", 0), backlog=behaviour.backlog
        )
        self.port: int = self._listener.getsockname()[1]
        self._connections: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._behaviour.accepting()
                sock, _ = self._listener.accept()
                self._connections.append(sock)
                if self._behaviour.one_at_a_time:
                    self._serve(sock)
                else:
                    threading.Thread(
                        target=self._serve, args=(sock,), daemon=True
                    ).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self._behaviour.serve(sock)

    def stop(self) -> None:
        """Close the listener and all connections; blocked threads end thereby."""
        for sock in (self._listener, *self._connections):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError):
                sock.close()
