"""What Wireshark reads in a capture's frames, and what we do, side by side."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from lastack.wire.address import address_text
from lastack.wire.kind import ICMP_ERROR, TCP
from lastack.wire.pcap_writer import pcap_header, pcap_record

_FIELDS = (
    "frame.protocols",
    "ip.src",
    "ip.dst",
    "ipv6.src",
    "ipv6.dst",
    "ip.ttl",
    "ipv6.hlim",
    "ip.id",
    "ip.flags.df",
    "ip.dsfield",
    "ipv6.tclass",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.seq",
    "tcp.ack_raw",
    "tcp.flags",
    "tcp.window_size_value",
    "tcp.len",
    "tcp.options.mss_val",
    "tcp.options.wscale.shift",
    "tcp.options.sack_perm",
    "tcp.options.timestamp.tsval",
    "tcp.options.timestamp.tsecr",
    "tcp.options.sack.count",
    "tcp.options.sack_le",
    "tcp.options.sack_re",
    "icmp.type",
    "icmp.code",
    "icmpv6.type",
    "icmpv6.code",
    "icmp.mtu",
    "icmpv6.mtu",
)


class Record(NamedTuple):
    """A frame and its length on the wire."""

    octets: bytes
    original: int


class Reading(NamedTuple):
    """The fields of a frame that both sides read; None: not there."""

    kind: str
    version: int = 0
    source: str = ""
    destination: str = ""
    ports: tuple[int, int] = (0, 0)
    seq: int = 0
    ack: int | None = None
    flags: int | None = None
    window: int | None = None
    length: int | None = None
    ttl: int = 0
    ip_id: int | None = None
    dont_fragment: int | None = None
    tos: int = 0
    mss: int | None = None
    window_scale: int | None = None
    sack_permitted: bool = False
    timestamp: tuple[int, int] | None = None
    sack_blocks: int = 0
    sack: tuple[int, int] | None = None
    icmp: tuple[int, int, int, str] | None = None


NOTHING = Reading("nothing")


def write(path: Path, link: int, records: Iterable[Record]) -> Path:
    """Write a capture of `records`, one a millisecond."""
    parts = [pcap_header(link)]
    for number, record in enumerate(records):
        parts.append(
            pcap_record(number * 1_000_000, record.octets, original=record.original)
        )
    path.write_bytes(b"".join(parts))
    return path


def wireshark(tshark: str, path: Path) -> list[Reading]:
    """Return what tshark reads in each frame of the capture."""
    command = [tshark, "-n", "-r", str(path), "-T", "fields", "-E", "occurrence=a"]
    command += ["-E", "aggregator=|", "-E", "separator=;"]
    command += ["-o", "tcp.relative_sequence_numbers:FALSE"]
    command += ["-o", "tcp.desegment_tcp_streams:FALSE"]
    command += [part for field in _FIELDS for part in ("-e", field)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return [_wireshark_reading(line) for line in run.stdout.splitlines()]


def _number(text: str) -> int:
    if text in {"True", "False"}:
        return int(text == "True")
    return int(text, 16) if text.startswith("0x") else int(text)


def _wireshark_reading(line: str) -> Reading:
    row = dict(zip(_FIELDS, line.split(";"), strict=True))
    every = {name: value.split("|") if value else [] for name, value in row.items()}
    layers = row["frame.protocols"].split(":")
    if not every["tcp.srcport"]:
        return NOTHING

    def last(name: str) -> int | None:
        return _number(every[name][-1]) if every[name] else None

    def only(name: str) -> int | None:
        return _number(every[name][0]) if every[name] else None

    ip = [layer for layer in layers[: layers.index("tcp")] if layer in {"ip", "ipv6"}]
    prefix = ip[-1]
    four = prefix == "ip"
    quoted = "icmp" in layers or "icmpv6" in layers
    times = (only("tcp.options.timestamp.tsval"), only("tcp.options.timestamp.tsecr"))
    blocks = only("tcp.options.sack.count") or 0
    sack = (only("tcp.options.sack_le"), only("tcp.options.sack_re"))
    icmp = None
    if quoted:
        which = "icmp" if "icmp" in layers else "icmpv6"
        icmp = (
            only(f"{which}.type"),
            only(f"{which}.code"),
            only(f"{which}.mtu") or 0,
            every[f"{prefix}.src"][-2],
        )
    present: dict[str, Any] = {
        "kind": "icmp" if quoted else "tcp",
        "version": 4 if four else 6,
        "source": every[f"{prefix}.src"][-1],
        "destination": every[f"{prefix}.dst"][-1],
        "ports": (last("tcp.srcport"), last("tcp.dstport")),
        "seq": last("tcp.seq"),
        "ack": last("tcp.ack_raw"),
        "flags": None if only("tcp.flags") is None else last("tcp.flags"),
        "window": last("tcp.window_size_value"),
        "length": last("tcp.len"),
        "ttl": last("ip.ttl") if four else last("ipv6.hlim"),
        "ip_id": last("ip.id") if four else None,
        "dont_fragment": last("ip.flags.df") if four else None,
        "tos": last("ip.dsfield") if four else last("ipv6.tclass"),
        "mss": only("tcp.options.mss_val"),
        "window_scale": only("tcp.options.wscale.shift"),
        "sack_permitted": bool(every["tcp.options.sack_perm"]),
        "timestamp": None if times == (None, None) else times,
        "sack_blocks": blocks,
        "sack": sack if blocks else None,
        "icmp": icmp,
    }
    return Reading(**present)


def reading(packet: Any) -> Reading:
    """Return what `packet` holds of the frame that it decoded last."""
    if packet.kind != TCP and packet.kind != ICMP_ERROR:
        return NOTHING

    def known(value: int) -> int | None:
        return None if value < 0 else value

    version = packet.version
    icmp = None
    if packet.kind == ICMP_ERROR:
        reporter = (packet.icmp_source_high, packet.icmp_source_low)
        icmp = (
            packet.icmp_type,
            packet.icmp_code,
            packet.icmp_mtu,
            address_text(packet.icmp_version, *reporter),
        )
    times = (packet.timestamp_value, packet.timestamp_echo)
    source = (packet.source_high, packet.source_low)
    destination = (packet.destination_high, packet.destination_low)
    return Reading(
        kind="tcp" if packet.kind == TCP else "icmp",
        version=version,
        source=address_text(version, *source),
        destination=address_text(version, *destination),
        ports=(packet.source_port, packet.destination_port),
        seq=packet.seq,
        ack=known(packet.ack),
        flags=known(packet.flags),
        window=known(packet.window),
        length=known(packet.length),
        ttl=packet.ttl,
        ip_id=packet.ip_id if version == 4 else None,
        dont_fragment=packet.dont_fragment if version == 4 else None,
        tos=packet.tos,
        mss=known(packet.mss),
        window_scale=known(packet.window_scale),
        sack_permitted=bool(packet.sack_permitted),
        timestamp=times if packet.has_timestamp else None,
        sack_blocks=packet.sack_blocks,
        sack=(packet.sack_left, packet.sack_right) if packet.sack_blocks else None,
        icmp=icmp,
    )


def decoded(packet: Any, link: int, records: Iterable[Record]) -> list[Reading]:
    """Return what `packet` reads in each frame, one after another."""
    readings = []
    for record in records:
        size = len(record.octets)
        packet.decode(bytearray(record.octets), 0, size, record.original, link)
        readings.append(reading(packet))
    return readings
