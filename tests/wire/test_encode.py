"""What `encode` writes is read back the same, and has the right checksums."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from lastack.tcp import flags as bits
from lastack.tcp.icmp import IcmpError
from lastack.tcp.segment import Address, Options, Segment
from lastack.wire.address import address_text
from lastack.wire.encode import checksum, encode_ethernet, encode_ip, encode_options
from lastack.wire.kind import ICMP_ERROR, TCP
from lastack.wire.packet import Packet
from tests.wire import frames as made
from tests.wire import other_frames as other
from tests.wire.oracle import Record, write
from tests.wire.strategies import errors, segments


def read(octets: bytes, link: int = 101) -> Packet:
    packet = Packet()
    packet.decode(bytearray(octets), 0, len(octets), len(octets), link)
    return packet


def as_segment(packet: Packet, octets: bytes, time: int) -> Segment:
    """Return what `packet` read as a segment; of SACK, the first block only."""
    version = packet.version
    source = address_text(version, packet.source_high, packet.source_low)
    destination = address_text(version, packet.destination_high, packet.destination_low)
    times = (packet.timestamp_value, packet.timestamp_echo)
    payload = b""
    if packet.payload_captured:
        end = packet.payload_at + packet.payload_captured
        payload = octets[packet.payload_at : end]
    return Segment(
        time=time,
        source=Address(source, packet.source_port),
        destination=Address(destination, packet.destination_port),
        flags=packet.flags,
        seq=packet.seq,
        ack=packet.ack,
        window=packet.window,
        payload=payload,
        options=Options(
            mss=None if packet.mss < 0 else packet.mss,
            window_scale=None if packet.window_scale < 0 else packet.window_scale,
            sack_permitted=bool(packet.sack_permitted),
            timestamp=times if packet.has_timestamp else None,
            sack=((packet.sack_left, packet.sack_right),) if packet.sack_blocks else (),
        ),
        ttl=packet.ttl,
        ip_id=packet.ip_id if version == 4 else 0,
        dont_fragment=bool(packet.dont_fragment) if version == 4 else True,
        tos=packet.tos,
    )


def first_block_only(segment: Segment) -> Segment:
    options = segment.options
    return replace(segment, options=replace(options, sack=options.sack[:1]))


@given(segments())
def test_a_segment_is_read_back_the_same(segment: Segment) -> None:
    """Every field of a segment survives encoding and decoding."""
    octets = encode_ip(segment)
    packet = read(octets)
    assert packet.kind == TCP
    assert as_segment(packet, octets, segment.time) == first_block_only(segment)
    assert packet.sack_blocks == len(segment.options.sack)


@given(errors())
def test_an_icmp_error_is_read_back_the_same(error: IcmpError) -> None:
    """Who reports what about which segment survives encoding and decoding."""
    packet = read(encode_ip(error))
    quoted = error.quoted
    assert packet.kind == ICMP_ERROR
    assert (packet.icmp_type, packet.icmp_code) == (error.kind, error.code)
    assert error.reporter == address_text(
        packet.icmp_version, packet.icmp_source_high, packet.icmp_source_low
    )
    ports = (quoted.source.port, quoted.destination.port)
    assert (packet.source_port, packet.destination_port) == ports
    assert (packet.seq, packet.ack, packet.flags) == (
        quoted.seq,
        quoted.ack,
        quoted.flags,
    )
    assert packet.length == len(quoted.payload)


@given(segments())
def test_the_checksums_are_right(segment: Segment) -> None:
    """The sum over what a checksum covers is zero (RFC 1071)."""
    octets = encode_ip(segment)
    header = 20 if octets[0] >> 4 == 4 else 40
    tcp = octets[header:]
    addresses = octets[12:20] if header == 20 else octets[8:40]
    assert checksum(addresses + len(tcp).to_bytes(4, "big") + b"\0\0\0\x06" + tcp) == 0
    assert header == 40 or checksum(octets[:20]) == 0


def test_tshark_finds_no_fault(
    needs_tool: Callable[[str], str], tmp_path: Path
) -> None:
    """The checksums of IP, TCP, ICMP and ICMPv6 are good, says tshark."""
    segments = [
        *made.segments(made.CLIENT4, made.SERVER4),
        *made.segments(made.CLIENT6, made.SERVER6),
    ]
    frames = [encode_ethernet(segment) for segment in segments]
    # Of those that quote all of a segment.
    frames += other.icmp_errors(4)[:8] + other.icmp_errors(6)[:5]
    path = write(
        tmp_path / "all.pcap", 1, [Record(frame, len(frame)) for frame in frames]
    )
    command = [needs_tool("tshark"), "-n", "-r", str(path), "-T", "fields"]
    for protocol in ("ip", "tcp", "udp"):
        command += ["-o", f"{protocol}.check_checksum:TRUE"]
    for name in ("ip.checksum.status", "tcp.checksum.status", "icmp.checksum.status"):
        command += ["-e", name]
    command += ["-e", "icmpv6.checksum.status", "-e", "_ws.malformed"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    seen = [set(",".join(column).split(",")) for column in zip(*rows, strict=True)]
    # 1 is good; empty where the frame has no such checksum.
    assert [statuses - {""} for statuses in seen] == [{"1"}] * 4 + [set()]


def test_both_directions_have_their_own_ethernet_addresses() -> None:
    """The two ends of an example trace are told apart on Ethernet too."""
    segment = made.data()
    one = encode_ethernet(segment)
    other = encode_ethernet(segment, from_client=False)
    assert (one[:6], one[6:12]) == (other[6:12], other[:6])
    assert one[12:] == other[12:] == b"\x08\x00" + encode_ip(segment)


def test_too_many_options_are_refused() -> None:
    """A header has room for 40 octets of options."""
    blocks = ((1, 2), (3, 4), (5, 6), (7, 8))
    with pytest.raises(ValueError, match="room for 40"):
        encode_options(Options(timestamp=(1, 2), sack=blocks))
    assert len(encode_options(Options(sack=blocks))) == 36


def test_what_cannot_be_a_packet_is_refused() -> None:
    """Two IP versions in one packet, and more payload than it can hold."""
    mixed = Segment(0, made.CLIENT4, made.SERVER6, bits.SYN, 0)
    with pytest.raises(ValueError, match="two IP versions"):
        encode_ip(mixed)
    with pytest.raises(ValueError, match="do not fit"):
        encode_ip(made.data(4, bytes(65535)))
