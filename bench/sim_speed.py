"""How fast virtual time goes: connections a second, keepalive, an exploration.

    python bench/sim_speed.py [SECONDS]

A connection is whole: handshake, a request, a response, both FINs, TIME_WAIT
expired, on two hosts and a link, without a timeline. `toy` is the same number of
events through an empty queue, so the ratio does not depend on the machine. The
exploration is of every order of close(), a kill and shutdown() on both sides
with two segments lost, doubled or late. Times are one core's, so that other
work on the machine does not count.
"""

import sys
import time
from collections.abc import Callable

from lastack.sim.explore.search import Explored, explore
from lastack.sim.generator import Generator
from lastack.sim.host import Host
from lastack.sim.link import Link
from lastack.sim.personalities import load
from lastack.sim.sockets import Pending
from lastack.sim.world import World
from lastack.tcp.segment import Address

GOAL_CONNECTIONS = 2_000
GOAL_KEEPALIVE_MS = 10.0
GOAL_EXPLORATION_S = 600.0
EXPLORED = ("close", "kill", "shutdown")
EVENTS_A_CONNECTION = 20
SERVER = Address("192.0.2.2", 80)


def stage() -> tuple[World, Host, Host]:
    world = World(silent=True)
    linux = load("linux")
    client = Host(world, "client", "192.0.2.1", linux, Generator(1))
    server = Host(world, "server", SERVER.host, linux, Generator(2))
    client.link = server.link = Link(world, client, server, Generator(3))
    return world, client, server


def wait_for(world: World, pending: Pending) -> None:
    world.run_while(lambda: pending.result is None, world.now + 10**9)


def nothing() -> None:
    pass


def connections(count: int) -> None:
    """`count` connections one after another, each with a request and a response."""
    world, client, server = stage()
    us, them = client.spawn("us"), server.spawn("them")
    listening = them.socket()
    them.listen(listening, SERVER.port, 128)
    for _ in range(count):
        number = us.socket()
        us.connect(number, SERVER)
        accepted = them.accept(listening)
        wait_for(world, accepted)
        us.send(number, b"r" * 100)
        request = them.receive(accepted.descriptor, 100, everything=True)
        wait_for(world, request)
        them.send(accepted.descriptor, b"a" * 200)
        answer = us.receive(number, 200, everything=True)
        wait_for(world, answer)
        us.close(number)
        end = them.receive(accepted.descriptor, 1)
        wait_for(world, end)
        them.close(accepted.descriptor)
    world.run_until(world.now + 70 * 10**9)
    assert not client.connections
    assert not server.connections


def keepalive() -> None:
    """Two idle hours, the probes, and what follows them, on one connection."""
    world, client, server = stage()
    us, them = client.spawn("us"), server.spawn("them")
    them.listen(them.socket(), SERVER.port, 1)
    number = us.socket()
    us.connect(number, SERVER)
    us.set_option(number, "SO_KEEPALIVE", 1)
    world.run_until(2 * 3600 * 10**9 + 10 * 10**9)


def exploration(kinds: tuple[str, ...]) -> Explored:
    """Every order of the calls on both sides, with two faults."""
    linux = load("linux")
    return explore(linux, linux, (EXPLORED, EXPLORED), faults=2, kinds=kinds)


def toy(count: int) -> None:
    """As many events as `connections` has, which do nothing."""
    world = World(silent=True)
    for event in range(count * EVENTS_A_CONNECTION):
        world.at(event, nothing)
    world.run_until(count * EVENTS_A_CONNECTION)


def timed(work: Callable[..., None], *arguments: int) -> float:
    started = time.process_time()
    work(*arguments)
    return time.process_time() - started


def main() -> None:
    patience = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    count, took = 200, 0.0
    while took < patience / 2:
        count *= 2
        took = timed(connections, count)
    rate = count / took
    empty = timed(toy, count)
    waiting = min(timed(keepalive) for _ in range(5)) * 1000
    print(f"connections/s      {rate:10.0f}  goal {GOAL_CONNECTIONS}, "
          f"ratio {rate / GOAL_CONNECTIONS:.2f}")  # fmt: skip
    print(f"to empty events    {took / empty:10.1f}  times the time")
    print(f"2 h keepalive, ms  {waiting:10.2f}  goal {GOAL_KEEPALIVE_MS:.0f}, "
          f"ratio {GOAL_KEEPALIVE_MS / waiting:.1f}")  # fmt: skip
    for kinds in (("lose",), ("lose", "duplicate", "reorder")):
        started = time.process_time()
        found = exploration(kinds)
        took = time.process_time() - started
        assert found.whole
        print(f"exploration, s     {took:10.2f}  goal {GOAL_EXPLORATION_S:.0f}, "
              f"ratio {GOAL_EXPLORATION_S / took:.0f}")  # fmt: skip
        print(f"    two of {' '.join(kinds)}: {found.states} states, "
              f"{len(found.endings)} endings")  # fmt: skip


if __name__ == "__main__":
    main()
