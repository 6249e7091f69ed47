"""A server refuses an upload in the middle of it: the client reads the refusal."""

import asyncio

from lastack.closing import Accepted, alingering_close, serve

REFUSAL = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n\r\n"


async def refuse(client: Accepted) -> None:
    """Read the head of the request, and not its body."""
    await client.reader.readuntil(b"\r\n\r\n")
    closed = await alingering_close(client.reader, client.writer, REFUSAL)
    print(f"server: {closed.how}, {closed.drained} bytes thrown away")


async def main() -> None:
    """Run both sides."""
    async with await serve(refuse) as server:
        reader, writer = await asyncio.open_connection(*server.address)
        writer.write(b"POST / HTTP/1.1\r\nContent-Length: 5000000\r\n\r\n")
        writer.write(b"x" * 5_000_000)
        await writer.drain()
        answer = await reader.read()
        print("client:", answer.splitlines()[0])
        writer.close()
        await writer.wait_closed()
        assert answer == REFUSAL


asyncio.run(main())
