"""A peer whose kernel answers everything, and whose program is stuck."""

import asyncio

from lastack.closing import Accepted, Heartbeat, abort, beat, serve


async def stuck(client: Accepted) -> None:
    """The program hangs; its kernel acknowledges every byte."""
    await asyncio.sleep(1)


async def main() -> None:
    """Run both sides."""
    loop = asyncio.get_running_loop()
    async with await serve(stuck) as server:
        reader, writer = await asyncio.open_connection(*server.address)
        heartbeat = Heartbeat(interval=0.1, patience=0.35, now=loop.time())

        async def listen() -> None:
            while await reader.readline():
                heartbeat.heard(loop.time())

        async def ping() -> None:
            print("ping")
            writer.write(b"ping\n")
            await writer.drain()

        listening = asyncio.create_task(listen())
        await beat(heartbeat, ping)
        print("dead: no word for 0.35 s")
        abort(writer)
        await asyncio.gather(listening, return_exceptions=True)


asyncio.run(main())
