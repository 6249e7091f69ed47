"""pcapng is read and written as tshark and editcap read and write it."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.wire import pcapng_writer as write
from lastack.wire.files import detect, pcapng
from lastack.wire.pcapng_writer import Order
from tests import both_forms
from tests.walk import Frame, frames_of, iterate, story
from tests.wire.tshark_frames import Line, tshark

Form = Callable[[str], ModuleType]
Tool = Callable[[str], str]

_READER = "lastack.wire.files.pcapng"
_FARTHEST = 1 << 62

# Wednesday 2023-11-15, with nine digits that differ.
_TIME = 1_700_000_000_123_456_789


class Interface(NamedTuple):
    link: int
    resolution: int
    offset: int


class Section(NamedTuple):
    """A section's byte order, interfaces, and frames with the block of each."""

    order: Order
    interfaces: list[Interface]
    frames: list[tuple[str, Frame]]


def units(resolution: int) -> int:
    return 10**resolution if resolution < 0x80 else 1 << resolution - 0x80


def rounded(time: int, interface: Interface) -> int:
    """Return `time` as an interface's unit keeps it, in whole nanoseconds."""
    second = 1_000_000_000
    stamp = (time - interface.offset * second) * units(interface.resolution) // second
    return stamp * second // units(interface.resolution) + interface.offset * second


def written(sections: list[Section]) -> bytes:
    octets = b""
    for order, interfaces, frames in sections:
        octets += write.pcapng_section(order=order)
        for link, resolution, offset in interfaces:
            octets += write.pcapng_interface(
                link, order=order, resolution=resolution, offset=offset
            )
            # What is no packet must be passed over: names, statistics, unknown.
            octets += write.pcapng_block(4, bytes(4), order=order)
            octets += write.pcapng_block(0x7A7A7A7A, b"\x0a\x0d\x0d\x0a", order=order)
        for kind, frame in frames:
            octets += block(kind, frame, interfaces[frame.interface], order)
    return octets


def block(kind: str, frame: Frame, interface: Interface, order: Order) -> bytes:
    if kind == "simple":
        return write.pcapng_simple_packet(frame.octets, order=order)
    make = write.pcapng_packet if kind == "enhanced" else write.pcapng_old_packet
    return make(
        frame.time,
        frame.octets,
        interface=frame.interface,
        original=frame.original,
        order=order,
        resolution=interface.resolution,
        offset=interface.offset,
    )


def expected(sections: list[Section]) -> list[Frame]:
    """Return the frames as a reader must see them."""
    frames = []
    time = 0
    for section in sections:
        for kind, frame in section.frames:
            if kind == "simple":
                frame = frame._replace(original=len(frame.octets), interface=0)
            else:
                time = rounded(frame.time, section.interfaces[frame.interface])
            link = section.interfaces[frame.interface].link
            frames.append(frame._replace(time=time, link=link))
    return frames


@st.composite
def _sections(draw: st.DrawFn) -> Section:
    # Each of these units holds every time below in 64 bits.
    resolutions = st.one_of(st.integers(0, 9), st.integers(0x80, 0x80 + 30))
    interfaces = draw(
        st.lists(
            st.builds(
                Interface,
                link=st.integers(0, 0xFFFF),
                resolution=resolutions,
                offset=st.integers(-(10**9), 10**9),
            ),
            min_size=1,
            max_size=3,
        )
    )
    frame = st.builds(
        Frame,
        time=st.integers(10**18, 4 * 10**18),
        octets=st.binary(max_size=40),
        original=st.integers(0, (1 << 32) - 1),
        interface=st.integers(0, len(interfaces) - 1),
    )
    kinds = st.sampled_from(("enhanced", "old", "simple"))
    return Section(
        draw(st.sampled_from(("little", "big"))),
        interfaces,
        draw(st.lists(st.tuples(kinds, frame), max_size=5)),
    )


_files = st.lists(_sections(), min_size=1, max_size=3)
_sizes = st.lists(st.integers(1, 100), max_size=30)


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


@given(_files, _sizes)
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


def test_a_simple_packet_is_cut_by_the_snap_length(form: Form) -> None:
    """Only the interface's snap length tells the padding from the frame."""
    octets = (
        write.pcapng_section()
        + write.pcapng_interface(snap=5)
        + write.pcapng_simple_packet(b"12345", original=1500)
    )
    (frame,) = frames_of(form(_READER).Reader(), octets)
    assert (frame.octets, frame.original) == (b"12345", 1500)


def test_reads_every_prefix_of_a_file(form: Form) -> None:
    """A file cut anywhere gives each whole frame before the cut."""
    frames = [("enhanced", Frame(_TIME + i, bytes(i * 3), 99)) for i in range(3)]
    interfaces = [Interface(1, 9, 0)]
    octets = written([Section("big", interfaces, frames)])
    ends = [
        len(written([Section("big", interfaces, frames[:count])])) for count in range(4)
    ]
    for cut in range(ends[0], len(octets) + 1):
        whole = [f for (_, f), end in zip(frames, ends[1:], strict=True) if end <= cut]
        ending = "whole" if cut in ends else "cut"
        assert story(form(_READER).Reader(), octets[:cut]) == (whole, ending)
    for cut in range(ends[0]):
        assert story(form(_READER).Reader(), octets[:cut])[0] == []


def _good() -> bytes:
    return write.pcapng_section() + write.pcapng_interface()


def _packet(**fields: int) -> bytes:
    words = {"interface": 0, "high": 0, "low": 0, "captured": 0, "original": 0} | fields
    body = b"".join(word.to_bytes(4, "little") for word in words.values())
    return write.pcapng_block(6, body)


def _length(length: int) -> bytes:
    return b"\5\0\0\0" + length.to_bytes(4, "little") + bytes(64)


@pytest.mark.parametrize(
    ("octets", "message"),
    [
        (_packet(), "the file does not begin with a section header block"),
        (
            write.pcapng_block(0x0A0D0D0A, bytes(16)),
            "a section header has no byte order: 00000000",
        ),
        (
            write.pcapng_section().replace(b"\1\0\0\0", b"\7\0\0\0"),
            "pcapng version 7 is not known, only 1",
        ),
        (
            _good() + _packet(interface=1),
            "a packet of interface 1, and the section has described 1 so far",
        ),
        (
            _good() + write.pcapng_section() + write.pcapng_simple_packet(b""),
            "a packet of interface 0, and the section has described 0 so far",
        ),
        (
            _good() + _packet(captured=1),
            "a packet claims 1 octets in a block with room for 0",
        ),
        (
            _good() + write.pcapng_block(6, bytes(16)),
            "a packet block of 28 octets, fewer than 32",
        ),
        (
            _good() + write.pcapng_block(3, b""),
            "a packet block of 12 octets, fewer than 16",
        ),
        (
            _good() + write.pcapng_block(1, b""),
            "an interface description of 12 octets, fewer than 20",
        ),
        (
            _good() + write.pcapng_block(1, bytes(8) + b"\x09\0\x09\0" + bytes(4)),
            "option 9 of an interface claims 9 octets, more than its block has",
        ),
        (
            _good() + _length(8),
            "a block claims 8 octets, fewer than the 12 it needs",
        ),
        (_good() + _length(14), "a block claims 14 octets, no multiple of 4"),
        (
            _good() + _length(0xFFFFFFFC),
            (
                "a block claims 4294967292 octets, more than 16777216:"
                " the file is damaged here"
            ),
        ),
        (
            _good() + _length(16),
            "a block begins with a length of 16 octets and ends with 0",
        ),
    ],
)
def test_names_what_is_wrong(octets: bytes, message: str, form: Form) -> None:
    """A block that contradicts itself or its section is one line saying how."""
    with pytest.raises(ValueError, match=f"^{message}$"):
        list(frames_of(form(_READER).Reader(), octets))


def test_interfaces_of_a_section_are_bounded(form: Form) -> None:
    """A file of nothing but interfaces takes no unbounded memory."""
    octets = write.pcapng_section() + write.pcapng_interface() * ((1 << 16) + 1)
    with pytest.raises(ValueError, match="over 65536 interfaces"):
        list(frames_of(form(_READER).Reader(), octets))


@given(
    _files,
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 255)), max_size=6),
    _sizes,
)
def test_damage_is_an_error_or_a_frame(
    sections: list[Section], damage: list[tuple[int, int]], sizes: list[int]
) -> None:
    """Damaged octets end in a CaptureError or a cut, alike in both forms."""
    octets = bytearray(written(sections))
    for at, octet in damage:
        octets[at % len(octets)] = octet
    usual = story(pcapng.Reader(), octets, sizes)
    plain = story(both_forms.uncompiled(_READER).Reader(), octets, sizes)
    assert plain == usual


@given(st.binary(max_size=400), _sizes)
def test_garbage_ends(octets: bytes, sizes: list[int]) -> None:
    """Garbage after a section header ends in an error, a cut, or as frames."""
    assert story(pcapng.Reader(), write.pcapng_section() + octets, sizes)


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
