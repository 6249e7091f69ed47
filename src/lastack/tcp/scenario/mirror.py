"""A scenario in a mirror: after the handshake the client does what the server did.

TCP's ends are equal once the connection is established (RFC 9293, 3.3.2), so what
holds of one side's close() holds of the other's. A judge who is tested by captures
in which only clients abort with SO_LINGER learns to suspect clients.
"""

import functools
from dataclasses import replace
from typing import Final, overload

from lastack.tcp.scenario.calls import (
    Accept,
    Bind,
    Call,
    Connect,
    Exit,
    Fork,
    Kill,
    Listen,
    Run,
)
from lastack.tcp.scenario.cast import client, server
from lastack.tcp.scenario.host import HostStep, Reboot, Sysctl, Vanish
from lastack.tcp.scenario.path import (
    Cut,
    Delay,
    Direction,
    Duplicate,
    Forge,
    Heal,
    Lose,
    Narrow,
    NetworkStep,
)
from lastack.tcp.scenario.scenario import Scenario, Truth
from lastack.tcp.scenario.step import HostName, Settle, Step, Wait

SUFFIX: Final = "-mirrored"
_UNKNOWN: Final = ("NO_SOCKET", "TCP_FLAGS")
_FOR_THE_FIRST_ONLY: Final = Listen | Connect | Accept | Bind | Run | Fork


def mirrored(scenario: Scenario) -> Scenario | None:
    """Return the scenario with both sides' parts exchanged, None if it has no mirror.

    One connection of two programs has one, of which the handshake is no part of
    the story, in which the listener goes on listening, and without a router, which
    is seen from the client's side.
    """
    steps = scenario.steps()
    opening = _opening(steps)
    if opening is None or set(scenario.truth) != {"a"} or scenario.wire.routed:
        return None
    if not all(map(_has_mirror, steps[opening:])):
        return None
    other = [*map(_exchanged, steps)]
    dies = any(
        isinstance(it, Kill | Exit | Vanish | Reboot) and _where(it) == "server"
        for it in other
    )

    @functools.wraps(scenario.steps)
    def exchanged(**given: object) -> list[Step]:
        return _in_the_mirror(scenario.steps(**given))

    return replace(
        scenario,
        slug=scenario.slug + SUFFIX,
        steps=exchanged,
        truth={"a": _truth(scenario.truth["a"])},
        reasons=tuple(_reason(it, listens=not dies) for it in scenario.reasons),
        counters=tuple(map(_of_the_other, scenario.counters)),
        seeds=(),
        elsewhere={system: _truth(it) for system, it in scenario.elsewhere.items()},
    )


def _opening(steps: list[Step]) -> int | None:
    """Return how many steps the handshake takes, None if it is not as usual."""
    calls = [type(it) for it in steps if isinstance(it, _FOR_THE_FIRST_ONLY)]
    if calls != [Listen, Connect, Accept]:
        return None
    end = next(n for n, it in enumerate(steps) if isinstance(it, Accept)) + 1
    usual = Sysctl | Listen | Connect | Accept
    return end if all(isinstance(it, usual) for it in steps[:end]) else None


def _has_mirror(step: Step) -> bool:
    if isinstance(step, Call):
        return step.socket != "listener" and step.program in {client, server}
    if isinstance(step, Forge):
        return step.connection == "a"
    if isinstance(step, NetworkStep):
        return isinstance(step, Cut | Heal | Lose | Duplicate | Delay | Narrow)
    return isinstance(step, HostStep | Wait | Settle)


def _in_the_mirror(steps: list[Step]) -> list[Step]:
    """Return the steps exchanged; both sides' first options change places, too."""
    listen = next(it for it in steps if isinstance(it, Listen))
    connect = next(it for it in steps if isinstance(it, Connect))
    found = [*map(_exchanged, steps)]
    found[steps.index(listen)] = replace(listen, options=connect.options)
    found[steps.index(connect)] = replace(connect, options=listen.options)
    return found


def _exchanged(step: Step) -> Step:
    if isinstance(step, Listen | Connect | Accept):
        return step
    if isinstance(step, Call):
        return replace(step, program=client if step.program == server else server)
    if isinstance(step, HostStep):
        return replace(step, host=_other(step.host))
    if isinstance(step, Lose | Duplicate | Forge):
        return replace(step, towards=_other(step.towards))
    if isinstance(step, Cut):
        return replace(step, towards=_other(step.towards))
    return step


def _where(step: Step) -> str:
    if isinstance(step, Call):
        return step.program.host
    return step.host if isinstance(step, HostStep) else ""


@overload
def _other(side: HostName) -> HostName: ...
@overload
def _other(side: Direction) -> Direction: ...
@overload
def _other(side: str) -> str: ...
def _other(side: str) -> str:
    if side == "client":
        return "server"
    return "client" if side == "server" else side


def _of_the_other(said: str) -> str:
    """Return `host:WORD` of the other host."""
    host, _, word = said.partition(":")
    return f"{_other(host)}:{word}"


def _reason(said: str, *, listens: bool) -> str:
    """Return the reason as the other kernel names it.

    Of a connection that it does not know, a host which listens says TCP_FLAGS
    (net/ipv4/tcp_ipv4.c:tcp_v4_do_rcv) and any other NO_SOCKET.
    """
    host, _, word = _of_the_other(said).partition(":")
    if word in _UNKNOWN:
        word = "TCP_FLAGS" if host == "server" and listens else "NO_SOCKET"
    return f"{host}:{word}"


def _truth(truth: Truth) -> Truth:
    at = {
        _other(vantage): (ending, _other(by))
        for vantage, (ending, by) in truth.at.items()
    }
    also = tuple((ending, _other(by)) for ending, by in truth.also)
    return Truth(truth.ending, _other(truth.by), also, at)
