"""Where the kernel's ticks are, from what it tells of its timers."""

import time
from pathlib import Path

import pytest

from lastack.lab import ticks

NOW, JIFFIES = "now at 5000000000 nsecs\n", "jiffies: 4294667296\n"


@pytest.mark.parametrize("text", [NOW, JIFFIES, ""], ids=["now", "jiffies", "nothing"])
def test_half_of_it_is_nothing(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel that tells its clock or its ticks alone tells nothing."""
    timers = tmp_path / "timer_list"
    timers.write_text(text)
    monkeypatch.setattr(ticks, "_TIMERS", timers)
    assert ticks.ticks() is None


def test_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With both, tick 0 was before the clock's beginning by the ticks counted since."""
    timers = tmp_path / "timer_list"
    timers.write_text(NOW + JIFFIES)
    monkeypatch.setattr(ticks, "_TIMERS", timers)
    found = ticks.ticks()
    assert found is not None
    since = 4294667296 - 5000000000 // found.length
    boot = time.time_ns() - time.monotonic_ns()
    assert abs(found.origin - (boot - since * found.length)) < 1_000_000_000


def test_what_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only root reads the timers; to others it is not known."""
    monkeypatch.setattr(ticks, "_TIMERS", tmp_path / "none")
    assert ticks.ticks() is None
