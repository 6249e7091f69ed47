"""Plays many sequences at once on this kernel, behind one TUN device."""

import re
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from heapq import heappop, heappush
from pathlib import Path
from typing import Final, Self

from lastack.lab.differential.program import Program, on_kernel
from lastack.lab.differential.record import Record
from lastack.lab.differential.steps import Call, Plan, Planned
from lastack.lab.differential.wire import Wire
from lastack.lab.real_sockets import RealSockets
from lastack.lab.sockets import SocketTable
from lastack.lab.tun_host import TunHost
from lastack.sim.packetdrill.subject import LOCAL, REMOTE
from lastack.tcp.flags import RST
from lastack.tcp.segment import Address, Segment

_FIRST_PORT: Final = 10_000
_PORTS: Final = 40_000
_AT_ONCE: Final = 32
_SECOND: Final = 1_000_000_000
_HZ: Final = 250
_TRIES: Final = 20
_STATES: Final = {
    "": "CLOSED",
    "ESTAB": "ESTABLISHED",
    "SYN-SENT": "SYN_SENT",
    "SYN-RECV": "SYN_RECEIVED",
    "FIN-WAIT-1": "FIN_WAIT_1",
    "FIN-WAIT-2": "FIN_WAIT_2",
    "TIME-WAIT": "TIME_WAIT",
    "UNCONN": "CLOSED",
    "CLOSE-WAIT": "CLOSE_WAIT",
    "LAST-ACK": "LAST_ACK",
    "LISTEN": "LISTEN",
    "CLOSING": "CLOSING",
}


class _Run:
    """One sequence under way, between ports of its own."""

    def __init__(self, plan: Plan, port: int, began: int) -> None:
        self.plan = plan
        self.began = began
        self.sockets = RealSockets()
        self.program: Program = on_kernel(self.sockets, port)
        self.wire = Wire(
            Address(LOCAL, port), Address(REMOTE, port), plan.sequence.offer
        )
        self.record = Record()

    def sent(self, segment: Segment) -> None:
        """Note what the kernel sent."""
        if self.record.sent:
            sent = self.wire.sent(replace(segment, time=segment.time - self.began))
            self.record.sent[-1].append(sent)


class KernelPlayer:
    """This kernel in a namespace of its own, ready to play; use it as a context.

    `settings` are sysctls, by name.
    """

    def __init__(self, settings: dict[str, str]) -> None:
        self.host = TunHost(LOCAL)
        self.ticks = _ticks()
        try:
            for name, value in settings.items():
                self.host.namespace.set(name, value)
            self.table = SocketTable(self.host.namespace)
        except BaseException:
            self.host.close()
            raise
        self._port = _FIRST_PORT
        self._order = 0
        self._runs: dict[int, _Run] = {}
        self._due: list[tuple[int, int, Callable[[], None]]] = []

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the namespace."""
        self.table.close()
        self.host.close()

    def play(
        self, plans: Iterable[Plan], told: Callable[[int], None] | None = None
    ) -> list[Record]:
        """Return what the kernel did in each; `told` is called with how many are done.

        The calling thread is in the namespace meanwhile.
        """
        waiting = deque(plans)
        records: list[Record] = []
        with self.host.namespace.entered():
            while waiting or self._runs:
                while waiting and len(self._runs) < _AT_ONCE:
                    run = self._begin(waiting.popleft())
                    records.append(run.record)
                self.host.wait(self._due[0][0])
                self._read()
                while self._due and self._due[0][0] <= self.host.now:
                    heappop(self._due)[2]()
                if told is not None:
                    told(len(records) - len(self._runs))
        return records

    def _at(self, when: int, act: Callable[[], None]) -> None:
        self._order += 1
        heappush(self._due, (when, self._order, act))

    def _read(self) -> None:
        self.host.read()
        while self.host.sent:
            segment = self.host.sent.popleft()
            run = self._runs.get(segment.destination.port)
            if run is not None:
                run.sent(segment)

    def _begin(self, plan: Plan) -> _Run:
        self._port = _FIRST_PORT + (self._port + 1 - _FIRST_PORT) % _PORTS
        now = self.host.now
        run = _Run(plan, self._port, now)
        run.record.phase = (self.ticks + self.host.began + now) if self.ticks else 0
        self._runs[self._port] = run
        self._at(now, lambda: self._step(run, 0))
        return run

    def _step(self, run: _Run, index: int) -> None:
        steps, record = run.plan.steps, run.record
        self._read()
        if index == len(steps):
            self._end(run)
            return
        step = steps[index]
        record.at.append(self.host.now - run.began)
        record.sent.append([])
        if isinstance(step.act, Call):
            record.results.append(run.program.do(step.act))
            if step.act.name == "kill":  # it takes milliseconds, and ends with death
                record.at[-1] = self.host.now - run.began
        else:
            record.results.append("")
            self._arrive(run, step.act)
        self._read()
        after = lambda: self._step(run, index + 1)  # noqa: E731
        self._at(self.host.now + step.wait, after)

    def _arrive(self, run: _Run, act: Planned) -> None:
        self.host.write(run.wire.arriving(act, self.host.now))

    def _end(self, run: _Run) -> None:
        """Note the last state, and leave nothing behind."""
        wire = run.wire
        run.record.end = self.host.now - run.began
        state = self.table.state(wire.host, wire.peer)
        run.record.state = _STATES[state]
        del self._runs[wire.peer.port]
        run.sockets.abandon()
        # An orphan, or a bucket, believes a RST at RCV.NXT.
        last = Segment(0, wire.peer, wire.host, RST, wire.acked)
        self.host.write(last)


def _ticks() -> int:
    """Return by how many nanoseconds the kernel's ticks are ahead of its clock.

    Ticks come at whole multiples of their length. 0 if the kernel does not tell.
    """
    tick = _SECOND // _HZ
    try:
        for _ in range(_TRIES):
            before = time.monotonic_ns() // tick
            text = Path("/proc/timer_list").read_text()
            after = time.monotonic_ns() // tick
            found = re.search(r"^jiffies: (\d+)$", text, re.MULTILINE)
            if found and before == after:
                return (int(found[1]) - before) * tick
    except OSError:
        pass
    return 0
