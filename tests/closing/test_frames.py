"""The frames of IdleClose: what other programs than this one must be able to read."""

import pytest

from lastack.closing.frames import LARGEST, Frame, FrameReader, Kind

HEAD = 5


def test_the_numbers_on_the_wire() -> None:
    """A kind's number and a head's form never change: the peer may be older."""
    assert {kind.name: kind.value for kind in Kind} == {
        "REQUEST": 1,
        "ANSWER": 2,
        "NOTICE": 3,
        "ACKNOWLEDGE": 4,
        "GOODBYE": 5,
        "PING": 6,
        "PONG": 7,
    }
    assert Frame(Kind.ANSWER, b"yes").encode() == b"\x02\x00\x00\x00\x03yes"


def test_the_longest_payload() -> None:
    """16 MiB are sent and read, one byte more is neither."""
    assert LARGEST == 1 << 24
    longest = Frame(Kind.REQUEST, bytes(LARGEST))
    assert FrameReader().feed(longest.encode()) == [longest]
    with pytest.raises(ValueError, match="a frame holds 16777216 bytes"):
        Frame(Kind.REQUEST, bytes(LARGEST + 1)).encode()
    with pytest.raises(ValueError, match="a frame of 11 bytes: at most 10"):
        FrameReader(10).feed(Frame(Kind.REQUEST, bytes(11)).encode())


@pytest.mark.parametrize("number", [0, 8, 255])
def test_a_stranger_is_known_by_its_first_head(number: int) -> None:
    """An unknown kind is refused at once, before a payload is waited for."""
    head = bytes([number]) + (1000).to_bytes(4, "big")
    reader = FrameReader()
    assert reader.feed(head[: HEAD - 1]) == []
    with pytest.raises(ValueError, match=f"{number} is not a valid Kind"):
        reader.feed(head[HEAD - 1 :])
