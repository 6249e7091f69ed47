"""Whether and how to colour: on a terminal only, as NO_COLOR and others ask."""

import os

TYPE_CHECKING = False  # not from typing: explain would wait for it
if TYPE_CHECKING:
    from typing import IO

BOLD = "1"
DIM = "2"
RED = "31"
GREEN = "32"
YELLOW = "33"
CYAN = "36"


def wants_colour(choice: str, stream: "IO[str]") -> bool:
    """Return whether to colour `stream` for the choice auto, always or never.

    With auto: FORCE_COLOR says yes, NO_COLOR and TERM=dumb say no (no-color.org),
    else a terminal says yes.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def paint(text: str, *codes: str, colour: bool) -> str:
    """Return `text` in the given colours, or as it is."""
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if colour else text
