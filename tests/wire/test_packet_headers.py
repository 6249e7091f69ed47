"""Lengths and options of headers, as captures of real hosts have them."""

import struct

import pytest

from lastack.tcp import flags as bits
from lastack.tcp.segment import Options, Segment
from lastack.wire.encode import encode_ip
from lastack.wire.kind import DAMAGED, FRAGMENT, OTHER, TCP, UNKNOWN_LINK
from lastack.wire.packet import Packet
from tests.wire import frames as made
from tests.wire import other_frames as other
from tests.wire.comparison import Compared
from tests.wire.oracle import Record


def decode_one(frame: bytes, original: int | None = None, link: int = 1) -> Packet:
    packet = Packet()
    size = len(frame)
    packet.decode(
        bytearray(frame), 0, size, size if original is None else original, link
    )
    return packet


def test_an_ip_length_of_zero_is_the_frames(compare: Compared) -> None:
    """A giant left to the card to cut has length 0; the frame tells its own."""
    packet = bytearray(encode_ip(made.data(4, bytes(3000))))
    packet[2:4] = b"\0\0"
    frame = made.ethernet(bytes(packet))
    assert compare(1, [Record(frame, len(frame))])[0].length == 3000
    assert compare(1, [Record(frame[:96], len(frame))])[0].length == 3000


def test_an_ipv6_length_of_zero_is_the_frames() -> None:
    """The same for IPv6, with and without a jumbo option."""
    packet = encode_ip(made.data(6, bytes(70_000 - 65_535)))
    plain = packet[:4] + b"\0\0" + packet[6:]
    assert decode_one(made.ethernet(plain)).length == 4465
    size = struct.pack(">I", 8 + len(packet) - 40)
    jumbo = plain[:6] + b"\0" + plain[7:40] + b"\x06\0\xc2\x04" + size + plain[40:]
    padded = decode_one(made.ethernet(jumbo) + bytes(9))
    assert (padded.length, padded.payload_captured) == (4465, 4465)


def test_the_ip_length_counts_not_the_frames() -> None:
    """Octets after the IP packet are no payload, missing ones are."""
    for version in (6, 4):
        frame = made.ethernet(encode_ip(made.data(version, b"abc")))
        padded = decode_one(frame + bytes(20))
        assert (padded.length, padded.payload_captured) == (3, 3)
    cut = decode_one(frame[:-2], len(frame))
    assert (cut.length, cut.payload_at, cut.payload_captured) == (3, 66, 1)
    none = decode_one(frame[:-3], len(frame))
    assert (none.length, none.payload_at, none.payload_captured) == (3, -1, 0)


def test_options_that_were_not_captured_are_told() -> None:
    """A header of which any octet is missing has its options cut."""
    for packet, header in ((made.IPV4[10], 20), (made.IPV4[4], 32), (made.IPV4[0], 40)):
        frame = made.ethernet(packet)
        for size in range(14 + 20 + 16, 14 + 20 + header + 1):
            found = decode_one(frame[:size], len(frame))
            assert (found.kind, found.options_cut) == (TCP, size < 34 + header)


def test_options_that_were_cut_are_of_one_frame_only() -> None:
    """The next frame that is read in the same place has its own, or none."""
    packet = Packet()
    cut, whole = made.ethernet(made.IPV4[0]), made.ethernet(made.IPV4[10])
    packet.decode(bytearray(cut[:60]), 0, 60, len(cut), 1)
    assert packet.options_cut == 1
    packet.decode(bytearray(whole), 0, len(whole), len(whole), 1)
    assert (packet.kind, packet.options_cut) == (TCP, 0)


@pytest.mark.parametrize(
    "option",
    [
        b"\x13\x12" + bytes(16),
        b"\x1e\x0c\x00\x81" + bytes(8),
        b"\x22\x0a" + bytes(8),
        b"\xfe\x0c\xf9\x89" + bytes(8),
    ],
    ids=["MD5", "MPTCP", "Fast Open", "experimental"],
)
def test_other_options_are_passed_over(option: bytes) -> None:
    """What comes after an option that says nothing here is read."""
    option += b"\x02\x04\x05\xb4"
    option += b"\x01" * (-len(option) % 4)
    packet = bytearray(encode_ip(made.data(4, b"")))[:40] + option
    packet[2:4] = struct.pack(">H", len(packet))
    packet[32] = (5 + len(option) // 4) << 4
    found = decode_one(made.ethernet(bytes(packet)))
    assert (found.mss, found.options_cut) == (1460, 0)


@pytest.mark.parametrize(
    "options",
    [
        b"\x08\x00\0\0",
        b"\x08\x01\0\0",
        b"\x08\x0a\0\0",
        b"\x02\xff\0\0",
        b"\x01\x01\x01\x05",
    ],
)
def test_options_that_make_no_sense_end_the_list(options: bytes) -> None:
    """A length of 0, 1 or beyond the header stops the reading of options."""
    packet = bytearray(encode_ip(made.data(4, b"")))[:40] + options
    packet[2:4] = struct.pack(">H", len(packet))
    packet[32] = 6 << 4
    found = decode_one(made.ethernet(bytes(packet)))
    assert (found.kind, found.mss, found.has_timestamp) == (TCP, -1, 0)


def test_options_of_the_frame_before_are_forgotten() -> None:
    """A `Packet` that is used again holds nothing of the frame before."""
    packet = Packet()
    full = made.ethernet(
        encode_ip(
            Segment(
                0,
                made.CLIENT4,
                made.SERVER4,
                bits.SYN,
                1,
                options=Options(1, 2, True, (3, 4)),
            )
        )
    )
    bare = made.ethernet(made.IPV4[3])
    packet.decode(bytearray(full), 0, len(full), len(full), 1)
    packet.decode(bytearray(bare), 0, len(bare), len(bare), 1)
    assert (packet.mss, packet.window_scale) == (-1, -1)
    assert (packet.sack_permitted, packet.has_timestamp) == (0, 0)


@pytest.mark.parametrize(
    ("change", "at", "value"),
    [
        ("a data offset of 4 words", 46, 0x40),
        ("a data offset beyond the packet", 46, 0xF0),
        ("an IP header of 4 words", 14, 0x44),
        ("an IP version of 5", 14, 0x55),
        ("an IP length shorter than the header", 17, 19),
        ("an IP length that cuts the TCP header", 17, 35),
    ],
)
def test_headers_that_contradict_themselves_are_damaged(
    change: str, at: int, value: int
) -> None:
    """A frame with one field that cannot be is DAMAGED, not a segment."""
    frame = bytearray(made.ethernet(made.IPV4[10]))
    frame[at] = value
    assert decode_one(bytes(frame)).kind == DAMAGED, change


def test_kinds_of_frames_without_a_segment() -> None:
    """A piece, a frame of an unknown link type and one of no IP are told apart."""
    piece = other.pieces4(made.IPV4[6], 256, 1)[0]
    assert decode_one(piece).kind == FRAGMENT
    assert decode_one(piece, link=147).kind == UNKNOWN_LINK
    assert decode_one(made.ethernet(bytes(50), 0x88CC)).kind == OTHER
    assert decode_one(b"").kind == DAMAGED
    assert decode_one(b"", link=147).kind == UNKNOWN_LINK


@pytest.mark.parametrize("family", [10, 23, 24, 26, 28, 30])
@pytest.mark.parametrize("order", ["<", ">"])
def test_every_systems_address_family(order: str, family: int) -> None:
    """AF_INET6 of any system in either order is IPv6; Wireshark knows three."""
    frame = struct.pack(f"{order}I", family) + made.IPV6[0]
    assert decode_one(frame, link=0).kind == TCP
    assert decode_one(struct.pack(f"{order}I", 25) + made.IPV6[0], link=0).kind == OTHER


def test_a_cooked_frame_of_no_ethertype_is_other() -> None:
    """Linux cooked frames of 802.2 or CAN name no EtherType."""
    for number in (0x0001, 0x0004, 0x000C):
        head = struct.pack(">HHH8sH", 0, 1, 6, b"", number)
        assert decode_one(head + bytes(60), link=113).kind == OTHER


def test_a_length_of_1500_is_no_ethertype() -> None:
    """IEEE 802.3 counts at most 1500 octets; what is more names a protocol."""
    packet = encode_ip(made.data(4, bytes(1500 - 8 - 52)))
    snap = b"\xaa\xaa\x03\0\0\0\x08\0" + packet
    assert len(snap) == 1500
    assert decode_one(made.ethernet(snap, 1500)).kind == TCP
    assert decode_one(made.ethernet(snap, 1501)).kind == OTHER


def test_tunnels_are_counted_and_bounded() -> None:
    """Eight encapsulations are opened, the ninth is not; tags do not count."""
    nested = made.ENCAPSULATIONS
    assert decode_one(nested["five-deep"](made.IPV4[3])).tunnels == 5
    assert decode_one(nested["three-tags"](made.IPV4[3])).tunnels == 0
    assert decode_one(nested["mpls-three"](made.IPV4[3])).tunnels == 0
    assert decode_one(nested["vxlan"](made.IPV4[3])).tunnels == 1
    packet = made.IPV4[3]
    for depth in range(1, 10):
        outer = bytearray(made.IPV4[3][:20])
        outer[2:4] = struct.pack(">H", 20 + len(packet))
        outer[9] = 4
        packet = bytes(outer) + packet
        assert decode_one(made.ethernet(packet)).kind == (TCP if depth < 9 else OTHER)
