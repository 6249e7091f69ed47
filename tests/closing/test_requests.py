"""Requests: replies matched, late ones dropped."""

import asyncio

import pytest

from lastack.closing import Requests, TooManyRequestsError

from .conftest import Run


def test_replies_find_their_requests_in_any_order(run: Run) -> None:
    """100 at once, answered backwards."""
    sent: list[tuple[int, bytes]] = []

    async def main() -> None:
        requests: Requests[bytes] = Requests(lambda *each: sent.append(each))
        asking = [asyncio.create_task(requests.request(b"%d" % n)) for n in range(100)]
        await asyncio.sleep(0)
        for number, payload in reversed(sent):
            assert requests.replied(number, payload + b"!")
        assert await asyncio.gather(*asking) == [b"%d!" % n for n in range(100)]
        assert len(requests) == 0

    run(main())


def test_late_and_doubled_replies_find_nobody(run: Run) -> None:
    """They are counted, and never taken for the next request's."""
    sent: list[int] = []

    async def main() -> None:
        requests: Requests[bytes] = Requests(
            lambda number, _: sent.append(number), timeout=0.02
        )
        with pytest.raises(TimeoutError):
            await requests.request(b"a")
        second = asyncio.create_task(requests.request(b"b"))
        await asyncio.sleep(0)
        assert not requests.replied(sent[0], b"late")
        assert requests.replied(sent[1], b"right")
        assert not requests.replied(sent[1], b"doubled")
        assert await second == b"right"
        counters = requests.counters
        assert (counters.matched, counters.unmatched, counters.timed_out) == (1, 2, 1)

    run(main())


def test_attempts_repeat_the_same_number(run: Run) -> None:
    """The server can recognise a repetition."""
    sent: list[int] = []

    async def main() -> None:
        requests: Requests[bytes] = Requests(
            lambda number, _: sent.append(number), timeout=0.01, attempts=3
        )
        with pytest.raises(TimeoutError, match=r"3 x 0\.01 s"):
            await requests.request(b"a")

    run(main())
    assert len(sent) == 3
    assert len(set(sent)) == 1


def test_too_many_are_refused_before_sending(run: Run) -> None:
    """Memory is bounded; the caller is told at once."""
    sent: list[int] = []

    async def main() -> None:
        requests: Requests[bytes] = Requests(
            lambda number, _: sent.append(number), most=1
        )
        first = asyncio.create_task(requests.request(b"a"))
        await asyncio.sleep(0)
        with pytest.raises(TooManyRequestsError):
            await requests.request(b"b")
        requests.fail(ConnectionResetError("gone"))
        with pytest.raises(ConnectionResetError):
            await first

    run(main())
    assert len(sent) == 1
