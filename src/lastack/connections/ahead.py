"""Asks the processor for memory some time before it is read.

A pass over a million connections would wait for memory at each of them, since
their parts lie apart. Compiled, `ahead.pxd` gives these functions instead: hints
without effect on any value. As plain Python there is nothing to do.
"""

from lastack.connections.connection import Connection


def of_connection(connections: list[Connection], stream: int) -> None:
    """Ask for a connection, if there is one of that number."""


def of_sides(connections: list[Connection], stream: int) -> None:
    """Ask for the sides of a connection, if there is one of that number."""


def of_segments(connections: list[Connection], stream: int) -> None:
    """Ask for the segments of its sides, if there is one of that number."""


def of_resets(connections: list[Connection], stream: int) -> None:
    """Ask for its first reset, if there is one of that number."""


def of_reset(connections: list[Connection], stream: int) -> None:
    """Ask for the segment of its first reset, if there is one of that number."""
