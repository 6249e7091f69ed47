"""`Packet` reads what Wireshark reads, in frames of every link type and tunnel."""

import struct
from pathlib import Path

import pytest

from lastack.wire.encode import encode_ip
from lastack.wire.kind import DAMAGED, ICMP_ERROR
from lastack.wire.links import links
from lastack.wire.packet import Packet
from tests.wire import frames as made
from tests.wire import other_frames as other
from tests.wire.comparison import Compared, records
from tests.wire.oracle import NOTHING, Record, decoded


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
    ours = compare(1, records(other.icmp_errors(4)), without=frozenset({"length"}))
    assert {reading.kind for reading in ours} == {"icmp"}
    assert ours[0].length == 40


def test_icmpv6_errors_read_as_in_wireshark(compare: Compared) -> None:
    """The same for ICMPv6; of a short quote Wireshark leaves out the number."""
    ours = compare(
        1, records(other.icmp_errors(6)), without=frozenset({"length", "seq"})
    )
    assert {reading.seq for reading in ours} == {1007 - 7 + n for n in range(5)}


@pytest.mark.parametrize(
    ("version", "quoted", "kind", "seq"),
    [
        (version, *one)
        for version in (4, 6)
        for one in ((3, DAMAGED, None), (4, ICMP_ERROR, -1), (8, ICMP_ERROR, 1000))
    ],
)
def test_of_a_quote_that_the_capture_cut_the_ports_are_enough(
    version: int, quoted: int, kind: int, seq: int | None
) -> None:
    """A snap length of 68 leaves them of an IPv4 quote, and nothing behind them."""
    (frame, *_) = other.icmp_errors(version)
    header = 20 if version == 4 else 40
    cut = bytearray(frame[: 14 + header + 8 + header + quoted])
    packet = Packet()
    assert packet.decode(cut, 0, len(cut), len(frame), 1) == kind
    if seq is not None:
        whole = Packet()
        whole.decode(bytearray(frame), 0, len(frame), len(frame), 1)
        ports = (whole.source_port, whole.destination_port)
        assert (packet.source_port, packet.destination_port) == ports
        assert (packet.seq, packet.flags) == (seq, -1)


def test_what_is_not_tcp_is_none(compare: Compared) -> None:
    """Neither side finds a segment in ARP, UDP, echoes or LLC."""
    ours = compare(1, records(other.not_tcp()))
    assert set(ours) == {NOTHING}


@pytest.mark.parametrize("order", ["forward", "backward", "twice", "missing", "mixed"])
def test_fragments_read_as_in_wireshark(order: str, compare: Compared) -> None:
    """The frame that completes a packet is the segment; the others are none."""
    frames: list[bytes] = []
    for number in range(3):
        one = other.pieces4(encode_ip(made.data(4, bytes(900), number)), 256, number)
        two = other.pieces6(encode_ip(made.data(6, bytes(900), number)), 256, number)
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
    pieces = other.pieces4(encode_ip(made.data(4, bytes(900))), 256, 3)
    cut = [Record(piece[:90], len(piece)) for piece in pieces]
    # Wireshark gives no length to a segment of which pieces are missing.
    ours = compare(1, cut, without=frozenset({"length"}))
    assert [reading.kind for reading in ours] == ["tcp"] + ["nothing"] * 3


def test_a_tunnel_in_fragments(compare: Compared) -> None:
    """A tunnel's packet in pieces gives the segment inside when it is whole."""
    inner = encode_ip(made.data(4, bytes(900)))
    for name in ("vxlan", "gre", "ip-in-ipv4"):
        packet = made.ENCAPSULATIONS[name](inner)[14:]
        ours = compare(1, records(other.pieces4(packet, 512, 9)))
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
