"""A connection with its verdict, told: the sentence, the proof, what to do."""

from functools import cached_property

from lastack.connections.connection import Connection
from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story
from lastack.diagnosis.judge import Judgement, Ranked
from lastack.diagnosis.notes import notes
from lastack.ending import Ending, is_lossy
from lastack.endings import endings

MOST_EVIDENCE = 8
CONFIDENT = 0.9
PROBABLE = 0.6
_LESS_LOSS = (
    "Frames are missing from this capture: take it again with a larger buffer"
    " (tcpdump -B 65536 -s 128)."
)


class Diagnosis:
    """What `explain` says of one connection of one capture.

    Everything beyond the judgement is made when it is asked for: of a million
    connections only some are shown. `digits` of a second are in the capture's times.
    """

    def __init__(
        self,
        capture: str,
        connection: Connection,
        facts: Facts,
        judgement: Judgement,
        digits: int,
    ) -> None:
        self.capture = capture
        self.connection = connection
        self.facts = facts
        self.judgement = judgement
        self.digits = digits

    @property
    def first(self) -> Ranked:
        """The verdict."""
        return self.judgement.first

    @property
    def ending(self) -> Ending:
        """The ending of the verdict."""
        return endings()[self.first.slug]

    @property
    def alternatives(self) -> tuple[Ranked, ...]:
        """The other claims, the most probable first."""
        return self.judgement.ranked[1:]

    @cached_property
    def story(self) -> Story:
        """The connection as the verdict's ending tells it."""
        return Story(self.connection, self.first.by)

    @cached_property
    def summary(self) -> str:
        """One sentence with a subject: who did what, and how likely it is."""
        told = self.ending.tell(self.story)
        if self.first.probability >= CONFIDENT:
            return told
        doubt = "Probably" if self.first.probability >= PROBABLE else "Perhaps"
        return f"{doubt} {told[0].lower()}{told[1:]}"

    @cached_property
    def evidence(self) -> tuple[Exhibit, ...]:
        """At most eight segments that prove it, in order, each once."""
        found: dict[int, Exhibit] = {}
        for one in self.ending.exhibits(self.story):
            found.setdefault(one.frame, one)
        return tuple(found[frame] for frame in sorted(found))[:MOST_EVIDENCE]

    @property
    def application_saw(self) -> dict[str, str]:
        """What each program's calls returned."""
        return self.ending.saw(self.story)

    @property
    def settle_it(self) -> str:
        """What would decide between the alternatives; empty if nothing need."""
        if not self.alternatives or self.first.probability > 0.995:
            return ""
        ranked = self.judgement.ranked
        told = (endings()[one.slug].settle_it for one in ranked)
        settle = next((text for text in told if text), "")
        if any(is_lossy(one.claim.case) for one in ranked):
            return f"{_LESS_LOSS} {settle}".rstrip()
        return settle

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is recognised."""
        return notes(self.first.slug, self.facts, self.story)

    @property
    def filter(self) -> str:
        """A Wireshark display filter that shows the evidence, nothing else."""
        frames = [one.frame for one in self.evidence]
        if not frames:
            return f"tcp.stream == {self.connection.stream}"
        return f"frame.number in {{{', '.join(map(str, frames))}}}"
