"""Heartbeat, in virtual time; `beat` on a loop."""

import asyncio

import pytest

from lastack.closing import Beat, Heartbeat, beat

from .conftest import Run


def timeline(heartbeat: Heartbeat, heard: list[float], until: float) -> list[object]:
    """What is due when, with the peer heard at those times."""
    found: list[object] = []
    now = 0.0
    while now < until:
        now = min([heartbeat.deadline(), *[t for t in heard if t > now]])
        if now in heard:
            heartbeat.heard(now)
        due = heartbeat.tick(now)
        if due:
            found.append((now, due))
        if due is Beat.DEAD:
            break
    return found


def test_a_silent_peer_is_dead_after_patience() -> None:
    """Pings each interval, then DEAD at `patience`."""
    assert timeline(Heartbeat(1.0, 3.5, 0.0), [], 10) == [
        (1.0, Beat.SEND),
        (2.0, Beat.SEND),
        (3.0, Beat.SEND),
        (3.5, Beat.DEAD),
    ]


def test_a_talking_peer_is_not_pinged() -> None:
    """Traffic is a sign of life: no ping until it stops."""
    heard = [0.5, 1.0, 1.5, 2.0]
    assert timeline(Heartbeat(1.0, 3.5, 0.0), heard, 3.0) == [(3.0, Beat.SEND)]


def test_nonsense_is_refused() -> None:
    """Patience must be longer than the interval."""
    with pytest.raises(ValueError, match="0 < interval < patience"):
        Heartbeat(2.0, 1.0, 0.0)


def test_beat_ends_when_the_peer_is_dead(run: Run) -> None:
    """Also when `ping` blocks, as it does towards a peer that does not read."""

    async def main() -> int:
        pings = 0

        async def ping() -> None:
            nonlocal pings
            pings += 1
            if pings == 2:
                await asyncio.sleep(3600)

        now = asyncio.get_running_loop().time()
        await beat(Heartbeat(0.02, 0.1, now), ping)
        return pings

    assert run(main()) == 2
