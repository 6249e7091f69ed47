"""What a capture format is: its name, how a file of it begins, and its reader."""

from dataclasses import dataclass

from lastack.wire.records import Records


@dataclass(frozen=True, slots=True)
class Format:
    """A capture format: a file of it begins with one of `magics`.

    `reader` takes no argument and returns a fresh walker for one file.
    """

    name: str
    magics: tuple[bytes, ...]
    reader: type[Records]
