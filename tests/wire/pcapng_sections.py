"""Sections of a pcapng file: written, and as a reader must see them."""

from typing import NamedTuple

from hypothesis import strategies as st

from lastack.wire import pcapng_writer as write
from lastack.wire.pcapng_writer import Order
from tests.walk import Frame


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
            octets += write.pcapng_statistics(dropped=3, order=order)
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
def sections_of(draw: st.DrawFn) -> Section:
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


FILES = st.lists(sections_of(), min_size=1, max_size=3)
SIZES = st.lists(st.integers(1, 100), max_size=30)
