"""pcap is read and written as tshark and editcap read and write it."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.wire.files import detect, pcap
from lastack.wire.pcap_writer import Order, pcap_header, pcap_record
from tests import both_forms
from tests.walk import Frame, frames_of, iterate, story
from tests.wire.tshark_frames import Line, tshark

Form = Callable[[str], ModuleType]
Tool = Callable[[str], str]

_READER = "lastack.wire.files.pcap"
_SCENARIO = "close-unread.c.pcap"

_frames = st.lists(
    st.builds(
        Frame,
        time=st.integers(0, (1 << 32) * 1_000_000_000 - 1),
        octets=st.binary(max_size=80),
        original=st.integers(0, (1 << 32) - 1),
        link=st.just(1),
        interface=st.just(0),
    ),
    max_size=8,
)
_orders = st.sampled_from(("little", "big"))
_sizes = st.lists(st.integers(1, 100), max_size=30)


def written(
    frames: list[Frame], order: Order = "little", nanoseconds: bool = True
) -> bytes:
    return pcap_header(order=order, nanoseconds=nanoseconds) + b"".join(
        pcap_record(
            frame.time,
            frame.octets,
            original=frame.original,
            order=order,
            nanoseconds=nanoseconds,
        )
        for frame in frames
    )


def lines(frames: Iterator[Frame]) -> list[Line]:
    return [
        Line(number, frame.original, len(frame.octets), frame.time)
        for number, frame in enumerate(frames, 1)
    ]


@pytest.fixture(scope="module")
def scenario(corpus: Path) -> Path:
    return corpus / _SCENARIO


def test_reads_the_whole_corpus_as_tshark(
    corpus: Path, needs_tool: Tool, tmp_path: Path
) -> None:
    """Every frame of every capture of the corpus has tshark's lengths and time."""
    captures = sorted(corpus.glob("*.pcap"))
    joined = tmp_path / "all.pcapng"
    subprocess.run(
        [needs_tool("mergecap"), "-a", "-w", joined, *captures],
        check=True,
        capture_output=True,
    )
    read = [frame for capture in captures for frame in iterate(capture)]
    assert tshark(needs_tool("tshark"), joined) == lines(iter(read))


@pytest.mark.parametrize("format_", ["pcap", "nsecpcap", "modpcap"])
def test_reads_what_editcap_writes(
    format_: str, scenario: Path, needs_tool: Tool, tmp_path: Path
) -> None:
    """Microseconds, nanoseconds and the variant of 1999 read as tshark reads them."""
    rewritten = tmp_path / "rewritten"
    subprocess.run(
        [needs_tool("editcap"), "-F", format_, scenario, rewritten], check=True
    )
    read = list(iterate(rewritten))
    assert tshark(needs_tool("tshark"), rewritten) == lines(iter(read))
    assert [f.octets for f in iterate(scenario)] == [f.octets for f in read]


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("nanoseconds", [True, False])
def test_tshark_reads_what_we_write(
    order: Order, nanoseconds: bool, scenario: Path, needs_tool: Tool, tmp_path: Path
) -> None:
    """A capture that we rewrite is the same to tshark in either byte order."""
    rewritten = tmp_path / "rewritten.pcap"
    rewritten.write_bytes(written(list(iterate(scenario)), order, nanoseconds))
    unit = 1 if nanoseconds else 1000
    assert [
        line._replace(time=line.time // unit * unit)
        for line in tshark(needs_tool("tshark"), scenario)
    ] == tshark(needs_tool("tshark"), rewritten)


@given(_frames, _orders, st.booleans(), _sizes)
def test_reads_what_it_writes(
    frames: list[Frame], order: Order, nanoseconds: bool, sizes: list[int]
) -> None:
    """Frames come back as they were, however the buffer is refilled."""
    unit = 1 if nanoseconds else 1000
    octets = written(frames, order, nanoseconds)
    assert [frame._replace(time=frame.time // unit * unit) for frame in frames] == list(
        frames_of(pcap.Reader(), octets, sizes)
    )


def test_reads_every_prefix_of_a_file(form: Form) -> None:
    """A file cut anywhere gives each whole frame before the cut."""
    frames = [Frame(i, bytes(i * 7), 1000) for i in range(4)]
    octets = written(frames)
    ends = [len(written(frames[:count])) for count in range(5)]
    for cut in range(len(octets) + 1):
        whole = [f for f, end in zip(frames, ends[1:], strict=True) if end <= cut]
        ending = "whole" if cut == 0 or cut in ends else "cut"
        assert story(form(_READER).Reader(), octets[:cut]) == (whole, ending)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ({0: 0x00}, "the file does not begin with a magic of pcap"),
        ({4: 0x07}, "pcap version 7 is not known, only 2"),
        (
            {32: 0xEF, 33: 0xBE, 34: 0xAD, 35: 0xDE},
            (
                "a record claims 3735928559 octets, more than 16777200:"
                " the file is damaged here"
            ),
        ),
    ],
)
def test_names_what_is_wrong(damage: dict[int, int], message: str, form: Form) -> None:
    """A header or a length that makes no sense is one line that names it."""
    octets = bytearray(written([Frame(0, b"frame", 5)]))
    for at, octet in damage.items():
        octets[at] = octet
    with pytest.raises(ValueError, match=f"^{message}$"):
        list(frames_of(form(_READER).Reader(), octets))


def test_reads_a_record_of_the_greatest_length(form: Form) -> None:
    """16 MiB, header included, are read; one octet more is refused."""
    most = (1 << 24) - 16
    octets = written([Frame(0, bytes(most), most)])
    (frame,) = frames_of(form(_READER).Reader(), octets)
    assert most == len(frame.octets)
    with pytest.raises(ValueError, match=f"claims {most + 1} octets"):
        list(
            frames_of(
                form(_READER).Reader(), written([Frame(0, bytes(most + 1), most)])
            )
        )


@given(
    _frames,
    _orders,
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=6),
    _sizes,
)
def test_damage_is_an_error_or_a_frame(
    frames: list[Frame],
    order: Order,
    damage: list[tuple[int, int]],
    sizes: list[int],
) -> None:
    """Damaged octets end in a CaptureError or a cut, alike in both forms."""
    octets = bytearray(written(frames, order))
    for at, octet in damage:
        octets[at % len(octets)] = octet
    usual = story(pcap.Reader(), octets, sizes)
    plain = story(both_forms.uncompiled(_READER).Reader(), octets, sizes)
    assert plain == usual


@given(st.binary(max_size=400), _sizes)
def test_garbage_ends(octets: bytes, sizes: list[int]) -> None:
    """Garbage after a file header ends in an error, a cut, or as frames."""
    assert story(pcap.Reader(), pcap_header() + octets, sizes)


@pytest.mark.parametrize("order", ["little", "big"])
def test_the_upper_half_of_the_link_type_is_no_part_of_it(
    order: Order, form: Form
) -> None:
    """Bits that announce a frame check sequence do not change the link type."""
    octets = pcap_header(0x2400_0071, order=order) + pcap_record(
        0, b"frame", order=order
    )
    (frame,) = frames_of(form(_READER).Reader(), octets)
    assert frame.link == 0x71


@pytest.mark.parametrize(("nanoseconds", "digits"), [(False, 6), (True, 9)])
def test_the_digits_of_its_times(nanoseconds: bool, digits: int, form: Form) -> None:
    """A file of microseconds has six digits of a second, one of nanoseconds nine."""
    reader = form(_READER).Reader()
    header = pcap_header(nanoseconds=nanoseconds)
    assert reader.next(bytearray(header), 0, len(header)) == len(header)
    assert reader.digits() == digits


def test_a_time_that_pcap_cannot_hold_is_refused() -> None:
    """A time before 1970 or after 2106 is a ValueError, not another time."""
    for time in (-1, (1 << 32) * 1_000_000_000):
        with pytest.raises(ValueError, match="does not fit"):
            pcap_record(time, b"")


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("nanoseconds", [True, False])
def test_is_detected(order: Order, nanoseconds: bool) -> None:
    """The first four octets suffice to tell pcap in either order and unit."""
    found = detect(pcap_header(order=order, nanoseconds=nanoseconds)[:4])
    assert found is not None
    assert found.name == "pcap"


def test_the_compiled_form_is_compiled(compiled: Form) -> None:
    """Where the package was built with a compiler, the walk is machine code."""
    assert not str(compiled(_READER).__file__).endswith(".py")


def test_a_file_in_network_order_begins_with_its_magic_number() -> None:
    """Written in that order the octets of the number stand as they are read."""
    assert pcap_header(order="big")[:4] == bytes.fromhex("a1b23c4d")
    assert pcap_record(0, b"", order="big", original=5)[-4:] == bytes((0, 0, 0, 5))
