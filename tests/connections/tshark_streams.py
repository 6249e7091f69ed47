"""Which stream tshark gives each frame of a capture, and which we do."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from lastack.connections.scan import Scan
from lastack.connections.table import ConnectionTable
from lastack.wire.files.pcap import Reader
from lastack.wire.pcap_writer import pcap_header, pcap_record
from tests.walk import Frame

_FIELDS = ("tcp.stream", "tcp.seq", "tcp.ack", "tcp.flags")


class Line(NamedTuple):
    """A frame as tshark has it; the innermost segment's, None if there is none."""

    stream: int | None
    seq: int | None
    ack: int | None
    flags: int | None


def records(frames: Iterable[Frame]) -> list[bytes]:
    """Return the frames as pcap records."""
    return [pcap_record(one.time, one.octets, original=one.original) for one in frames]


def tshark_lines(
    program: str, path: Path, written: Iterable[bytes], link: int = 1
) -> list[Line]:
    """Return what tshark says of each record; `path` is where to put them."""
    path.write_bytes(pcap_header(link) + b"".join(written))
    fields = [argument for field in _FIELDS for argument in ("-e", field)]
    printed = subprocess.run(
        [program, "-n", "-r", path, "-T", "fields", "-E", "occurrence=l", *fields],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [
        Line(*(int(field, 0) if field else None for field in row.split("\t")))
        for row in printed.splitlines()
    ]


def our_streams(written: Iterable[bytes], link: int = 1) -> list[int | None]:
    """Return the stream of each record, None where it joins no connection."""
    scan = Scan(Reader(), ConnectionTable(5))
    header = bytearray(pcap_header(link))
    assert scan.run(header, 0, len(header)) == len(header)
    found: list[int | None] = []
    for number, record in enumerate(written, 1):
        assert scan.run(bytearray(record), 0, len(record)) == len(record)
        streams = (
            one.stream
            for one in reversed(scan.table.connections)
            if one.last_frame == number
        )
        found.append(next(streams, None))
    return found
