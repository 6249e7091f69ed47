"""What is kept of fragmented packets is enough, and bounded."""

from hypothesis import given
from hypothesis import strategies as st

from lastack.wire.fragments import GAPS, HEAD, PENDING, Fragments

KEY = (1,)


@given(st.data(), st.integers(1, 60), st.integers(1, 12))
def test_pieces_in_any_order_make_the_packet(
    draw: st.DataObject, eighths: int, size: int
) -> None:
    """Whatever the order and what comes twice, the last missing piece is it."""
    payload = bytes(number % 251 for number in range(eighths * 8 - 3))
    cuts = range(0, len(payload), size * 8)
    pieces = [(at, payload[at : at + size * 8]) for at in cuts]
    order = draw.draw(st.permutations(pieces))
    again = draw.draw(st.lists(st.sampled_from(order[:-1] or order), max_size=3))
    fragments = Fragments()
    for at, piece in [*order[:-1], *(again if len(order) > 1 else [])]:
        more = at + len(piece) < len(payload)
        assert fragments.add(KEY, bytearray(piece), at, more, 6) is None
    at, piece = order[-1]
    more = at + len(piece) < len(payload)
    whole = fragments.add(KEY, bytearray(piece), at, more, 6)
    assert whole is not None
    assert (whole.total, bytes(whole.head)) == (len(payload), payload[:HEAD])
    assert fragments.pending == {}


def test_pieces_of_two_packets_are_kept_apart() -> None:
    """What differs in its key is another packet."""
    fragments = Fragments()
    assert fragments.add((1,), bytearray(b"12345678"), 0, True, 6) is None
    assert fragments.add((2,), bytearray(b"abcdefgh"), 8, False, 6) is None
    whole = fragments.add((1,), bytearray(b"x"), 8, False, 6)
    assert whole is not None
    assert bytes(whole.head) == b"12345678x"


def test_pending_packets_are_bounded() -> None:
    """First pieces without end push the oldest out: memory stays bounded."""
    fragments = Fragments()
    for number in range(1000):
        assert fragments.add((number,), bytearray(1480), 0, True, 6) is None
    assert list(fragments.pending) == [(n,) for n in range(1000 - PENDING, 1000)]
    kept = sum(len(pieces.head) for pieces in fragments.pending.values())
    assert kept == PENDING * HEAD


def test_a_packet_of_too_many_stretches_is_dropped() -> None:
    """One packet in thousands of separate pieces is not kept track of."""
    fragments = Fragments()
    most = 0
    for number in range(4000):
        fragments.add(KEY, bytearray(8), number * 16, True, 6)
        most = max(most, *(len(p.stretches) for p in fragments.pending.values()), 0)
    assert most == GAPS
