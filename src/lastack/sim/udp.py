"""UDP sockets: one queue for every client, or one connected socket a client.

Which client a datagram is from is told by its source address alone. A socket
that is connected gets only its peer's datagrams, and gets them before one that
is not (the kernel prefers the closer match).
"""

from collections import deque
from dataclasses import dataclass

from lastack.tcp.segment import Address

_QUEUE = 212_992


@dataclass(frozen=True, slots=True)
class Datagram:
    """One UDP datagram (RFC 768)."""

    source: Address
    destination: Address
    payload: bytes


class DatagramSocket:
    """A UDP socket at `local`; `peer` is set by connect()."""

    __slots__ = ("dropped", "local", "peer", "queue", "queued")

    def __init__(self, local: Address) -> None:
        self.local = local
        self.peer: Address | None = None
        self.queue: deque[Datagram] = deque()
        self.queued = 0
        self.dropped = 0

    def connect(self, peer: Address) -> None:
        """Take datagrams of `peer` only, and send to it by default."""
        self.peer = peer

    def takes(self, datagram: Datagram) -> bool:
        """Whether the datagram may be for this socket."""
        return datagram.destination == self.local and (
            self.peer is None or self.peer == datagram.source
        )

    def arrives(self, datagram: Datagram) -> None:
        """Queue a datagram, or drop it if the buffer is full."""
        if self.queued + len(datagram.payload) > _QUEUE:
            self.dropped += 1
            return
        self.queue.append(datagram)
        self.queued += len(datagram.payload)

    def receive(self) -> Datagram | None:
        """recvfrom(): the oldest datagram with its sender, or None."""
        if not self.queue:
            return None
        datagram = self.queue.popleft()
        self.queued -= len(datagram.payload)
        return datagram
