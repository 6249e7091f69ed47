"""Whatever a frame holds, `Packet` raises nothing and reads nothing outside it.

The plain form proves it: there, an index behind the frame's last octet is an
IndexError. The compiled form gives the same values, frame after frame.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from lastack.wire.kind import DAMAGED, ICMP_ERROR, OTHER, TCP
from lastack.wire.records import NO_PACKET
from tests.wire import frames as made
from tests.wire import other_frames as other

Form = Callable[[str], ModuleType]
Frame = tuple[int, bytes]


def _valid() -> list[Frame]:
    packets = [*made.IPV4[:8:3], *made.IPV6[:8:3]]
    frames = [
        (link, wrap(packet)) for link, wrap in made.LINKS.values() for packet in packets
    ]
    wraps = [*made.ENCAPSULATIONS.values()]
    frames += [(1, wrap(packet)) for wrap in wraps for packet in packets]
    frames += [(1, wrap(made.IPV4[0])) for wrap in made.IPV4_HEADERS.values()]
    frames += [(1, wrap(made.IPV6[0])) for wrap in made.IPV6_HEADERS.values()]
    errors = other.icmp_errors(4) + other.icmp_errors(6) + other.not_tcp()
    pieces = other.pieces4(made.IPV4[6], 512, 1) + other.pieces6(made.IPV6[6], 512, 1)
    frames += [(1, frame) for frame in errors + pieces]
    six = made.IPV6[0]
    option = b"\x06\0\xc2\x04" + (len(six) - 32).to_bytes(4, "big")
    jumbo = six[:4] + b"\0\0\0" + six[7:40] + option + six[40:]
    return [*frames, (1, made.ethernet(jumbo))]


VALID = _valid()


@st.composite
def mangled(draw: st.DrawFn) -> Frame:
    """A real frame with some octets changed, cut or repeated; or of another link."""
    link, octets = draw(st.sampled_from(VALID))
    frame = bytearray(octets)
    for at, value in draw(
        st.lists(st.tuples(st.integers(0, 119), st.integers(0, 255)), max_size=4)
    ):
        if at < len(frame):
            frame[at] = value
    if draw(st.booleans()):
        del frame[draw(st.integers(0, len(frame))) :]
    if draw(st.integers(0, 9)) == 0:
        link = draw(st.sampled_from([link for link, _ in VALID]))
    return link, bytes(frame)


noise = st.tuples(
    st.sampled_from([0, 1, 9, 12, 50, 51, 101, 104, 108, 109, 113, 138, 204, 276, 999]),
    st.binary(max_size=150),
)
sequences = st.lists(st.one_of(mangled(), noise), min_size=1, max_size=8)


def fields(packet: Any, names: list[str]) -> dict[str, int]:
    return {name: getattr(packet, name) for name in names}


def test_no_real_frame_cut_anywhere_is_read_beyond_its_end(
    uncompiled: Callable[[str], ModuleType],
) -> None:
    """Every prefix of a frame of every kind is read within its bounds."""
    packet = uncompiled("lastack.wire.packet").Packet()
    for link, octets in VALID:
        for size in range(min(len(octets), 220)):
            packet.decode(bytearray(octets[:size]), 0, size, len(octets), link)
            assert 0 <= packet.kind <= 5


@given(frames=sequences)
@example(frames=[(1, b"")])
@example(frames=[(101, b"\x45")])
def test_mangled_frames_are_read_within_their_bounds(
    uncompiled: Callable[[str], ModuleType], frames: list[Frame]
) -> None:
    """Neither mangled frames nor noise make it read outside, or raise."""
    packet = uncompiled("lastack.wire.packet").Packet()
    for link, octets in frames:
        size = len(octets)
        packet.decode(bytearray(octets), 0, size, size, link)
        if packet.kind in (TCP, ICMP_ERROR) and packet.payload_captured != 0:
            assert 0 < packet.payload_at <= size - packet.payload_captured


@given(frames=sequences, filler=st.sampled_from([b"\0", b"\xff", b"\x45", b"\x06"]))
def test_what_lies_around_a_frame_is_not_read(
    uncompiled: Callable[[str], ModuleType], frames: list[Frame], filler: bytes
) -> None:
    """A frame reads the same alone and in the middle of a full buffer."""
    alone = uncompiled("lastack.wire.packet").Packet()
    among = uncompiled("lastack.wire.packet").Packet()
    names = public(alone)
    for link, octets in frames:
        size = len(octets)
        alone.decode(bytearray(octets), 0, size, size + 5, link)
        buffer = bytearray(filler * 100 + octets + filler * 100)
        among.decode(buffer, 100, size, size + 5, link)
        assert alone.kind == among.kind
        if alone.kind in (TCP, ICMP_ERROR):
            if among.payload_at >= 0:
                among.payload_at -= 100
            assert fields(alone, names) == fields(among, names)


@given(frames=sequences, extra=st.integers(0, 3000))
def test_compiled_reads_what_plain_python_reads(
    uncompiled: Callable[[str], ModuleType],
    compiled: Callable[[str], ModuleType],
    frames: list[Frame],
    extra: int,
) -> None:
    """Both forms have all fields alike after each frame of a sequence."""
    plain = uncompiled("lastack.wire.packet").Packet()
    fast = compiled("lastack.wire.packet").Packet()
    names = public(plain)
    for link, octets in frames:
        size = len(octets)
        plain.decode(bytearray(octets), 0, size, size + extra, link)
        fast.decode(bytearray(octets), 0, size, size + extra, link)
        assert fields(plain, names) == fields(fast, names)


def test_compiled_reads_every_valid_frame_as_plain_python(
    uncompiled: Callable[[str], ModuleType], compiled: Callable[[str], ModuleType]
) -> None:
    """Both forms have all fields alike after each frame of every kind."""
    plain = uncompiled("lastack.wire.packet").Packet()
    fast = compiled("lastack.wire.packet").Packet()
    names = public(plain)
    for link, octets in VALID:
        size = len(octets)
        for packet in (plain, fast):
            packet.decode(bytearray(octets), 0, size, size, link)
        assert fields(plain, names) == fields(fast, names)


def test_what_is_no_packet_is_not_read(form: Form) -> None:
    """A frame's number without a packet holds neither TCP nor a link to be named."""
    packet = form("lastack.wire.packet").Packet()
    frame = bytearray(made.ethernet(made.IPV4[4]))
    assert packet.decode(frame, 0, len(frame), len(frame), 1) == TCP
    assert packet.decode(frame, 0, 0, 0, NO_PACKET) == OTHER
    assert packet.decode(frame, 0, len(frame), len(frame), 1) == TCP


def test_a_capture_length_that_lies_reads_no_further_than_the_buffer(
    uncompiled: Callable[[str], ModuleType],
) -> None:
    """Where less is in the buffer than `captured` says, what is there is read."""
    packet = uncompiled("lastack.wire.packet").Packet()
    frame = bytearray(made.ethernet(made.IPV4[4]))
    for size in range(len(frame)):
        packet.decode(frame[:size], 0, 1 << 40, 1 << 40, 1)
    assert packet.decode(frame, len(frame) + 5, 100, 100, 1) == DAMAGED
    assert packet.decode(frame, -5, 100, 100, 1) == DAMAGED
    assert packet.decode(frame, 0, -1, 100, 1) == DAMAGED


def public(plain: Any) -> list[str]:
    """Return the names of the fields that both forms show."""
    inner = {"quoting", "fragments", "optioned"}
    names = [
        name
        for name in vars(plain)
        if name not in inner and not name.startswith(("link", "piece_", "carried"))
    ]
    assert {"kind", "seq", "payload_at", "icmp_source_low"} < set(names)
    return names
