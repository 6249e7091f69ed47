"""Tells a short story to the simulator and reads what came of it."""

from dataclasses import dataclass, replace
from itertools import pairwise

from lastack.sim.personalities import load
from lastack.sim.personality import Personality
from lastack.sim.run import Run, play
from lastack.sim.stage import CLIENT_ADDRESS
from lastack.tcp.events import Call, KernelReason, Sent
from lastack.tcp.flags import SYN, flags_text
from lastack.tcp.scenario import Scenario, Step, Wire
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import distance

MS = 1_000_000
SECOND = 1_000_000_000
_WIRE = Wire(delay=0.005)


@dataclass(frozen=True)
class Story:
    """A run, with the questions that tests ask."""

    run: Run

    def sent(self, by: str, *, where: str = "", flags: str = "") -> list[Segment]:
        """The segments that host `by` sent, as they left it (or passed `where`)."""
        source = CLIENT_ADDRESS
        return [
            replace(event.segment, time=event.time)
            for event in self.run.events
            if isinstance(event, Sent)
            and event.where == (where or by)
            and (event.segment.source.host == source) == (by == "client")
            and (not flags or flags_text(event.segment.flags) == flags)
            and event.fate != "forged"
        ]

    def lines(self, where: str = "wire") -> list[str]:
        """What passed, as `client P. 1:101 ack 1`, with relative numbers."""
        first: dict[str, int] = {}
        lines = []
        for event in self.run.events:
            if not isinstance(event, Sent) or event.where != where:
                continue
            segment = event.segment
            side = "client" if segment.source.host == CLIENT_ADDRESS else "server"
            other = "server" if side == "client" else "client"
            if segment.flags & SYN:
                first[side] = segment.seq
            seq = distance(first.get(side, segment.seq), segment.seq)
            ack = distance(first.get(other, segment.ack), segment.ack)
            text = f"{side} {flags_text(segment.flags)} {seq}:{seq + segment.length}"
            lines.append(f"{text} ack {ack}" if segment.flags & 0x10 else text)
        return lines

    def result(self, name: str, *, by: str = "client", number: int = -1) -> str:
        """The result of the last call `name` of a program (or of another)."""
        return self.calls(name, by=by)[number].result

    def calls(self, name: str, *, by: str = "client") -> list[Call]:
        """The calls `name` of a program."""
        return [
            event
            for event in self.run.events
            if isinstance(event, Call) and event.process == by and event.name == name
        ]

    def reasons(self, host: str) -> list[str]:
        """Why the host's kernel sent RSTs."""
        return [
            event.reason
            for event in self.run.events
            if isinstance(event, KernelReason)
            and event.host == host
            and event.kind == "tcp_send_reset"
        ]

    def counter(self, host: str, name: str) -> int:
        """How far a counter of the host moved."""
        for event in self.run.events:
            if (
                isinstance(event, KernelReason)
                and event.kind == "counter"
                and event.host == host
                and event.reason.startswith(f"{name} +")
            ):
                return int(event.reason.rpartition("+")[2])
        return 0

    def states(self, host: str) -> list[str]:
        """The states of the host's connections, in order."""
        return [move.after.value for _, move in self.run.transitions[host]]


def tell(
    *steps: Step | list[Step],
    client: str | Personality = "linux",
    server: str | Personality = "",
    wire: Wire = _WIRE,
    seed: int = 1,
    hours: float = 3.0,
) -> Story:
    """Play the steps, one story; `hours` is the longest that a call may block."""
    flat: list[Step] = []
    for step in steps:
        flat += step if isinstance(step, list) else [step]
    scenario = Scenario(
        slug="story", steps=lambda: flat, truth={}, wire=wire, limit=hours * 3600
    )
    ours = load(client) if isinstance(client, str) else client
    theirs = server or ours
    theirs = load(theirs) if isinstance(theirs, str) else theirs
    return Story(play(scenario, flat, client=ours, server=theirs, seed=seed))


def gaps(segments: list[Segment]) -> list[float]:
    """The times between segments, in seconds."""
    times = [segment.time for segment in segments]
    return [(b - a) / SECOND for a, b in pairwise(times)]
