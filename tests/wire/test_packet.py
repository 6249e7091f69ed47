"""`Packet` reads what Wireshark reads, in frames of every link type and tunnel."""

import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from lastack.tcp import flags as bits
from lastack.tcp.segment import Options, Segment
from lastack.wire.encode import encode_ip
from lastack.wire.kind import DAMAGED, FRAGMENT, OTHER, TCP, UNKNOWN_LINK
from lastack.wire.links import links
from lastack.wire.packet import Packet
from tests.wire import frames as made
from tests.wire.oracle import NOTHING, Reading, Record, decoded, wireshark, write

Tool = Callable[[str], str]


def records(octets: Sequence[bytes]) -> list[Record]:
    return [Record(frame, len(frame)) for frame in octets]


class Compared:
    """Compares both sides' readings of one capture."""

    def __init__(self, tshark: str, folder: Path) -> None:
        self.tshark = tshark
        self.folder = folder

    def __call__(
        self,
        link: int,
        frames: Sequence[Record],
        *,
        without: frozenset[str] = frozenset(),
    ) -> list[Reading]:
        """Assert that each frame reads alike but for `without`; return ours."""
        path = write(self.folder / "frames.pcap", link, frames)
        theirs = wireshark(self.tshark, path)
        ours = decoded(Packet(), link, frames)
        assert len(theirs) == len(ours)
        for number, (expected, actual) in enumerate(zip(theirs, ours, strict=True), 1):
            blank: dict[str, Any] = (
                dict.fromkeys(without) if expected != NOTHING else {}
            )
            assert (number, expected._replace(**blank)) == (
                number,
                actual._replace(**blank),
            )
        return ours


@pytest.fixture
def compare(needs_tool: Tool, tmp_path: Path) -> Compared:
    return Compared(needs_tool("tshark"), tmp_path)


@pytest.mark.parametrize("name", made.LINKS)
def test_every_link_type_reads_as_in_wireshark(name: str, compare: Compared) -> None:
    """IPv4 and IPv6 segments of every kind read alike behind each link header."""
    link, wrap = made.LINKS[name]
    packets = made.IPV4 + made.IPV6
    ours = compare(link, records([wrap(packet) for packet in packets]))
    assert [reading.kind for reading in ours] == ["tcp"] * len(packets)


@pytest.mark.parametrize(("number", "packets"), [(228, made.IPV4), (229, made.IPV6)])
def test_raw_ip_of_one_version(
    number: int, packets: list[bytes], compare: Compared
) -> None:
    """LINKTYPE_IPV4 and LINKTYPE_IPV6 begin with the IP header."""
    ours = compare(number, records(packets))
    assert NOTHING not in ours


def test_every_link_type_of_the_folder_is_compared() -> None:
    """No file of links/ is without a comparison, but for two old numbers of raw IP."""
    compared = {link for link, _ in made.LINKS.values()} | {228, 229}
    assert set(links()) - compared == {14}


def test_encapsulations_read_as_in_wireshark(compare: Compared) -> None:
    """The innermost segment is read through tags, labels and tunnels."""
    wrapped = [
        (name, wrap(packet))
        for name, wrap in made.ENCAPSULATIONS.items()
        for packet in made.IPV4 + made.IPV6
    ]
    ours = compare(1, records([frame for _, frame in wrapped]))
    silent = {
        name
        for (name, _), reading in zip(wrapped, ours, strict=True)
        if reading == NOTHING
    }
    assert silent == set()


def test_ip_headers_read_as_in_wireshark(compare: Compared) -> None:
    """IPv4 options and IPv6 extension headers are passed, routing followed."""
    frames = [
        wrap(packet) for wrap in made.IPV4_HEADERS.values() for packet in made.IPV4
    ]
    frames += [
        wrap(packet) for wrap in made.IPV6_HEADERS.values() for packet in made.IPV6
    ]
    # ipv6.dst is the header's own; Wireshark's stream has the final destination.
    ours = compare(1, records(frames), without=frozenset({"destination"}))
    assert NOTHING not in ours


@pytest.mark.parametrize(
    ("name", "destination"),
    [
        ("routing-0", "2001:db8::99"),
        ("routing-0-done", "2001:db8:0:1::7"),
        ("routing-2", "2001:db8::99"),
        ("segments", "2001:db8::98"),
    ],
)
def test_the_destination_is_the_last_stop(name: str, destination: str) -> None:
    """A segment with stops left belongs to the connection with the last one."""
    frame = made.IPV6_HEADERS[name](made.IPV6[0])
    assert decoded(Packet(), 1, records([frame]))[0].destination == destination


def test_icmp_errors_read_as_in_wireshark(compare: Compared) -> None:
    """The quoted segment is read as far as it is quoted, and who reports it."""
    # Wireshark gives a quote no length.
    ours = compare(1, records(made.icmp_errors(4)), without=frozenset({"length"}))
    assert {reading.kind for reading in ours} == {"icmp"}
    assert ours[0].length == 40


def test_icmpv6_errors_read_as_in_wireshark(compare: Compared) -> None:
    """The same for ICMPv6; of a short quote Wireshark leaves out the number."""
    ours = compare(
        1, records(made.icmp_errors(6)), without=frozenset({"length", "seq"})
    )
    assert {reading.seq for reading in ours} == {1007 - 7 + n for n in range(5)}


def test_what_is_not_tcp_is_none(compare: Compared) -> None:
    """Neither side finds a segment in ARP, UDP, echoes or LLC."""
    ours = compare(1, records(made.not_tcp()))
    assert set(ours) == {NOTHING}


@pytest.mark.parametrize("order", ["forward", "backward", "twice", "missing", "mixed"])
def test_fragments_read_as_in_wireshark(order: str, compare: Compared) -> None:
    """The frame that completes a packet is the segment; the others are none."""
    frames: list[bytes] = []
    for number in range(3):
        one = made.pieces4(encode_ip(made.data(4, bytes(900), number)), 256, number)
        two = made.pieces6(encode_ip(made.data(6, bytes(900), number)), 256, number)
        for pieces in (one, two):
            if order == "backward":
                pieces.reverse()
            elif order == "twice":
                pieces += pieces
            elif order == "missing":
                del pieces[number]
            frames += pieces
    if order == "mixed":
        frames = frames[::2] + frames[1::2]
    ours = compare(1, records(frames))
    found = sum(reading != NOTHING for reading in ours)
    assert found == {"missing": 0, "twice": 12}.get(order, 6)


def test_a_cut_piece_is_read_for_itself(compare: Compared) -> None:
    """With a snap length the first piece is the segment, as in Wireshark."""
    pieces = made.pieces4(encode_ip(made.data(4, bytes(900))), 256, 3)
    cut = [Record(piece[:90], len(piece)) for piece in pieces]
    # Wireshark gives no length to a segment of which pieces are missing.
    ours = compare(1, cut, without=frozenset({"length"}))
    assert [reading.kind for reading in ours] == ["tcp"] + ["nothing"] * 3


def test_a_tunnel_in_fragments(compare: Compared) -> None:
    """A tunnel's packet in pieces gives the segment inside when it is whole."""
    inner = encode_ip(made.data(4, bytes(900)))
    for name in ("vxlan", "gre", "ip-in-ipv4"):
        packet = made.ENCAPSULATIONS[name](inner)[14:]
        ours = compare(1, records(made.pieces4(packet, 512, 9)))
        assert [reading.kind for reading in ours] == ["nothing", "tcp"]


@pytest.mark.parametrize("snap", [*range(50, 74), 90, 96, 100])
def test_a_snap_length_that_keeps_the_headers(snap: int, compare: Compared) -> None:
    """A cut capture reads as far as it goes; lengths are those on the wire."""
    frames = [made.ethernet(packet) for packet in made.IPV4]
    cut = [Record(frame[:snap], len(frame)) for frame in frames]
    options = frozenset(
        {"mss", "window_scale", "sack_permitted", "timestamp", "sack_blocks", "sack"}
    )
    ours = compare(1, cut, without=options if snap < 90 else frozenset())
    assert NOTHING not in ours


@pytest.mark.parametrize("snap", [14, 20, 34, 40, 48])
def test_a_snap_length_that_cuts_the_header(snap: int, compare: Compared) -> None:
    """With less than 16 octets of the TCP header there is no segment."""
    frame = made.ethernet(made.IPV4[4])
    packet = Packet()
    assert packet.decode(bytearray(frame[:snap]), 0, snap, len(frame), 1) == DAMAGED


def test_the_corpus_reads_as_in_wireshark(corpus: Path, compare: Compared) -> None:
    """All frames of all real captures read alike."""
    frames: list[Record] = []
    for path in sorted(corpus.glob("*.pcap")):
        octets = path.read_bytes()
        order = "<" if octets[:4] in {b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"} else ">"
        at = 24
        while at < len(octets):
            captured, original = struct.unpack_from(f"{order}II", octets, at + 8)
            frames.append(Record(octets[at + 16 : at + 16 + captured], original))
            at += 16 + captured
    # A quote of a segment has no length in Wireshark.
    ours = compare(1, frames, without=frozenset({"length"}))
    assert sum(reading.kind == "tcp" for reading in ours) > 7_000
    assert sum(reading.kind == "icmp" for reading in ours) > 10


# ---- lengths and options that captures of real hosts have --------------------


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


@pytest.mark.parametrize(
    ("option", "field"),
    [
        (b"\x13\x12" + bytes(16), "has_authentication"),
        (b"\x1d\x10" + bytes(14), "has_authentication"),
        (b"\x1e\x0c\x00\x81" + bytes(8), "multipath"),
        (b"\x22\x0a" + bytes(8), "fast_open"),
        (b"\xfe\x0c\xf9\x89" + bytes(8), "fast_open"),
    ],
)
def test_options_that_are_only_noted(option: bytes, field: str) -> None:
    """Authentication, MPTCP and Fast Open are seen, and nothing else is then."""
    option += b"\x01" * (-len(option) % 4)
    packet = bytearray(encode_ip(made.data(4, b"")))[:40] + option
    packet[2:4] = struct.pack(">H", len(packet))
    packet[32] = (5 + len(option) // 4) << 4
    found = decode_one(made.ethernet(bytes(packet)))
    noted = {
        name: getattr(found, name)
        for name in ("has_authentication", "multipath", "fast_open")
    }
    assert noted == {name: int(name == field) for name in noted}
    assert found.options_cut == 0


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
    piece = made.pieces4(made.IPV4[6], 256, 1)[0]
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
