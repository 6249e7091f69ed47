"""The answer before a reset, which asyncio's StreamReader keeps to itself."""

import asyncio

from lastack.closing import abort, open_connection, read_final


async def answer_and_reset(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer, then cut the connection."""
    writer.write(b"HTTP/1.1 413 Content Too Large\r\n\r\n")
    await writer.drain()
    abort(writer)


async def main() -> None:
    """Run both sides."""
    async with await asyncio.start_server(answer_and_reset, "127.0.0.1", 0) as server:
        address = server.sockets[0].getsockname()
        reader, _ = await open_connection(*address)
        await asyncio.sleep(0.1)
        try:
            await reader.read()
        except ConnectionResetError as error:
            print("read():", error)
        final = await read_final(reader)
        print("read_final():", final.data, repr(final.error))
        assert final.data.startswith(b"HTTP/1.1 413")


asyncio.run(main())
