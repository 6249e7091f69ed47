"""pcapng is read and written as tshark and editcap read and write it."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.wire import pcapng_writer as write
from lastack.wire.files import detect, pcapng
from lastack.wire.pcapng_writer import Order
from lastack.wire.records import NO_PACKET
from tests import both_forms
from tests.walk import Frame, frames_of, iterate
from tests.wire.pcapng_sections import (
    FILES,
    SIZES,
    Interface,
    Section,
    expected,
    units,
    written,
)
from tests.wire.tshark_frames import Line, tshark

Form = Callable[[str], ModuleType]
Tool = Callable[[str], str]

_READER = "lastack.wire.files.pcapng"
_FARTHEST = 1 << 62

# Wednesday 2023-11-15, with nine digits that differ.
_TIME = 1_700_000_000_123_456_789


def lines(frames: Iterator[Frame]) -> list[Line]:
    return [
        Line(number, frame.original, len(frame.octets), frame.time)
        for number, frame in enumerate(frames, 1)
    ]


@pytest.fixture(scope="module")
def scenario(corpus: Path) -> Path:
    return corpus / "close-unread.c.pcap"


def test_reads_what_mergecap_writes(
    corpus: Path, needs_tool: Tool, tmp_path: Path
) -> None:
    """Captures merged by Wireshark, each an interface, hold tshark's frames."""
    merged = tmp_path / "merged.pcapng"
    captures = sorted(corpus.glob("close-unread*.pcap"))
    subprocess.run(
        [needs_tool("mergecap"), "-I", "none", "-w", merged, *captures],
        check=True,
        capture_output=True,
    )
    read = list(iterate(merged))
    assert tshark(needs_tool("tshark"), merged) == lines(iter(read))
    assert {frame.interface for frame in read} == set(range(len(captures)))


def test_reads_what_editcap_writes(
    scenario: Path, needs_tool: Tool, tmp_path: Path
) -> None:
    """A pcap that editcap turned into pcapng gives the same frames."""
    rewritten = tmp_path / "rewritten.pcapng"
    subprocess.run(
        [needs_tool("editcap"), "-F", "pcapng", scenario, rewritten], check=True
    )
    assert list(iterate(scenario)) == list(iterate(rewritten))


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("resolution", [0, 3, 6, 9, 10, 0x80, 0x80 + 10, 0x80 + 31])
def test_tshark_reads_what_we_write(
    order: Order, resolution: int, needs_tool: Tool, tmp_path: Path
) -> None:
    """Times of any unit, offsets, and two interfaces are the same to tshark."""
    interfaces = [Interface(1, resolution, 0), Interface(101, resolution, 1000)]
    frames = [
        ("enhanced", Frame(_TIME + i * 7, b"\x45" + bytes(40 + i), 90, interface=i % 2))
        for i in range(4)
    ]
    sections = [Section(order, interfaces, frames)]
    path = tmp_path / "written.pcapng"
    path.write_bytes(written(sections))
    read = list(iterate(path))
    assert expected(sections) == read
    assert tshark(needs_tool("tshark"), path) == lines(iter(read))


def test_tshark_reads_every_packet_block_we_write(
    needs_tool: Tool, tmp_path: Path
) -> None:
    """Enhanced and old packet blocks, in two sections of two byte orders."""
    interfaces = [Interface(1, 9, 0)]
    frames = [
        ("enhanced", Frame(_TIME, bytes(60), 70)),
        ("old", Frame(_TIME + 5, bytes(61), 61)),
    ]
    sections = [
        Section("little", interfaces, frames),
        Section("big", interfaces, frames),
    ]
    path = tmp_path / "written.pcapng"
    path.write_bytes(written(sections))
    assert tshark(needs_tool("tshark"), path) == lines(iter(expected(sections)))


def test_numbers_as_frames_what_tshark_numbers(
    form: Form, needs_tool: Tool, tmp_path: Path
) -> None:
    """Custom blocks, journal entries and Sysdig events take a frame's number."""
    octets = write.pcapng_section() + write.pcapng_interface()
    for kind, body in (
        (0x00000BAD, b"\xd9\x7e\0\0custom.."),
        (0x40000BAD, b"\xd9\x7e\0\0not copied.."),
        (0x9, b"__REALTIME_TIMESTAMP=1000000\nMESSAGE=hello\n.."),
        (0x204, bytes(60)),
        (0x216, bytes(60)),
        (0x221, bytes(60)),
        (0x4, bytes(4)),
        (0xBAD0, bytes(4)),
    ):
        octets += write.pcapng_block(kind, body)
        octets += write.pcapng_packet(_TIME, bytes(60))
    path = tmp_path / "custom.pcapng"
    path.write_bytes(octets)
    program = [needs_tool("tshark"), "-r", str(path), "-Y", "eth"]
    shown = subprocess.run(
        [*program, "-T", "fields", "-e", "frame.number"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    frames = enumerate(frames_of(form(_READER).Reader(), octets), 1)
    numbers = [number for number, frame in frames if frame.link != NO_PACKET]
    assert [int(number) for number in shown.split()] == numbers
    assert numbers[-1] == 14


def test_tshark_shows_the_comments_we_write(needs_tool: Tool, tmp_path: Path) -> None:
    """A comment on a packet is what tshark shows, and no part of the frame."""
    path = tmp_path / "written.pcapng"
    path.write_bytes(
        write.pcapng_section()
        + write.pcapng_interface()
        + write.pcapng_packet(_TIME, bytes(61), comments=["one", "zwei: ü"])
    )
    shown = subprocess.run(
        [needs_tool("tshark"), "-r", path, "-T", "fields", "-e", "frame.comment"],
        check=True,
        capture_output=True,
    ).stdout.decode()
    assert shown == "one,zwei: ü\n"
    assert [Frame(_TIME, bytes(61), 61)] == list(iterate(path))


@given(FILES, SIZES)
def test_reads_what_it_writes(sections: list[Section], sizes: list[int]) -> None:
    """Frames come back as they were, however the buffer is refilled."""
    octets = written(sections)
    assert expected(sections) == list(frames_of(pcapng.Reader(), octets, sizes))


@given(
    st.integers(0, (1 << 64) - 1),
    st.integers(0, 255),
    st.integers(-(1 << 63), (1 << 63) - 1),
)
def test_any_timestamp_of_any_unit_is_exact(
    stamp: int, resolution: int, offset: int
) -> None:
    """A time is the exact quotient, rounded down, held within +/-2**62."""
    exact = stamp * 10**9 // units(resolution) + offset * 10**9
    held = max(-_FARTHEST, min(exact, _FARTHEST))
    octets = (
        write.pcapng_section()
        + write.pcapng_interface(resolution=resolution, offset=offset)
        + write.pcapng_block(
            6,
            bytes(4)
            + (stamp >> 32).to_bytes(4, "little")
            + (stamp & 0xFFFFFFFF).to_bytes(4, "little")
            + bytes(8),
        )
    )
    for reader in (pcapng.Reader(), both_forms.uncompiled(_READER).Reader()):
        (frame,) = frames_of(reader, octets)
        assert frame.time == held


def test_a_simple_packet_has_the_time_of_the_one_before(form: Form) -> None:
    """A simple packet block has no time; it takes the last one, or 0."""
    octets = (
        write.pcapng_section()
        + write.pcapng_interface()
        + write.pcapng_simple_packet(b"first")
        + write.pcapng_packet(_TIME, b"second")
        + write.pcapng_simple_packet(b"third")
    )
    read = list(frames_of(form(_READER).Reader(), octets))
    assert [frame.time for frame in read] == [0, _TIME, _TIME]


def test_only_a_simple_packet_has_no_time_of_its_own(form: Form) -> None:
    """Whoever wants the time of a capture's first frame is told which have one."""
    reader = form(_READER).Reader()
    octets = (
        write.pcapng_section()
        + write.pcapng_interface()
        + write.pcapng_simple_packet(b"1")
        + write.pcapng_packet(_TIME, b"2")
        + write.pcapng_block(0x0BAD, bytes(4))
        + write.pcapng_old_packet(_TIME, b"3")
    )
    timed = [reader.timed for _ in frames_of(reader, octets)]
    assert timed == [False, True, False, True]


@pytest.mark.parametrize("order", ["little", "big"])
def test_what_was_lost_while_capturing_is_counted(order: Order, form: Form) -> None:
    """The latest statistics of each interface, by itself and by its system."""
    reader = form(_READER).Reader()
    blocks = [
        write.pcapng_statistics(0, dropped=3, order=order),
        write.pcapng_statistics(1, dropped=0, system_dropped=4, order=order),
        write.pcapng_statistics(0, dropped=3, system_dropped=2, order=order),
        write.pcapng_section(order=order) + write.pcapng_interface(order=order),
        write.pcapng_statistics(0, dropped=5, order=order),
    ]
    octets = write.pcapng_section(order=order)
    octets += 2 * write.pcapng_interface(order=order) + b"".join(blocks)
    assert list(frames_of(reader, octets)) == []
    assert reader.lost == 3 + 2 + 4 + 5


def test_a_simple_packet_is_cut_by_the_snap_length(form: Form) -> None:
    """Only the interface's snap length tells the padding from the frame."""
    octets = (
        write.pcapng_section()
        + write.pcapng_interface(snap=5)
        + write.pcapng_simple_packet(b"12345", original=1500)
    )
    (frame,) = frames_of(form(_READER).Reader(), octets)
    assert (frame.octets, frame.original) == (b"12345", 1500)


@pytest.mark.parametrize(
    ("resolutions", "digits"),
    [
        ([0], 0),
        ([3], 3),
        ([6], 6),
        ([6, 9], 9),
        ([9, 3], 9),
        ([0x80 + 10], 4),
        ([12], 9),
    ],
)
def test_the_digits_of_its_times(
    resolutions: list[int], digits: int, form: Form
) -> None:
    """Those of the finest interface, as many as tell its units apart, nine at most."""
    octets = bytearray(write.pcapng_section())
    for resolution in resolutions:
        octets += write.pcapng_interface(resolution=resolution)
    reader = form(_READER).Reader()
    at = 0
    while at < len(octets):
        at += reader.next(octets, at, len(octets))
    assert reader.digits() == digits


def test_a_time_or_comment_that_does_not_fit_is_refused() -> None:
    """What a block cannot hold is a ValueError, not another value."""
    with pytest.raises(ValueError, match="does not fit"):
        write.pcapng_packet(-1, b"")
    with pytest.raises(ValueError, match="too long"):
        write.pcapng_packet(0, b"", comments=["x" * 65536])


def test_is_detected() -> None:
    """A section header block of either order begins a pcapng file."""
    for order in ("little", "big"):
        found = detect(write.pcapng_section(order=order)[:4])
        assert found is not None
        assert found.name == "pcapng"


def test_the_compiled_form_is_compiled(compiled: Form) -> None:
    """Where the package was built with a compiler, the walk is machine code."""
    assert not str(compiled(_READER).__file__).endswith(".py")


@pytest.mark.parametrize("order", ["little", "big"])
def test_a_section_says_version_1_0_and_no_length(order: Order) -> None:
    """A length of 64 ones is unspecified: readers follow the blocks instead."""
    octets = write.pcapng_section(order=order)
    assert [int.from_bytes(octets[at : at + 2], order) for at in (12, 14)] == [1, 0]
    assert octets[16:24] == b"\xff" * 8
