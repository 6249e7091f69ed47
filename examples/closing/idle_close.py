"""An idle connection is closed by agreement; the next request takes another."""

import asyncio

from lastack.closing import IdleClose, RequestNotDoneError

TIMES = IdleClose(idle=0.2, patience=1, linger=1)


async def shout(request: bytes) -> bytes:
    """Do one request."""
    return request.upper()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection of the server."""
    served = await TIMES.serve(reader, writer, shout)
    print(f"server: {served}")


async def main() -> None:
    """Run both sides."""
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        address = server.sockets[0].getsockname()
        first = TIMES.connection(*await asyncio.open_connection(*address))
        print(await first.request(b"hello"))
        await asyncio.sleep(0.5)
        try:
            await first.request(b"anyone?")
        except RequestNotDoneError as error:
            print("certainly not done:", error)
        second = TIMES.connection(*await asyncio.open_connection(*address))
        print(await second.request(b"anyone?"))
        await second.close()
        await asyncio.sleep(0.1)


asyncio.run(main())
