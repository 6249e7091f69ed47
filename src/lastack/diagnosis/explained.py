"""A capture with every connection judged."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import compress, count

from lastack.connections.alike import Alike
from lastack.connections.connection import Connection
from lastack.connections.gather import gather
from lastack.connections.scan import Scan
from lastack.connections.surroundings import Surroundings
from lastack.diagnosis.diagnosis import Diagnosis
from lastack.diagnosis.judge import Judgement, judge


class Explained:
    """One capture, read and judged.

    `counts` says how often each ending and side is the verdict. `partial` when
    the file was cut or damaged; `trouble` says so in one line each,
    and in another if frames are missing between those that are there.
    """

    def __init__(
        self,
        name: str,
        scan: Scan,
        *,
        partial: bool = False,
        trouble: tuple[str, ...] = (),
    ) -> None:
        """Judge every connection that `scan` found in the capture `name`."""
        self.name = name
        self.scan = scan
        self.partial = partial
        self.surroundings = Surroundings(
            self.connections, scan.last_time, scan.shows_errors
        )
        self.trouble = (*trouble, *_missing(name, scan, self.surroundings))
        self._alike = Alike(self.connections, self.surroundings)
        self._judged = [judge(facts) for facts in self._alike.facts]
        self.counts: Counter[tuple[str, str]] = Counter()
        for judgement, often in zip(self._judged, self._alike.counts, strict=True):
            first = judgement.first
            self.counts[first.slug, first.by] += often

    @property
    def connections(self) -> list[Connection]:
        """All connections, in the order of their first frames."""
        return self.scan.table.connections

    @cached_property
    def judgements(self) -> list[Judgement]:
        """The judgement of every connection, in their order."""
        return list(map(self._judged.__getitem__, self._alike.numbers))

    def judgement(self, stream: int) -> Judgement:
        """Return the judgement of the connection numbered `stream`."""
        return self._judged[self._alike.numbers[stream]]

    def streams(self, wanted: Callable[[Judgement], bool]) -> Iterator[int]:
        """Yield the numbers of the connections whose judgement is wanted, in order.

        After each connection it is asked again, and ends once nothing is wanted: of
        a million, those of which enough were told cost nothing.
        """
        numbers = self._alike.numbers
        answers = [wanted(judgement) for judgement in self._judged]
        for stream in compress(count(), map(answers.__getitem__, numbers)):
            yield stream
            if not wanted(self.judgement(stream)):
                answers[:] = map(wanted, self._judged)
                if not any(answers):
                    return

    def diagnosis(self, stream: int) -> Diagnosis:
        """Return the diagnosis of the connection numbered `stream`."""
        connection = self.connections[stream]
        return Diagnosis(
            self.name,
            connection,
            gather(connection, self.surroundings),
            self.judgement(stream),
            self.scan.records.digits(),
        )

    def diagnoses(self) -> Iterator[Diagnosis]:
        """Yield the diagnosis of every connection, in order."""
        for stream in range(len(self.connections)):
            yield self.diagnosis(stream)


def _missing(name: str, scan: Scan, surroundings: Surroundings) -> tuple[str, ...]:
    """Return in one line what the capture lacks, unless its file says so itself."""
    if not surroundings.loss or scan.records.lost:
        return ()
    count = surroundings.missing
    frames = "frame is" if count == 1 else "frames are"
    says = (
        f"{name}: at least {count} {frames} missing, as what was acknowledged is not"
        " here; what rests on an absence is less sure (tcpdump -B 65536 loses fewer)"
    )
    return (says,)
