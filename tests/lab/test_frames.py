"""Frames of the lab as segments, against the encoder of `wire`."""

from hypothesis import given
from hypothesis import strategies as some

from lastack.lab.frames import segment_of
from lastack.tcp.segment import Address, Options, Segment
from lastack.wire.encode import encode_ethernet

number32 = some.integers(0, 2**32 - 1)
number16 = some.integers(0, 2**16 - 1)
options = some.builds(
    Options,
    mss=some.none() | number16,
    window_scale=some.none() | some.integers(0, 14),
    sack_permitted=some.booleans(),
    timestamp=some.none() | some.tuples(number32, number32),
    sack=some.lists(some.tuples(number32, number32), max_size=2).map(tuple),
)


@given(
    six=some.booleans(),
    ports=some.tuples(number16, number16),
    flags=some.integers(0, 0x1FF),
    seq=number32,
    ack=number32,
    window=number16,
    payload=some.binary(max_size=40),
    given_options=options,
    ttl=some.integers(1, 255),
)
def test_a_segment_comes_back(
    *,
    six: bool,
    ports: tuple[int, int],
    flags: int,
    seq: int,
    ack: int,
    window: int,
    payload: bytes,
    given_options: Options,
    ttl: int,
) -> None:
    """What `wire` encodes is read back field by field, IPv4 and IPv6."""
    hosts = ("fd00::1", "fd00::2") if six else ("10.0.0.1", "10.0.0.2")
    segment = Segment(
        7,
        Address(hosts[0], ports[0]),
        Address(hosts[1], ports[1]),
        flags,
        seq,
        ack,
        window,
        payload,
        given_options,
        ttl,
    )
    assert segment_of(7, encode_ethernet(segment)) == segment


@given(octets=some.binary(max_size=200), kind=some.sampled_from([0x0800, 0x86DD]))
def test_no_frame_makes_it_fail(octets: bytes, kind: int) -> None:
    """Whatever a program sends from inside, reading its frame ends well."""
    frame = bytes(12) + kind.to_bytes(2, "big") + octets
    segment_of(0, frame)
