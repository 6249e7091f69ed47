"""Writes pcap: the file header and one record, as octets.

For tests, the simulator and the laboratory; `files/pcap.py` reads it.
Specification: draft-ietf-opsawg-pcap.
"""

import struct
from typing import Literal

Order = Literal["little", "big"]

LONGEST_FRAME = 262_144
"""The snap length that tcpdump and Wireshark write for `no limit`."""


def pcap_header(
    link: int = 1,
    *,
    order: Order = "little",
    nanoseconds: bool = True,
    snap: int = LONGEST_FRAME,
) -> bytes:
    """Return the 24 octets that begin a file of frames of LINKTYPE_ `link`.

    `snap` is the most octets of a frame that were kept.
    """
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    return struct.pack(_mark(order) + "IHHiIII", magic, 2, 4, 0, 0, snap, link)


def pcap_record(
    time: int,
    frame: bytes,
    *,
    original: int | None = None,
    order: Order = "little",
    nanoseconds: bool = True,
) -> bytes:
    """Return the record of `frame`, seen at `time` nanoseconds after 1970.

    `original` is its length on the wire where less was kept. With
    `nanoseconds` false the time is rounded down to microseconds. Raises
    ValueError for a time before 1970 or after 2106.
    """
    seconds, fraction = divmod(time, 1_000_000_000)
    if not 0 <= seconds < 1 << 32:
        raise ValueError(f"{time} ns does not fit the unsigned seconds of pcap")
    return (
        struct.pack(
            _mark(order) + "IIII",
            seconds,
            fraction if nanoseconds else fraction // 1_000,
            len(frame),
            len(frame) if original is None else original,
        )
        + frame
    )


def _mark(order: Order) -> str:
    return "<" if order == "little" else ">"
