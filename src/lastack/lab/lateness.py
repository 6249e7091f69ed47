"""How late a busy machine is, told by its own sleep."""

import asyncio


async def slept(seconds: float) -> float:
    """Sleep, and return by how many seconds it was longer than asked."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    await asyncio.sleep(seconds)
    return loop.time() - end
