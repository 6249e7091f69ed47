"""One entry of a list on the terminal: a name, and what it is, within 80 columns."""

import textwrap

WIDTH = 80


def entry(name: str, says: str, widest: int) -> str:
    """Return `name` in a column of `widest`, and `says` wrapped beside it."""
    return textwrap.fill(
        says,
        WIDTH,
        initial_indent=f"{name:<{widest}}  ",
        subsequent_indent=" " * (widest + 2),
    )
