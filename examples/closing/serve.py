"""Stop a server while 50 clients wait in its accept queue: all are answered."""

import asyncio

from lastack.closing import Accepted, serve


async def echo(connection: Accepted) -> None:
    """Answer lines; between two of them a stop may come."""
    line = await connection.reader.readline()
    while line:
        await asyncio.sleep(0.01)
        connection.writer.write(line)
        line = await connection.unless_stopping(connection.reader.readline()) or b""


async def ask(address: tuple[str, int]) -> bytes:
    """One client with one request."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"hello\n")
    answer = await reader.read()
    writer.close()
    return answer


async def main() -> None:
    """Run both sides."""
    server = await serve(echo, "127.0.0.1", 0, most=2)
    asking = [asyncio.create_task(ask(server.address)) for _ in range(50)]
    await asyncio.sleep(0.05)
    print(f"{server.accepted} accepted; stopping")
    cut = await server.stop(timeout=10)
    answers = await asyncio.gather(*asking)
    print(f"{answers.count(b'hello' + bytes([10]))} answered, {cut} cut")
    assert answers == [b"hello\n"] * 50


asyncio.run(main())
