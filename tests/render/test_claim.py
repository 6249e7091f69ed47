"""A claim in words."""

import pytest

from lastack.render.claim import claimed, percent


@pytest.mark.parametrize(
    ("probability", "shown"),
    [
        (1.0, "> 99 %"),
        (0.9999, "> 99 %"),
        (0.995, "> 99 %"),
        (0.9949, "99 %"),
        (0.5, "50 %"),
        (0.0149, "1 %"),
        (0.0099, "< 1 %"),
        (0.0, "< 1 %"),
    ],
)
def test_percent(probability: float, shown: str) -> None:
    """No probability is shown as a certainty."""
    assert percent(probability) == shown


@pytest.mark.parametrize(
    ("by", "shown"),
    [
        ("client", "still-open by client"),
        ("path", "still-open by path"),
        ("none", "still-open"),
        ("unknown", "still-open"),
    ],
)
def test_a_side_is_named_where_there_is_one(by: str, shown: str) -> None:
    """Nobody is not called `none`."""
    assert claimed("still-open", by) == shown
