"""Every ending makes its case on the facts; the odds rank the claims."""

from math import exp

from lastack.connections.facts import Facts
from lastack.diagnosis.odds import ODDS
from lastack.ending import Claim, Strength
from lastack.endings import endings

_NOTHING_CLAIMED = Claim("unknown", "nothing-claimed", Strength.POSSIBLE)


class Ranked:
    """A claim and the probability that it is right: ending and side."""

    def __init__(self, slug: str, claim: Claim, probability: float) -> None:
        self.slug = slug
        self.claim = claim
        self.probability = probability

    @property
    def by(self) -> str:
        """The side of the claim."""
        return self.claim.by


class Judgement:
    """All claims on one set of facts, the most probable first."""

    def __init__(self, ranked: tuple[Ranked, ...]) -> None:
        self.ranked = ranked

    @property
    def first(self) -> Ranked:
        """The verdict."""
        return self.ranked[0]


def weight(slug: str, claim: Claim) -> float:
    """Return the log-odds of a claim: measured, or its strength."""
    return ODDS.get((slug, claim.case), float(claim.strength))


def claims(facts: Facts) -> list[tuple[str, Claim]]:
    """Return what every ending claims on the facts."""
    found = []
    for slug, ending in endings().items():
        claim = ending.signature(facts)
        if claim is not None:
            found.append((slug, claim))
    return found


def judge(facts: Facts) -> Judgement:
    """Return the claims ranked, with probabilities that sum to 1."""
    made = claims(facts)
    if not made:
        return Judgement((Ranked("unknown", _NOTHING_CLAIMED, 1.0),))
    weights = [exp(weight(slug, claim)) for slug, claim in made]
    total = sum(weights)
    ranked = [
        Ranked(slug, claim, one / total)
        for (slug, claim), one in zip(made, weights, strict=True)
    ]
    ranked.sort(key=lambda one: (-one.probability, one.slug))
    return Judgement(tuple(ranked))
