"""Frames of a rotated capture are found in their files."""

from lastack.connections.part import Part, part_of


def test_part_of() -> None:
    """A frame is in the last file that begins before it; frames count from 1."""
    parts = [Part("a", 0), Part("b", 3), Part("c", 5)]
    found = [part_of(parts, frame).name for frame in range(1, 8)]
    assert found == ["a", "a", "a", "b", "b", "c", "c"]
