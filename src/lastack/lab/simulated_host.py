"""A simulated host on a TUN device: the real kernel, or a real program, talks to it.

The host's virtual time is real time here: what it sends is written to the
device at once, its timers fire when they are due.

    with SimulatedHost(load("freebsd"), role="server") as on_tun:
        server = Server(on_tun.host.spawn("server"), 8080, parse_calls("close"))
        on_tun.run([server.advance], seconds=10, over=lambda: False)
"""

import select
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from secrets import randbits
from typing import Final, Self

from lastack.lab.frames import segment_of
from lastack.lab.namespaces import Namespace
from lastack.sim.generator import Generator
from lastack.sim.host import Host
from lastack.sim.link import Conditions, Link, Receiver
from lastack.sim.personality import Personality
from lastack.sim.world import World
from lastack.sources.tun import Tun
from lastack.tcp.events import Sent
from lastack.tcp.segment import Segment
from lastack.tcp.states import State
from lastack.wire.encode import encode_ip

KERNEL: Final = "192.0.2.1"
SIMULATED: Final = "192.0.2.129"
DEVICE: Final = "lastack0"
_NETWORK: Final = f"{KERNEL}/24"
_ETHERNET_OF_IPV4: Final = b"\0" * 12 + b"\x08\x00"
_TABLES: Final = Path("/proc/thread-self/net")
_LISTEN: Final = "0A"  # TCP_LISTEN, in hexadecimal as the table has it
_LONGEST_SLEEP: Final = 0.05
_WAITING: Final = frozenset({State.TIME_WAIT, State.CLOSED, State.LISTEN})


class _OntoTun(Link):
    """A link that ends in a TUN device: no delay but the kernel's own."""

    def __init__(self, host: Host, tun: Tun) -> None:
        super().__init__(host.world, host, host, Generator(0), Conditions(delay=0))
        self.tun = tun
        self.kernel = "client" if host.role == "server" else "server"

    def send(self, sender: Receiver, segment: Segment) -> None:
        """Let the kernel get what the host sends."""
        for where in (sender.role, self.kernel):
            self.world.tell(Sent(self.world.now, where, segment))
        self.tun.write(encode_ip(segment))

    def came(self, receiver: Receiver, segment: Segment) -> None:
        """Let the host get what the kernel sent."""
        for where in (self.kernel, receiver.role):
            self.world.tell(Sent(self.world.now, where, segment))
        receiver.arrives(segment)


class SimulatedHost:
    """`personality` at 192.0.2.129, on a network where the kernel is 192.0.2.1.

    In a network namespace of its own if `alone`, otherwise in the present one.
    Raises PermissionError without CAP_NET_ADMIN.
    """

    def __init__(
        self, personality: Personality, *, role: str, alone: bool, seed: int = 0
    ) -> None:
        with ExitStack() as opened:
            self.namespace = Namespace() if alone else None
            if self.namespace is not None:
                opened.callback(self.namespace.close)
            with self._inside():
                self.tun = Tun(_NETWORK, DEVICE)
            opened.callback(self.tun.close)
            self._opened = opened.pop_all()
        self.world = World()
        generator = Generator(seed or randbits(64))
        self.host = Host(self.world, role, SIMULATED, personality, generator)
        self.host.link = self._link = _OntoTun(self.host, self.tun)
        self._began = time.monotonic_ns()

    def _inside(self) -> AbstractContextManager[None]:
        return nullcontext() if self.namespace is None else self.namespace.entered()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the device, and the namespace."""
        self._opened.close()

    def start(self, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        """Start a real program beside the kernel; raises OSError if there is none."""
        with self._inside():
            return subprocess.Popen(command)

    def listens(self, port: int) -> bool:
        """Whether a program beside the kernel listens at `port`."""
        with self._inside():
            tables = [_TABLES.joinpath(name).read_text() for name in ("tcp", "tcp6")]
        ending = f":{port:04X}"
        rows = [row.split() for table in tables for row in table.splitlines()[1:]]
        return any(row[1].endswith(ending) and row[3] == _LISTEN for row in rows)

    @property
    def is_quiet(self) -> bool:
        """Whether no connection has anything to say any more."""
        return all(
            it.endpoint.state in _WAITING
            or (it.endpoint.state is State.FIN_WAIT_2 and it.endpoint.tcb.orphan)
            for it in self.host.connections.values()
        )

    def run(
        self,
        programs: Sequence[Callable[[], None]],
        *,
        seconds: float,
        over: Callable[[], bool],
    ) -> None:
        """Go on until it is `over()`, for at most `seconds`."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            self.catch_up()
            for advance in programs:
                advance()
            if over():
                return
            self._wait(limit)

    def catch_up(self) -> None:
        """Let virtual time be the present."""
        self.world.run_until(self._now())

    def _now(self) -> int:
        return time.monotonic_ns() - self._began

    def _wait(self, limit: float) -> None:
        """Sleep until the kernel sends, or something is due."""
        sleep = min(_LONGEST_SLEEP, max(limit - time.monotonic(), 0))
        due = self.world.next_time
        if due is not None:
            sleep = min(sleep, max(due - self._now(), 0) / 1_000_000_000)
        select.select([self.tun], [], [], sleep)
        while (packet := self.tun.read()) is not None:
            segment = segment_of(0, _ETHERNET_OF_IPV4 + packet)
            if packet[0] >> 4 != 4 or segment is None:
                continue
            if segment.destination.host == SIMULATED:
                self.catch_up()
                self._link.came(self.host, replace(segment, time=self.world.now))
