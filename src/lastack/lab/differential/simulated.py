"""Plays sequences on the simulated kernel, in virtual time."""

from typing import TYPE_CHECKING, Final

from lastack.lab.differential.program import on_simulator
from lastack.lab.differential.record import Record
from lastack.lab.differential.steps import (
    MS,
    Arrive,
    Base,
    Call,
    Offer,
    Place,
    Plan,
    Planned,
    PlannedStep,
    Sequence,
    Stamp,
)
from lastack.lab.differential.wire import PEER_ISN, Wire
from lastack.sim.packetdrill.subject import LOCAL, PORT, REMOTE, SimulatedSubject
from lastack.sim.personality import Personality
from lastack.tcp.segment import Address
from lastack.tcp.sequence import add

if TYPE_CHECKING:
    from lastack.sim.tcb import Tcb

_PEER_PORT: Final = PORT
_CLOCK: Final = 100_000
"""The peer's timestamp when a sequence begins."""


class SimulatedRun:
    """One sequence under way on a simulated host."""

    def __init__(self, personality: Personality, offer: Offer, phase: int) -> None:
        self.subject = SimulatedSubject(personality)
        self.subject.host.phase = phase
        self.program = on_simulator(self.subject, PORT)
        self.wire = Wire(Address(LOCAL, PORT), Address(REMOTE, _PEER_PORT), offer)
        self.record = Record()
        self.tcb: Tcb | None = None

    def step(self, act: Planned | Call, time: int) -> None:
        """Let time pass, and do a step."""
        self.until(time)
        record = self.record
        record.states.append(self.state)
        record.at.append(time)
        record.sent.append([])
        record.results.append("")
        try:
            if isinstance(act, Call):
                record.results[-1] = self.program.do(act)
            else:
                self.subject.arrives(self.wire.arriving(act, time))
        except Exception as error:  # a bug of the simulator differs from any kernel
            record.results[-1] = f"simulator fails: {error!r}"
        self._collect()

    def until(self, time: int) -> None:
        """Let time pass."""
        self.subject.run_until(time)
        self._collect()

    def _collect(self) -> None:
        sent = self.subject.sent
        while sent:
            self.record.sent[-1].append(self.wire.sent(sent.popleft()))
        for connection in self.subject.host.connections.values():
            self.tcb = connection.endpoint.tcb

    @property
    def state(self) -> str:
        """The state of the connection; LISTEN, or CLOSED, if there is none."""
        for connection in self.subject.host.connections.values():
            if connection.endpoint.tcb is self.tcb:
                return self.tcb.state.name
        return "LISTEN" if self.program.listener >= 0 else "CLOSED"

    # Planning ------------------------------------------------------------------

    def planned(self, act: Arrive, time: int) -> Planned:
        """Return a segment in numbers, as they are now."""
        milliseconds = time // MS
        stamp = None
        if self.wire.offer is Offer.FULL and act.stamp is not Stamp.ABSENT:
            stamp = _CLOCK + milliseconds + (act.stamp.value or 0)
        echo = None
        if self.wire.clock is not None and self.tcb is not None:
            tick = self.tcb.personality.timestamp_tick.value
            latest = self.tcb.now // tick + self.tcb.ts_offset
            echo = (latest - self.wire.clock) % (1 << 32)
        return Planned(
            act.flags,
            self._sequence(act.seq),
            act.length,
            self._acknowledgement(act.ack),
            act.window,
            stamp,
            echo,
        )

    def _sequence(self, place: Place) -> int:
        tcb = self.tcb
        base = 0
        if tcb is not None and tcb.irs and place.base is not Base.SYN:
            base = tcb.rcv_nxt - PEER_ISN
            if place.base is Base.EDGE:
                base += tcb.receive_window
        return add(base, place.offset)

    def _acknowledgement(self, place: Place) -> int:
        tcb = self.tcb
        base = 0
        if tcb is not None and place.base is not Base.SYN:
            last = tcb.snd_una if place.base is Base.UNACKNOWLEDGED else tcb.snd_nxt
            base = last - max(self.wire.isn, 0)
        return add(base, place.offset)


def plan(sequence: Sequence, personality: Personality) -> Plan:
    """Return a sequence in the numbers of a simulated host."""
    run = SimulatedRun(personality, sequence.offer, 0)
    steps = []
    time = 0
    for step in sequence.steps:
        run.until(time)
        act = run.planned(step.act, time) if isinstance(step.act, Arrive) else step.act
        run.step(act, time)
        steps.append(PlannedStep(act, step.wait))
        time += step.wait
    return Plan(sequence, tuple(steps))


def simulate(it: Plan, personality: Personality, measured: Record) -> Record:
    """Play a plan with its steps at the very times of `measured`."""
    run = SimulatedRun(personality, it.sequence.offer, measured.phase)
    for step, time in zip(it.steps, measured.at, strict=True):
        run.step(step.act, time)
    run.until(measured.end)
    run.record.end = measured.end
    run.record.state = run.state
    return run.record
