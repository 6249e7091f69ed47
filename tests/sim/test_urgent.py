"""Urgent data (MSG_OOB): how it is sent, captured and received."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from lastack.sim.stage import CLIENT_ADDRESS
from lastack.sim.trace import pcap
from lastack.tcp.flags import URG
from lastack.tcp.scenario import client, established, server, settle, wait

from .story import Story, tell


def _story() -> Story:
    return tell(
        established(1),
        client.send(3, out_of_band=True),
        wait(0.1),
        server.receive(1, out_of_band=True).gives("1"),
        server.receive(1, out_of_band=True).gives("-EINVAL"),
        settle(),
    )


def test_the_urgent_octet_is_received_once_and_out_of_band() -> None:
    """recv(MSG_OOB) gives it, and EINVAL the second time, as Linux does."""
    assert _story().run.surprises == []


def test_recv_stops_before_the_urgent_octet_and_then_skips_it() -> None:
    """Of `ab!cd` recv() gives two octets, and the next one two; `!` is neither."""
    story = tell(
        established(1),
        client.send(3, out_of_band=True),
        wait(0.1),
        client.send(2),
        wait(0.1),
        server.receive(9).gives("2"),
        server.receive(9).gives("2"),
        settle(),
    )
    assert story.run.surprises == []


def test_the_segment_that_carries_it_has_urg() -> None:
    """P.U, three octets, and no other segment has the flag."""
    urgent = [s for s in _story().sent("client") if s.flags & URG]
    assert [len(it.payload) for it in urgent] == [3]


def test_the_capture_points_behind_the_urgent_octet(
    tmp_path: Path, needs_tool: Callable[[str], str]
) -> None:
    """Tshark reads the urgent pointer 3 of three octets (RFC 6093 2)."""
    path = tmp_path / "urgent.pcap"
    path.write_bytes(pcap(_story().run.events, client=CLIENT_ADDRESS))
    fields = ("-e", "tcp.urgent_pointer", "-e", "tcp.len")
    chosen = ("-Y", "tcp.flags.urg==1", "-T", "fields", *fields)
    done = subprocess.run(
        [needs_tool("tshark"), "-r", path, *chosen],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["3", "3"]
