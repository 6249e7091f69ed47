"""Cut, damaged and made-up pcapng ends in an error, and within bounds."""

from collections.abc import Callable
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.wire import pcapng_writer as write
from lastack.wire.files import pcapng
from tests import both_forms
from tests.walk import Frame, frames_of, story
from tests.wire.pcapng_sections import FILES, SIZES, Interface, Section, written

Form = Callable[[str], ModuleType]

_READER = "lastack.wire.files.pcapng"

# Wednesday 2023-11-15, with nine digits that differ.
_TIME = 1_700_000_000_123_456_789


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


_ALL_ONES = (1 << 64) - 1


@pytest.mark.parametrize(
    ("statistics", "lost"),
    [
        (write.pcapng_statistics(), 0),
        (write.pcapng_statistics(dropped=_ALL_ONES, system_dropped=7), 7),
        (write.pcapng_statistics(dropped=1 << 40), 0),
        (write.pcapng_statistics(1, dropped=7), 0),
        (write.pcapng_block(5, bytes(12) + b"\5\0\4\0\7\0\0\0"), 0),
    ],
    ids=["none", "unknown", "absurd", "of no interface", "of four octets"],
)
def test_statistics_that_are_no_count_are_none(
    statistics: bytes, lost: int, form: Form
) -> None:
    """What cannot be the number of frames lost is not taken for one."""
    reader = form(_READER).Reader()
    assert list(frames_of(reader, _good() + statistics)) == []
    assert reader.lost == lost


def test_interfaces_of_a_section_are_bounded(form: Form) -> None:
    """A file of nothing but interfaces takes no unbounded memory."""
    octets = write.pcapng_section() + write.pcapng_interface() * ((1 << 16) + 1)
    with pytest.raises(ValueError, match="over 65536 interfaces"):
        list(frames_of(form(_READER).Reader(), octets))


@given(
    FILES,
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 255)), max_size=6),
    SIZES,
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


@given(st.binary(max_size=400), SIZES)
def test_garbage_ends(octets: bytes, sizes: list[int]) -> None:
    """Garbage after a section header ends in an error, a cut, or as frames."""
    assert story(pcapng.Reader(), write.pcapng_section() + octets, sizes)
