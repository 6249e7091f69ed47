"""What the packets of a capture leave undecided; no kernel needed."""

import pytest

from lastack.endings import endings
from lastack.lab.undecided import TABLE, Pair, sight_of, undecided
from lastack.tcp import flags as bits
from lastack.tcp.segment import Address, Segment

CLIENT, SERVER = Address("10.0.0.2", 40001), Address("10.0.0.130", 8080)
OTHER = Address("10.0.0.2", 40002)
R, RA, FA = bits.RST, bits.RST | bits.ACK, bits.FIN | bits.ACK

Sketch = list[tuple[float, str, int, int, int]]
"""Seconds, the sender's first letter, flags, octets and window of segments."""

OPEN: Sketch = [
    (0, "c", bits.SYN, 0, 500),
    (0, "s", bits.SYN | bits.ACK, 0, 500),
    (0, "c", bits.ACK, 0, 500),
]
ASK: Sketch = [(1, "c", bits.ACK, 100, 500), (1.001, "s", bits.ACK, 0, 500)]
TELL: Sketch = [(1.1, "s", bits.ACK, 200, 500)]


def segments(sketch: Sketch, client: Address = CLIENT, ttl: int = 64) -> list[Segment]:
    """Return the segments of a sketch; sequence numbers count octets."""
    sent = {"c": 0, "s": 0}
    found = []
    for seconds, sender, flags, octets, window in sketch:
        peer = "s" if sender == "c" else "c"
        source, destination = (client, SERVER) if sender == "c" else (SERVER, client)
        segment = Segment(
            int(seconds * 1e9),
            source,
            destination,
            flags,
            sent[sender],
            sent[peer],
            window,
            bytes(octets),
            ttl=ttl,
        )
        sent[sender] += segment.length
        found.append(segment)
    return found


def alike(ending: str, by: str, sketch: Sketch, others: list[Segment]) -> set[str]:
    """Return the other endings that are right beside one; check their sides."""
    sight = sight_of(CLIENT, SERVER, segments(sketch), others)
    pairs = undecided((ending, by), sight)
    assert all(it in {by, "path", "server"} for _, it in pairs)
    return {it for it, _ in pairs}


ABORT: Pair = ("linger-zero", "server")
QUEUE_RESET = segments([*OPEN, (2.0001, "s", RA, 0, 500)], OTHER)
ANSWERED = segments([*OPEN, *ASK, *TELL], OTHER)


@pytest.mark.parametrize(
    ("sketch", "others", "expected"),
    [
        (
            [*OPEN, *TELL, (2, "s", RA, 0, 500)],
            [],
            {"socket-destroyed"},
        ),
        (
            [*OPEN, *ASK, *TELL, (2, "s", RA, 0, 500)],
            [],
            {"socket-destroyed", "unread-data-at-close"},
        ),
        (
            [*OPEN, *ASK, (2, "s", RA, 0, 500)],
            [],
            {"socket-destroyed", "unread-data-at-close", "listener-closed"},
        ),
        ([*OPEN, (2, "s", RA, 0, 500)], [], {"socket-destroyed", "listener-closed"}),
        ([*OPEN, (2, "s", RA, 0, 500)], QUEUE_RESET, {"socket-destroyed"}),
        ([*OPEN, *ASK, (2, "s", RA, 0, 1000)], [], set()),
        (
            [*OPEN, *ASK, *TELL, (2, "s", FA, 0, 500), (2.0001, "s", RA, 0, 500)],
            [],
            {"unread-data-at-close", "orphan-limit"},
        ),
        (
            [*OPEN, *ASK, *TELL, (2, "s", FA, 0, 500), (3, "s", RA, 0, 500)],
            [],
            {"unread-data-at-close", "socket-destroyed"},
        ),
    ],
    ids=[
        "nothing-received",
        "answered",
        "never-answered",
        "nothing-exchanged",
        "the-whole-queue",
        "window-doubled",
        "at-once-after-fin",
        "long-after-fin",
    ],
)
def test_a_live_sockets_reset(
    sketch: Sketch, others: list[Segment], expected: set[str]
) -> None:
    """What an abort may be, by what its sender had received, sent and closed."""
    assert alike(*ABORT, sketch, others) == expected


@pytest.mark.parametrize(
    ("pair", "sketch", "others", "expected"),
    [
        (
            ("accept-queue-overflow", "server"),
            [*OPEN, (0.1, "s", R, 0, 0)],
            [],
            {"listener-closed"},
        ),
        (
            ("connection-refused", "server"),
            [OPEN[0], (0.1, "s", RA, 0, 0)],
            [],
            {"firewall-reset"},
        ),
        (
            ("connection-refused", "server"),
            [OPEN[0], (0.1, "s", RA, 0, 0)],
            segments(OPEN, OTHER, ttl=63),
            set(),
        ),
        (
            ("peer-lost-state", "server"),
            [*OPEN, *ASK, *TELL, (5, "c", bits.ACK, 9, 500), (5.1, "s", R, 0, 0)],
            [],
            {"firewall-reset"},
        ),
        (
            ("data-after-close", "server"),
            [*OPEN, *ASK, (2, "s", FA, 0, 500), *ASK[:1], (5.1, "s", R, 0, 0)],
            [],
            set(),
        ),
    ],
    ids=["last-step", "syn", "syn-other-ttl", "no-state", "after-own-fin"],
)
def test_a_kernels_answer(
    pair: Pair, sketch: Sketch, others: list[Segment], expected: set[str]
) -> None:
    """What an answering reset may be, by what it answers and by its TTL."""
    assert alike(*pair, sketch, others) == expected


def test_without_a_reset_the_table_is_silent() -> None:
    """It speaks of resets only."""
    assert alike("orderly-close", "client", OPEN, []) == set()


def test_every_row_names_endings_of_the_catalogue_and_says_why() -> None:
    """A row without a reason would be an excuse."""
    for row in TABLE:
        assert {ending for ending, _ in row.pairs} <= endings().keys()
        assert len(row.pairs) > 1
        assert row.why.endswith(".")
