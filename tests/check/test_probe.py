"""What probes share: how they say how long something took."""

import pytest

from lastack.check.probe import duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "under 0.1 ms"),
        (0.00009, "under 0.1 ms"),
        (0.0004, "0.4 ms"),
        (0.0312, "31 ms"),
        (0.9996, "1.0 s"),
        (75.04, "75.0 s"),
    ],
)
def test_a_duration_has_two_figures_and_its_unit(seconds: float, text: str) -> None:
    """Nothing is told in more figures than it was measured."""
    assert duration(seconds) == text
