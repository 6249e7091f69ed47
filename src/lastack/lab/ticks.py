"""Where this kernel's ticks are: a TCP timer fires on one of them.

Jiffies count from a value that no clock tells; /proc/timer_list shows it beside
the monotonic clock.
"""

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TIMERS: Final = Path("/proc/timer_list")
_CLOCK_MONOTONIC_COARSE: Final = 6
_LOOKS: Final = 5
_NOW: Final = re.compile(r"^now at (\d+) nsecs", re.MULTILINE)
_JIFFIES: Final = re.compile(r"^jiffies: (\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ticks:
    """The ticks of a kernel: `length` in nanoseconds; `origin` is when 0 was.

    `origin` is on the clock of `time.time_ns()`, and may be long before boot.
    """

    length: int
    origin: int

    def phase(self, moment: int) -> int:
        """Return the nanoseconds from tick 0 to a moment of that clock."""
        return moment - self.origin


def ticks() -> Ticks | None:
    """Look where the ticks are; None if the kernel does not tell (root only)."""
    length = round(time.clock_getres(_CLOCK_MONOTONIC_COARSE) * 1e9)
    counted = []
    try:
        for _ in range(_LOOKS):
            text = _TIMERS.read_text()
            now, jiffies = _NOW.search(text), _JIFFIES.search(text)
            if now is None or jiffies is None:
                return None
            # It reads the clock first: jiffies may have gone on since.
            counted.append(int(jiffies[1]) - int(now[1]) // length)
    except OSError:
        return None
    ahead = time.time_ns() - time.monotonic_ns()
    return Ticks(length, ahead - min(counted) * length)
