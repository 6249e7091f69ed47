"""The simulator predicts this kernel: a part of bench/sim_against_kernel.py's table."""

import asyncio

import pytest

from lastack import scenarios
from lastack.lab.aspects import ASPECTS, Differences
from lastack.lab.laboratory import Laboratory
from lastack.lab.prediction import linux_here, predict
from lastack.lab.ticks import ticks
from lastack.sim.personalities import load
from lastack.sim.personality import Personality

PART = [
    # the end by FIN, from either side, at once, by halves
    "orderly-close",
    "server-closes-first",
    "simultaneous-close",
    "half-close",
    "lingering-close",
    # resets of a live socket, and of a socket that is gone
    "linger-zero-close-wait",
    "unread-data-after-fin",
    "unread-fin-only",
    "socket-destroyed",
    "answer-after-close",
    "connection-refused",
    "reboot-write",
    "killed-when-idle",
    # opening
    "handshake-incomplete",
    "syn-scan",
    "stale-connection-reused",
    "listener-closed",
    # timers: retransmission, probes, keepalive, orphans, waiting
    "blackhole-write",
    "blackhole-user-timeout",
    "keepalive-timeout",
    "delayed-close",
    "zero-window-user-timeout",
    "linger-expires",
    "time-wait-late-data",
    # the path: forged, refused, forgotten, lost, too narrow
    "forged-reset-in-window",
    "forged-syn-ack",
    "icmp-established",
    "nat-forgot",
    "mtu-black-hole",
    "one-way-path",
]
_AT_ONCE = 6


def _differences(slugs: list[str], personality: Personality) -> dict[str, Differences]:
    known = ticks()

    async def play() -> list[Differences]:
        gate = asyncio.Semaphore(_AT_ONCE)
        async with Laboratory.opened() as lab:

            async def one(slug: str) -> Differences:
                async with gate:
                    return await predict(lab, scenarios.load(slug), personality, known)

            return await asyncio.gather(*map(one, slugs))

    return dict(zip(slugs, asyncio.run(play()), strict=True))


@pytest.mark.usefixtures("needs_root")
def test_the_simulated_linux_does_what_this_kernel_does() -> None:
    """Same segments, results of calls, states and times, in every family of endings."""
    known = [slug for slug in PART if slug in scenarios.names()]
    assert known == PART
    found = _differences(PART, linux_here(ticks()))
    lines = [
        f"{slug}, {aspect}: {line}"
        for slug, differences in found.items()
        for aspect in ASPECTS
        for line in differences[aspect]
    ]
    assert not lines, "\n".join(lines)


@pytest.mark.usefixtures("needs_root")
def test_another_system_is_found_to_differ() -> None:
    """FreeBSD sends a FIN where Linux resets, and does not take its time."""
    found = _differences(["unread-request"], load("freebsd"))
    assert found["unread-request"]["segments"]
