"""Capture formats, one a file: how the records of a file follow one another.

A file here defines `FORMAT`; that is all it takes to be read.
"""

from functools import cache
from importlib import import_module

from lastack.folder import modules
from lastack.wire.format import Format


@cache
def formats() -> tuple[Format, ...]:
    """Return every capture format of this folder, by name.

    Raises ValueError if the magics of two formats cannot be told apart.
    """
    found: list[Format] = []
    for name in modules(__path__):
        new: Format = import_module(f"{__name__}.{name}").FORMAT
        for old in found:
            for magic in new.magics:
                if magic.startswith(old.magics) or any(
                    known.startswith(magic) for known in old.magics
                ):
                    raise ValueError(
                        f"{old.name} and {new.name} both begin with {magic.hex()}"
                    )
        found.append(new)
    return tuple(found)


def detect(head: bytes) -> Format | None:
    """Return the format of a file that begins with `head`, None if it is none."""
    for format_ in formats():
        if head.startswith(format_.magics):
            return format_
    return None
