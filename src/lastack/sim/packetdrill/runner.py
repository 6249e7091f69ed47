"""Carries a script out on a kernel, and says where the kernel disagrees."""

from dataclasses import dataclass, replace
from typing import Final

from lastack.sim.packetdrill.calls import Calls
from lastack.sim.packetdrill.commands import CommandError, settings
from lastack.sim.packetdrill.expression import ExpressionError, failed_assertion
from lastack.sim.packetdrill.script import (
    Call,
    Clock,
    Code,
    Command,
    Event,
    IcmpError,
    Packet,
    Script,
    ScriptError,
)
from lastack.sim.packetdrill.subject import Answer, Subject
from lastack.sim.packetdrill.wire import Wire

_SECOND: Final = 1_000_000_000
_SHARE: Final = 100
"""A time may be off by the tolerance, or by 1 % of what was waited."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The first event that the kernel did not do as the script says.

    `script` is the event as written, `actual` what was seen instead.
    """

    line: int
    message: str
    script: str
    actual: str = ""

    def report(self, name: str) -> str:
        """Return the failure as text: the script's line over the kernel's."""
        lines = [f"{name}:{self.line}: {self.message}", f"  script  {self.script}"]
        if self.actual:
            lines.append(f"  kernel  {self.actual}")
        return "\n".join(lines)


class _FailedError(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass(slots=True)
class _Outstanding:
    """A call that has not returned yet: when it began, and when it must return."""

    event: Event
    call: Call
    answer: Answer
    began: int
    due: int


def run(script: Script, subject: Subject) -> Failure | None:
    """Carry `script` out; return its first failure, or None.

    Raises ScriptError for what the script asks and nobody here can do.
    """
    try:
        _Run(script, subject).all()
    except _FailedError as failed:
        return failed.failure
    return None


class _Run:
    """One run; `late` is by how much a real clock had passed an event's time."""

    def __init__(self, script: Script, subject: Subject) -> None:
        self.script = script
        self.subject = subject
        self.calls = Calls(script.text)
        self.wire = Wire()
        self.outstanding: list[_Outstanding] = []
        self.base = 0
        self.late = 0

    def all(self) -> None:
        """Carry every event out, in order; what is not known is refused before."""
        for event in self.script.events:
            if isinstance(event.what, Call):
                self.calls.request(event.what, event.at)
        for event in self.script.events:
            self.event(event)
        self.finish_calls()

    def event(self, event: Event) -> None:
        """Wait for the event's time, and do it or look for it."""
        when = event.when
        start = self.base if when.clock is Clock.BEFORE else 0
        first = start + when.first
        last = first if when.last is None else start + when.last
        match event.what:
            case Packet(inbound=False) as packet:
                self.expect(event, packet, first, last)
            case _:
                if when.clock is not Clock.ANY:
                    self.subject.run_until(first)
                self.act(event)
                if when.clock is not Clock.ANY:
                    self.late = self.subject.now - first
        if when.clock is Clock.ANY or when.last is not None:
            self.base = self.subject.now
        else:
            self.base = first

    def act(self, event: Event) -> None:
        """Do what the script does itself."""
        match event.what:
            case Packet() as packet:
                self.subject.arrives(self.wire.inbound(packet, self.subject.now))
            case IcmpError(kind=kind, seq=seq):
                probe = Packet(True, 0, 0, 0, seq, 0)
                back = self.wire.inbound(probe, self.subject.now)
                quoted = replace(
                    back,
                    source=back.destination,
                    destination=back.source,
                    seq=back.ack,
                    ack=0,
                )
                self.subject.icmp_arrives(kind, quoted)
            case Call() as call:
                self.call(event, call)
            case Code(text=text, at=at):
                self.assertion(event, text, at)
            case Command(text=text, at=at):
                self.command(text, at)

    def fail(self, event: Event, message: str, actual: str = "") -> _FailedError:
        """Return the failure of `event`."""
        line, source = self.script.line(event), self.script.source(event)
        return _FailedError(Failure(line, message, source, actual))

    # Segments ------------------------------------------------------------------

    def expect(self, event: Event, packet: Packet, first: int, last: int) -> None:
        """Wait for a segment, and compare it."""
        subject, wire = self.subject, self.wire
        slack = max(self.script.tolerance, (last - self.base) // _SHARE)
        anytime = event.when.clock is Clock.ANY
        if not subject.sent:
            until = subject.now + _SECOND * _SHARE if anytime else last + slack
            subject.run_until_sent(until)
        if not subject.sent:
            raise self.fail(event, f"nothing was sent until {_at(subject.now)}")
        sent = subject.sent.popleft()
        wire.learn(packet, sent)
        late = wire.difference(packet, sent, slack)
        actual = f"{wire.written(sent, packet)}  at {_at(sent.time)}"
        if late:
            raise self.fail(event, _other(late), actual)
        if anytime:
            return
        if not first - slack <= sent.time <= last + slack + self.late:
            wanted = _at(first) if first == last else f"{_at(first)}..{_at(last)}"
            raise self.fail(event, f"sent at another time than {wanted}", actual)

    # Calls ---------------------------------------------------------------------

    def call(self, event: Event, call: Call) -> None:
        """Make a call; one that takes time is looked at when it is over."""
        self.finish_calls()
        request = self.calls.request(call, event.at)
        subject = self.subject
        try:
            answer = subject.call(request)
        except LookupError as error:
            raise ScriptError(self.script.text, event.at, str(error)) from None
        if request.name == "listen" or (request.name == "connect"):
            self.wire.fresh = request.name == "listen"
        when = event.when
        if when.returns is not None:
            start = self.base if when.clock is Clock.BEFORE else 0
            began, due = start + when.first, start + when.returns
            self.outstanding.append(_Outstanding(event, call, answer, began, due))
            return
        subject.run_until_returned(answer, subject.now + subject.patience)
        if answer.pending.result is None:
            raise self.fail(
                event, "the call blocks (one that may is `+0...0.5 call()`)"
            )
        self.returned(event, call, answer)

    def returned(self, event: Event, call: Call, answer: Answer) -> None:
        """Compare what a call gave."""
        differs = self.calls.returned(call, answer)
        if differs:
            raise self.fail(event, f"{call.name}() gave something else", differs)

    def finish_calls(self) -> None:
        """Wait for the calls that last, and compare when they returned."""
        while self.outstanding:
            it = self.outstanding.pop(0)
            slack = max(self.script.tolerance, (it.due - it.began) // _SHARE)
            self.subject.run_until_returned(it.answer, it.due + slack)
            pending = it.answer.pending
            if pending.result is None:
                raise self.fail(
                    it.event, f"the call has not returned at {_at(self.subject.now)}"
                )
            if abs(pending.finished - it.due) > slack:
                raise self.fail(
                    it.event,
                    f"the call returned at {_at(pending.finished)}, not {_at(it.due)}",
                )
            self.returned(it.event, it.call, it.answer)

    # %{ }% and backticks -----------------------------------------------------------

    def assertion(self, event: Event, text: str, at: int) -> None:
        """Evaluate what stands in %{ }%."""
        try:
            failed = failed_assertion(text, self.subject.information())
        except ExpressionError as error:
            where = at + error.at
            raise ScriptError(self.script.text, where, str(error)) from None
        if failed is not None:
            raise self.fail(event, "the assertion does not hold", failed)

    def command(self, text: str, at: int) -> None:
        """Change the settings that stand in backticks."""
        try:
            for name, value in settings(text):
                self.subject.set(name, value)
        except (CommandError, LookupError, ValueError) as error:
            raise ScriptError(self.script.text, at, str(error)) from None


def _at(time: int) -> str:
    return f"{time / _SECOND:.6f}"


def _other(part: str) -> str:
    """`another window`, and `other flags`."""
    return f"{'other' if part.endswith('s') else 'another'} {part}"
