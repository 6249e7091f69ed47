"""Why a request cannot be done, in one line on stderr."""

import sys
from importlib.util import find_spec
from typing import Final

REFUSED: Final = 2


def refuse(why: str) -> int:
    """Say it and return the exit code of a wrong request."""
    print(f"lastack: {why}", file=sys.stderr)
    return REFUSED


def lab_is_missing() -> bool:
    """Whether the extra `lab` is not installed; then it is said how to."""
    if find_spec("pyroute2") is not None:
        return False
    refuse("the lab needs pyroute2: pip install 'lastack[lab]'")
    return True
