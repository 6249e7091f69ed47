"""Copies of a scenario that wait for one another."""

import asyncio

import pytest

from lastack.lab.barrier import Barrier


def test_what_they_wait_for_is_done_once_when_all_are_there() -> None:
    """Neither before the last one came, nor for each of them."""
    done: list[int] = []

    async def act() -> None:
        done.append(len(done))

    async def run() -> None:
        barrier = Barrier(3)
        first = [asyncio.ensure_future(barrier.reached(act)) for _ in range(2)]
        await asyncio.sleep(0)
        assert done == []
        await barrier.reached(act)
        await asyncio.gather(*first)

    asyncio.run(asyncio.wait_for(run(), 5))
    assert done == [0]


def test_its_error_reaches_everybody() -> None:
    """A change that fails ends all who wait for it; none waits for ever."""

    async def act() -> None:
        raise OSError(28, "no space")

    async def run() -> list[BaseException | None]:
        barrier = Barrier(2)
        both = [barrier.reached(act) for _ in range(2)]
        return list(await asyncio.gather(*both, return_exceptions=True))

    found = asyncio.run(asyncio.wait_for(run(), 5))
    assert [type(error) for error in found] == [OSError, OSError]


@pytest.mark.parametrize("before", [True, False])
def test_who_leaves_is_not_waited_for(before: bool) -> None:
    """A copy that ends early holds nobody up, whether it ends first or last."""

    async def act() -> None:
        pass

    async def run() -> None:
        barrier = Barrier(2)
        if before:
            barrier.leave()
        waiting = asyncio.ensure_future(barrier.reached(act))
        await asyncio.sleep(0)
        if not before:
            barrier.leave()
        await waiting

    asyncio.run(asyncio.wait_for(run(), 5))
