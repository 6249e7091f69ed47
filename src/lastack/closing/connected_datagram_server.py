"""A UDP server with one connected socket a client, all on the same port.

The kernel then tells the clients apart: it gives a datagram to the socket which
is connected to its sender, and ICMP errors reach the right client's socket. It
costs a descriptor a client. On Linux before 6.13 finding the socket also takes
time proportional to their number, since all are in one hash bucket.
"""

import asyncio
import socket
import sys
from collections.abc import Callable

from lastack.closing.datagram_server import DatagramServer, Send
from lastack.closing.datagram_session import Address

_MOST_AT_ONCE = 16
"""Datagrams of one client read in one turn of the loop."""


class ConnectedDatagramServer(DatagramServer):
    """As `DatagramServer`, with a socket of its own for each client.

    Between bind() and connect() a new socket takes datagrams of any client, and
    keeps them. So every datagram is dispatched by its own sender's address,
    whichever socket it was read from (`Counters.misdirected`): none reaches the
    wrong session.

    The port is shared with SO_REUSEADDR (Linux: any user's process that sets it
    too may then bind the same port; do not use a port above 1023 on a host whose
    users you do not trust). Windows gives no guarantee which socket receives:
    refused there.
    """

    def _prepare(self, sock: socket.socket) -> None:
        if sys.platform == "win32":
            raise OSError("Windows does not choose among sockets on one port")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sys.platform != "linux":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)

    def _reach(self, address: Address) -> tuple[Send, Callable[[], None]]:
        sock = self._bound()
        try:
            sock.connect(address)
        except BaseException:
            sock.close()
            raise
        loop = asyncio.get_running_loop()
        loop.add_reader(sock, self._readable_from, sock, address)
        return sock.send, lambda: self._release(sock, address)

    def _bound(self) -> socket.socket:
        """A socket on the server's port, which takes anybody's datagrams yet."""
        listening = self._listening()
        sock = socket.socket(listening.family, listening.type, listening.proto)
        try:
            sock.setblocking(False)
            self._prepare(sock)
            sock.bind(listening.getsockname())
        except BaseException:
            sock.close()
            raise
        return sock

    def _readable_from(self, sock: socket.socket, owner: Address) -> None:
        now = asyncio.get_running_loop().time()
        for _ in range(_MOST_AT_ONCE):
            try:
                data, address = sock.recvfrom(65535)
            except BlockingIOError:
                return
            except OSError:
                continue  # ECONNREFUSED: nobody at the client's port any more
            if address != owner:
                self.counters.misdirected += 1
            self._dispatch(data, address, now)

    def _release(self, sock: socket.socket, owner: Address) -> None:
        asyncio.get_running_loop().remove_reader(sock)
        # What is still queued here opens the client's next session.
        self._readable_from(sock, owner)
        sock.close()
