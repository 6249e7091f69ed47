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


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """One client with one request."""
    writer.write(b"hello\n")
    answer = await reader.read()
    writer.close()
    return answer


async def main() -> None:
    """Run both sides."""
    server = await serve(echo, "127.0.0.1", 0, most=2)
    clients = [await asyncio.open_connection(*server.address) for _ in range(50)]
    asking = [asyncio.create_task(ask(*client)) for client in clients]
    print(f"{server.accepted} accepted; stopping")
    cut = await server.stop(timeout=10)
    answers = await asyncio.gather(*asking)
    print(f"{answers.count(b'hello' + bytes([10]))} answered, {cut} cut")
    assert answers == [b"hello\n"] * 50


asyncio.run(main())
