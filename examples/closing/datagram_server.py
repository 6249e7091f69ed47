"""A UDP server that counts for each client, in both designs."""

import asyncio
import socket

from lastack.closing import ConnectedDatagramServer, DatagramServer, Limits, Session


async def count(session: Session) -> None:
    """One client: its datagrams, and nobody else's."""
    number = 0
    while (data := await session.receive()) is not None:
        number += 1
        session.send(b"%s %d" % (data, number))


async def main() -> None:
    """Run both sides."""
    limits = Limits(idle=60, sessions=1000, queue=16)
    for design in (DatagramServer, ConnectedDatagramServer):
        async with design(count, "127.0.0.1", 0, limits) as server:
            answers = await asyncio.to_thread(two_clients, server.address)
            print(design.__name__, answers, server.counters)
            assert answers == [b"a 1", b"b 1", b"a 2", b"b 2"]


def two_clients(address: tuple[str, int]) -> list[bytes]:
    """Two clients, in turn."""
    answers = []
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        for sock, name in ((one, b"a"), (other, b"b")) * 2:
            sock.settimeout(5)
            sock.sendto(name, address)
            answers.append(sock.recv(100))
    return answers


asyncio.run(main())
