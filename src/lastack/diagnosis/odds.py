"""What each line of argument is worth, measured on labelled captures.

`ODDS[ending, case]` is a log-odds in nats. What is not listed here is worth its
claim's Strength. Made by `make calibrate`; not to be edited by hand.
"""

from typing import Final

ODDS: Final[dict[tuple[str, str], float]] = {}
