"""A claim in words: which ending, by which side, how sure."""

NOBODY = frozenset({"none", "unknown"})
"""Values of `by` that are no side."""


def claimed(ending: str, by: str) -> str:
    """Return `linger-zero by client`; the ending alone where it is no side's."""
    return ending if by in NOBODY else f"{ending} by {by}"


def percent(probability: float) -> str:
    """Return a probability of 0..1 in percent, never rounded to a certainty."""
    if probability >= 0.995:
        return "> 99 %"
    if probability < 0.01:
        return "< 1 %"
    return f"{probability * 100:.0f} %"
