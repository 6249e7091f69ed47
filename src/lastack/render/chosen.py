"""Which connections of a capture are told, by the rows of its table."""

from collections.abc import Callable, Iterator, Sequence

from lastack.connections.connection import Connection
from lastack.diagnosis.explained import Explained
from lastack.diagnosis.judge import Judgement
from lastack.endings import endings

Choice = Callable[[int, Judgement], bool]
"""Whether the connection of this number and judgement was asked for."""

Row = tuple[str, str]
"""Of the table: an ending and whose it was."""


def rows(explained: Explained) -> list[Row]:
    """Return the rows of the table: bad endings first, the most frequent first."""
    counts = explained.counts
    return sorted(counts, key=lambda row: (endings()[row[0]].good, -counts[row], row))


def streams(explained: Explained, choice: Choice, *, everything: bool) -> Iterator[int]:
    """Yield the numbers of those asked for, without `everything` of the bad alone."""

    def wanted(judgement: Judgement) -> bool:
        return everything or not endings()[judgement.first.slug].good

    for stream in explained.streams(wanted):
        if choice(stream, explained.judgement(stream)):
            yield stream


def first_of_each_row(
    explained: Explained, choice: Choice, most: int, *, everything: bool
) -> dict[Row, list[int]]:
    """Return the first `most` of each row; the walk ends where all of them are found.

    Rows of which none is told are left out.
    """
    found: dict[Row, list[int]] = {}

    def wanted(judgement: Judgement) -> bool:
        first = judgement.first
        return len(found.get((first.slug, first.by), ())) < most and (
            everything or not endings()[first.slug].good
        )

    for stream in explained.streams(wanted):
        judgement = explained.judgement(stream)
        if wanted(judgement) and choice(stream, judgement):
            first = judgement.first
            found.setdefault((first.slug, first.by), []).append(stream)
    return found


def of_many_servers(
    explained: Explained, alike: Sequence[int], most: int
) -> tuple[list[int], list[int]]:
    """Return `most` of these connections and the others, both in their order.

    Among the `most` are as many servers as can be: what several of one server have
    to tell is much the same.
    """
    servers: set[tuple[int, int, int]] = set()
    firsts: list[int] = []
    again: list[int] = []
    for stream in alike:
        server = _server(explained.connections[stream])
        (again if server in servers else firsts).append(stream)
        servers.add(server)
    in_turn = firsts + again
    return sorted(in_turn[:most]), sorted(in_turn[most:])


def _server(connection: Connection) -> tuple[int, int, int]:
    """Return the server's address, in two halves, and its port."""
    if connection.client == 0:
        return connection.high1, connection.low1, connection.port1
    return connection.high0, connection.low0, connection.port0
