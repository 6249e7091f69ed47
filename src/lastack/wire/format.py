"""What a capture format is: its name, how a file of it begins, and its reader."""

from lastack.wire.records import Records


class Format:
    """A capture format: a file of it begins with one of `magics`.

    `reader` takes no argument and returns a fresh walker for one file.
    """

    def __init__(
        self, *, name: str, magics: tuple[bytes, ...], reader: type[Records]
    ) -> None:
        self.name = name
        self.magics = magics
        self.reader = reader
