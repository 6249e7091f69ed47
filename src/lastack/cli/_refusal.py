"""Why a request cannot be done, in one line on stderr."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

REFUSED: Final = 2


def refuse(why: str) -> int:
    """Say it and return the exit code of a wrong request."""
    print(f"lastack: {why}", file=sys.stderr)
    return REFUSED


def trouble(error: OSError) -> str:
    """Return what the system refused, and the file that it was about."""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}"


def make_folder(folder: Path) -> None:
    """Make a folder for what is to be written, before there is anything to write.

    Raises LookupError, which says why it cannot be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LookupError(
            f"{folder}: no folder can be made there ({error.strerror}); name another"
        ) from None


def lab_is_missing() -> bool:
    """Whether the extra `lab` is not installed; then it is said how to."""
    if find_spec("pyroute2") is not None:
        return False
    refuse("the lab needs pyroute2: pip install 'lastack[lab]'")
    return True
