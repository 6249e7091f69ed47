"""How good verdicts are against a truth: right, listed, confident, calibrated."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from lastack.diagnosis.judge import Judgement

CONFIDENT: Final = 0.9
BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Truth:
    """What is right of one connection, as `ending/by`.

    `truth` happened; `right` are all first answers that an honest expert may
    give from this capture. Decidable where that is one.
    """

    truth: str
    right: frozenset[str]

    @property
    def decidable(self) -> bool:
        """Whether exactly one verdict is right."""
        return len(self.right) == 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """One verdict beside its truth."""

    name: str
    truth: Truth
    said: str
    confidence: float
    listed: bool

    @property
    def right(self) -> bool:
        """Whether the verdict is one of the right ones."""
        return self.said in self.truth.right

    @property
    def true(self) -> bool:
        """Whether the verdict is what truly happened."""
        return self.said == self.truth.truth

    @property
    def confident_and_wrong(self) -> bool:
        """The worst bug: sure of what is not so."""
        return not self.right and self.confidence >= CONFIDENT


def outcome(name: str, truth: Truth, judgement: Judgement) -> Outcome:
    """Return the outcome of one judgement."""
    said = [f"{one.slug}/{one.by}" for one in judgement.ranked]
    return Outcome(
        name, truth, said[0], judgement.first.probability, truth.truth in said
    )


@dataclass
class Score:
    """The outcomes of a set of connections, counted."""

    outcomes: list[Outcome] = field(default_factory=list)

    def add(self, one: Outcome) -> None:
        """Count one more."""
        self.outcomes.append(one)

    @property
    def decidable(self) -> list[Outcome]:
        """The outcomes whose truth the packets decide."""
        return [one for one in self.outcomes if one.truth.decidable]

    @property
    def calibration_error(self) -> float:
        """How far confidence is from the share of truths, 0 .. 1.

        The expected calibration error: over ten bins of confidence, the mean
        distance between confidence and the share that truly happened, weighted
        by how many fell in the bin.
        """
        bins: list[list[Outcome]] = [[] for _ in range(BINS)]
        for one in self.outcomes:
            bins[min(int(one.confidence * BINS), BINS - 1)].append(one)
        error = 0.0
        for inside in bins:
            if inside:
                sure = sum(one.confidence for one in inside)
                true = sum(one.true for one in inside)
                error += abs(sure - true)
        return error / max(1, len(self.outcomes))

    def row(self) -> tuple[int, int, int, int, int, int, float]:
        """Return the counts that a scoreboard shows.

        All, right, decidable, right among these, listed, confident and wrong,
        calibration error.
        """
        return (
            len(self.outcomes),
            sum(one.right for one in self.outcomes),
            len(self.decidable),
            sum(one.right for one in self.decidable),
            sum(one.listed for one in self.outcomes),
            sum(one.confident_and_wrong for one in self.outcomes),
            self.calibration_error,
        )

    def confusion(self) -> Counter[tuple[str, str]]:
        """Return how often (truth, said) met where the verdict was not right."""
        return Counter(
            (one.truth.truth, one.said) for one in self.outcomes if not one.right
        )


def scoreboard(scores: Iterable[tuple[str, Score]]) -> str:
    """Return the scores as a table, one named row each."""
    head = f"{'vantage':<10}{'all':>6}{'right':>7}{'decidable':>11}{'right':>7}"
    lines = [f"{head}{'listed':>8}{'sure+wrong':>12}{'calibration':>13}"]
    for name, score in scores:
        total, right, decided, decided_right, listed, worst, error = score.row()
        lines.append(
            f"{name:<10}{total:>6}{right:>7}{decided:>11}{decided_right:>7}"
            f"{listed:>8}{worst:>12}{error:>13.3f}"
        )
    return "\n".join(lines)
