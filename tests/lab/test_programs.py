"""The nursery of the lab's programs, where those who wait for one have gone."""

import asyncio
from typing import Any

import pytest

pytest.importorskip("pyroute2")

from lastack.lab.namespaces import Namespace
from lastack.lab.programs import Nursery

pytestmark = pytest.mark.usefixtures("needs_root")


async def spawned_after_one_nobody_waits_for() -> tuple[int, list[dict[str, Any]]]:
    """Return the second program's number, and what the loop complained of."""
    complaints: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    namespace = Namespace()
    try:
        with Nursery() as nursery:
            first = asyncio.create_task(nursery.spawn(namespace))
            await asyncio.sleep(0)
            first.cancel()
            second = await nursery.spawn(namespace)
            return second.pid, complaints
    finally:
        namespace.close()


def test_a_program_that_nobody_waits_for() -> None:
    """^C while a program is forked is no error, and the next one is another's."""
    pid, complaints = asyncio.run(spawned_after_one_nobody_waits_for())
    assert pid > 0
    assert complaints == []
