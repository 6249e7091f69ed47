"""Capture formats are told apart by how their files begin."""

from importlib import import_module
from itertools import permutations

import pytest

from lastack.folder import modules
from lastack.wire import files
from lastack.wire.format import Format

FORMATS: list[Format] = [
    import_module(f"{files.__name__}.{name}").FORMAT for name in modules(files.__path__)
]


def test_no_format_begins_as_another() -> None:
    """The first octets of a file allow one format only."""
    alike = [
        (one.name, other.name)
        for one, other in permutations(FORMATS, 2)
        for magic in one.magics
        if magic.startswith(other.magics)
    ]
    assert alike == []


@pytest.mark.parametrize("wanted", FORMATS, ids=lambda one: one.name)
def test_every_format_of_the_folder_is_detected(wanted: Format) -> None:
    """A file that begins with a magic of a format is of that format."""
    assert {files.detect(magic + bytes(500)) for magic in wanted.magics} == {wanted}
    assert files.detect(wanted.magics[0][:-1]) is None
