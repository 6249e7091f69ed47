"""UDP datagrams and ICMP errors in tcpdump's words, against tcpdump."""

import ipaddress
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lastack.lab.datagrams import datagram_of
from lastack.lab.frames import segment_of
from lastack.tcp.icmp import IcmpError
from lastack.tcp.segment import Address, Segment
from lastack.wire.encode import encode_ethernet
from lastack.wire.pcap_writer import pcap_header, pcap_record

ENDS = {
    4: (Address("10.0.0.1", 40001), Address("10.0.0.2", 8080)),
    6: (Address("fd00::1", 40001), Address("fd00::2", 8080)),
}
REPORTER = {4: "10.0.0.9", 6: "fd00::9"}
ERRORS = [(4, 3, code) for code in (0, 1, 2, 3, 9, 10, 13)] + [
    (6, kind, code) for kind, code in ((1, 0), (1, 1), (1, 3), (1, 4), (2, 0))
]


def error(version: int, kind: int, code: int, mtu: int = 0) -> bytes:
    quoted = Segment(0, *ENDS[version], 2, 1)
    return encode_ethernet(IcmpError(0, REPORTER[version], kind, code, quoted, mtu))


def udp(version: int, text: bytes) -> bytes:
    source, destination = ENDS[version]
    datagram = struct.pack("!HHHH", source.port, destination.port, 8 + len(text), 0)
    hosts = b"".join(ipaddress.ip_address(it.host).packed for it in ENDS[version])
    if version == 6:
        start = struct.pack("!IHBB", 6 << 28, 8 + len(text), 17, 64)
        return bytes(12) + b"\x86\xdd" + start + hosts + datagram + text
    length = 28 + len(text)
    start = struct.pack("!BBHIBBH", 0x45, 0, length, 0, 64, 17, 0)
    return bytes(12) + b"\x08\x00" + start + hosts + datagram + text


def told(frame: bytes) -> str:
    found = datagram_of(frame)
    assert found is not None
    source, destination, text = found
    ends = [str(it) if it.port else it.host for it in (source, destination)]
    return f"{ends[0]} > {ends[1]}: {text}"


def of_tcpdump(tcpdump: str, frame: bytes, path: Path) -> str:
    path.write_bytes(pcap_header() + pcap_record(0, frame))
    said = subprocess.run(
        [tcpdump, "-tnr", str(path)], capture_output=True, text=True, check=True
    ).stdout.strip()
    # It writes some of ICMPv6's words with two spaces.
    return " ".join(said.removeprefix("IP6 ").removeprefix("IP ").split())


@pytest.mark.parametrize(("version", "kind", "code"), ERRORS)
def test_an_icmp_error_is_told_as_tcpdump_tells_it(
    version: int,
    kind: int,
    code: int,
    needs_tool: Callable[[str], str],
    tmp_path: Path,
) -> None:
    """Who cannot be reached, and why, in the same words."""
    frame = error(version, kind, code, 1280 if (version, kind) == (6, 2) else 0)
    expected = of_tcpdump(needs_tool("tcpdump"), frame, tmp_path / "x.pcap")
    assert told(frame) == expected
    assert segment_of(0, frame) is None


@pytest.mark.parametrize("version", [4, 6])
def test_a_datagram_is_told_as_tcpdump_tells_it(
    version: int, needs_tool: Callable[[str], str], tmp_path: Path
) -> None:
    """Both ends with their ports, and the length of what is in it."""
    frame = udp(version, b"hello")
    assert told(frame) == of_tcpdump(needs_tool("tcpdump"), frame, tmp_path / "x.pcap")
    assert segment_of(0, frame) is None


def test_a_segment_is_none() -> None:
    """TCP is told by `segment_of`."""
    assert datagram_of(encode_ethernet(Segment(0, *ENDS[4], 2, 1))) is None


@given(octets=some.binary(max_size=200), kind=some.sampled_from([0x0800, 0x86DD]))
def test_no_frame_makes_it_fail(octets: bytes, kind: int) -> None:
    """Whatever a program sends from inside, reading its frame ends well."""
    datagram_of(bytes(12) + kind.to_bytes(2, "big") + octets)


@given(cut=some.integers(0, 90), frame=some.sampled_from([error(4, 3, 3), udp(6, b"")]))
def test_no_cut_frame_makes_it_fail(cut: int, frame: bytes) -> None:
    """Nor does one that ends in the middle."""
    datagram_of(frame[:cut])
