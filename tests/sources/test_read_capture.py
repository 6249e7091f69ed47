"""What goes wrong in a file ends the reading there: nothing read is lost."""

import gzip
import struct
from pathlib import Path
from typing import Final

import pytest

from lastack.diagnosis.explained import Explained
from lastack.sources.capture_file import BUFFER_SIZE
from lastack.sources.error import SourceError
from lastack.sources.read_capture import Read, read_capture
from lastack.tcp.notation import parse_trace
from lastack.tcp.segment import Address
from lastack.wire.encode import encode_ethernet
from lastack.wire.pcap_writer import pcap_header, pcap_record
from lastack.wire.pcapng_writer import (
    pcapng_interface,
    pcapng_packet,
    pcapng_section,
    pcapng_simple_packet,
    pcapng_statistics,
)

TRACE: Final = """
0 > S 0:0(0)
+0.01 < S. 0:0(0) ack 1
+0.01 > . 1:1(0) ack 1
+0.1 > P. 1:101(100) ack 1
+0.01 < R. 1:1(0) ack 101
"""
START: Final = 1_700_000_000_000_000_000
FRAMES: Final = [
    (START + one.time, encode_ethernet(one))
    for port in range(40000, 40020)
    for one in parse_trace(TRACE, Address("192.0.2.1", port))
]
RECORDS: Final = [pcap_record(time, frame) for time, frame in FRAMES]
WHOLE: Final = pcap_header() + b"".join(RECORDS)
BEFORE: Final = len(pcap_header()) + sum(map(len, RECORDS[:40]))
"""Where the record of frame 41 begins."""


def read(tmp_path: Path, octets: bytes) -> Read:
    """Return what is read of a file with these octets."""
    path = tmp_path / "capture"
    path.write_bytes(octets)
    return read_capture(str(path))


def trouble(found: Read) -> str:
    """Return the one line of trouble, without the file's name."""
    (line,) = found.trouble
    assert line.startswith(f"{found.name}: ")
    assert "\n" not in line
    return line.removeprefix(f"{found.name}: ")


def test_whole(tmp_path: Path) -> None:
    """A whole file is not partial and gives no trouble."""
    found = read(tmp_path, WHOLE)
    assert not found.partial
    assert found.trouble == []
    assert found.scan.frames == found.scan.segments == 100
    assert len(found.scan.table.connections) == 20


@pytest.mark.parametrize("more", [1, 8, 15, 16, 17, 60, len(RECORDS[40]) - 1])
def test_cut_in_a_record(more: int, tmp_path: Path) -> None:
    """A file cut in a record or its header keeps all before it, and says where."""
    found = read(tmp_path, WHOLE[: BEFORE + more])
    assert found.partial
    assert found.scan.frames == 40
    assert trouble(found).startswith("partial: ")
    assert trouble(found).endswith("after frame 40")
    verdicts = Explained(found.name, found.scan).judgements
    assert [one.first.by for one in verdicts] == ["server"] * 8


def test_cut_between_records(tmp_path: Path) -> None:
    """Nobody can see that a pcap was cut between two records."""
    found = read(tmp_path, WHOLE[:BEFORE])
    assert not found.partial
    assert found.scan.frames == 40


def test_only_a_header(tmp_path: Path) -> None:
    """A capture without a frame is whole and empty."""
    found = read(tmp_path, pcap_header())
    assert (found.partial, found.trouble, found.scan.frames) == (False, [], 0)


@pytest.mark.parametrize("size", [20, 24 + 8, 24 + 16 + 20])
def test_cut_before_a_frame_is_whole(size: int, tmp_path: Path) -> None:
    """Of a file that is cut in a header or its first frame nothing can be read."""
    found = read(tmp_path, WHOLE[:size])
    assert found.partial
    assert trouble(found).endswith("is cut before its first frame ends, after frame 0")


@pytest.mark.parametrize("length", [0x7FFFFFFF, 0xFFFFFFFF, 100_000_000])
def test_absurd_length(length: int, tmp_path: Path) -> None:
    """A record that claims gigabytes ends the reading; nothing is allocated for it."""
    absurd = struct.pack("<IIII", 1_700_000_000, 0, length, length) + bytes(200)
    found = read(tmp_path, WHOLE[:BEFORE] + absurd + WHOLE[BEFORE:])
    assert found.partial
    assert found.scan.frames == 40
    assert trouble(found).startswith("partial: ")
    assert trouble(found).endswith("after frame 40")


def test_garbage_in_the_middle(tmp_path: Path) -> None:
    """Where records stop to make sense, what came before is kept."""
    found = read(tmp_path, WHOLE[:BEFORE] + b"\xff" * 1000 + WHOLE[BEFORE:])
    assert found.partial
    assert found.scan.frames == 40
    assert trouble(found).endswith("after frame 40")


def test_garbage_in_pcapng(tmp_path: Path) -> None:
    """A block whose two lengths differ ends the reading of a pcapng."""
    blocks = b"".join(pcapng_packet(time, frame) for time, frame in FRAMES[:40])
    octets = pcapng_section() + pcapng_interface(1) + blocks
    assert read(tmp_path, octets).scan.frames == 40
    block = bytearray(pcapng_packet(*FRAMES[40]))
    block[-4:] = b"\x08\0\0\0"
    found = read(tmp_path, octets + bytes(block) + blocks)
    assert found.partial
    assert found.scan.frames == 40
    assert trouble(found).startswith("partial: ")
    assert trouble(found).endswith("after frame 40")


def test_compressed_and_cut(tmp_path: Path) -> None:
    """A cut gzip gives what it holds, and says that it was cut."""
    # Frames which do not compress, so that half the file is half the frames.
    noise = b"".join(
        pcap_record(time, frame + (index * 7919).to_bytes(4, "big") * 9)
        for index, (time, frame) in enumerate(FRAMES * 40)
    )
    compressed = gzip.compress(pcap_header() + noise)
    found = read(tmp_path, compressed[: len(compressed) // 2])
    assert found.partial
    assert 0 < found.scan.frames < 4000
    assert "gzip" in trouble(found)
    assert trouble(found).endswith(f"after frame {found.scan.frames}")


def test_compressed_and_damaged(tmp_path: Path) -> None:
    """Damage in compressed octets is told as such."""
    compressed = bytearray(gzip.compress(WHOLE))
    compressed[-8] ^= 0xFF
    found = read(tmp_path, bytes(compressed))
    assert found.partial
    assert "gzip data is damaged" in trouble(found)


def test_unknown_links_are_named_and_counted(tmp_path: Path) -> None:
    """Frames of link types that nobody reads are counted by type, and skipped."""
    octets = pcapng_section()
    for link in (1, 147, 999):
        octets += pcapng_interface(link)
    for number, (time, frame) in enumerate(FRAMES[:10]):
        octets += pcapng_packet(time, frame, interface=(0, 1, 1)[number % 3])
    octets += pcapng_packet(START, b"x" * 60, interface=2)
    found = read(tmp_path, octets)
    assert not found.partial
    assert (found.scan.frames, found.scan.segments) == (11, 4)
    assert found.scan.unknown_links == {147: 6, 999: 1}
    assert [line.removeprefix(f"{found.name}: ") for line in found.trouble] == [
        "6 frames of link type 147 (LINKTYPE_USER0), which is not read; skipped",
        "1 frame of link type 999, which is not known; skipped",
    ]


def test_damaged_frames_are_counted(tmp_path: Path) -> None:
    """A frame whose TCP header was cut away is counted, and the rest is read."""
    octets = pcap_header() + b"".join(
        pcap_record(time, frame[:40] if number in {3, 9} else frame)
        for number, (time, frame) in enumerate(FRAMES)
    )
    found = read(tmp_path, octets)
    assert not found.partial
    assert (found.scan.damaged, found.scan.segments) == (2, 98)
    says = "2 frames are cut or damaged before TCP; skipped"
    assert trouble(found).startswith(says)


@pytest.mark.parametrize(("lost", "says"), [(1, "1 frame was"), (12, "12 frames were")])
def test_frames_lost_while_capturing_are_told(
    lost: int, says: str, tmp_path: Path
) -> None:
    """The file is whole, but a verdict may rest on what was never captured."""
    octets = pcapng_section() + pcapng_interface(1)
    octets += b"".join(pcapng_packet(time, frame) for time, frame in FRAMES)
    found = read(tmp_path, octets + pcapng_statistics(dropped=lost))
    assert not found.partial
    assert trouble(found).startswith(f"{says} lost while capturing")


def test_a_first_frame_without_a_time_is_not_of_1970(tmp_path: Path) -> None:
    """A capture begins with the first frame that has a time of its own."""
    octets = pcapng_section() + pcapng_interface(1) + pcapng_simple_packet(b"1")
    octets += b"".join(pcapng_packet(time, frame) for time, frame in FRAMES)
    scan = read(tmp_path, octets).scan
    assert (scan.first_time, scan.last_time) == (FRAMES[0][0], FRAMES[-1][0])


def test_a_record_larger_than_the_buffer(tmp_path: Path) -> None:
    """A block of more than a mebibyte, and what comes behind it, are read."""
    huge = struct.pack("<II", 0x0B0B, 12 + BUFFER_SIZE * 2) + bytes(BUFFER_SIZE * 2)
    huge += huge[4:8]
    octets = pcapng_section() + pcapng_interface(1)
    octets += b"".join(pcapng_packet(time, frame) for time, frame in FRAMES[:50])
    octets += huge
    octets += b"".join(pcapng_packet(time, frame) for time, frame in FRAMES[50:])
    found = read(tmp_path, octets)
    assert found.trouble == []
    assert found.scan.frames == 100


def test_many_buffers(tmp_path: Path) -> None:
    """Records that lie across the buffer's end are read once, and in order."""
    padded = [
        pcap_record(START + number, encode_ethernet(one))
        for number, one in enumerate(
            parse_trace(
                "\n".join(
                    f"0 > P. {at}:{at + 999}(999) ack 1"
                    for at in range(1, 3_000_000, 999)
                )
            )
        )
    ]
    found = read(tmp_path, pcap_header() + b"".join(padded))
    assert found.scan.frames == len(padded)
    (connection,) = found.scan.table.connections
    assert connection.side0.octets == 999 * len(padded)
    assert connection.side0.repeats_total == 0


def test_progress(tmp_path: Path) -> None:
    """Progress grows to the size of the file."""
    path = tmp_path / "capture"
    path.write_bytes(gzip.compress(WHOLE))
    told: list[tuple[int, int | None]] = []
    read_capture(str(path), lambda done, size: told.append((done, size)))
    assert told == sorted(told)
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


@pytest.mark.parametrize(
    ("octets", "says"),
    [(b"", "it is empty"), (b"hello there, this is text\n", "looks like text")],
)
def test_no_capture(octets: bytes, says: str, tmp_path: Path) -> None:
    """What is no capture at all is refused in one line that names it."""
    path = tmp_path / "capture"
    path.write_bytes(octets)
    with pytest.raises(SourceError) as caught:
        read_capture(str(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
