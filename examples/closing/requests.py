"""Requests over UDP: answers in any order, a lost one repeated."""

import asyncio
import random
from typing import Any

from lastack.closing import DatagramServer, Requests, Session


async def lossy(session: Session) -> None:
    """A server whose every third answer gets lost."""
    dice = random.Random(1)
    while (data := await session.receive()) is not None:
        if dice.random() < 0.7:  # the others are "lost"
            session.send(data[:4] + data[4:].upper())


class Client(asyncio.DatagramProtocol):
    """Number, payload; and back."""

    def __init__(self) -> None:
        self.requests: Requests[bytes] = Requests(self.send, timeout=0.1, attempts=20)

    def connection_made(self, transport: Any) -> None:
        """The socket is there."""
        self.transport = transport

    def send(self, number: int, payload: bytes) -> None:
        """How a request goes out."""
        self.transport.sendto(number.to_bytes(4, "big") + payload)

    def datagram_received(self, data: bytes, address: object) -> None:
        """A reply came."""
        self.requests.replied(int.from_bytes(data[:4], "big"), data[4:])


async def main() -> None:
    """Run both sides."""
    async with DatagramServer(lossy, "127.0.0.1", 0) as server:
        loop = asyncio.get_running_loop()
        transport, client = await loop.create_datagram_endpoint(
            Client, remote_addr=server.address
        )
        words = [b"one", b"two", b"three", b"four", b"five"]
        answers = await asyncio.gather(*map(client.requests.request, words))
        print(answers, client.requests.counters)
        transport.close()
        assert answers == [word.upper() for word in words]


asyncio.run(main())
