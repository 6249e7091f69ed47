"""The Wireshark filter shows the evidence, and nothing else."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lastack.diagnosis.explained import Explained
from lastack.sources.read_capture import read_capture
from tests.connections.traced import HANDSHAKE, explained

CAPTURES = (
    "close-unread.c.pcap",
    "connect-reject-host.c.pcap",
    "idle-race-crossing.m.pcap",
    "keepalive-timeout.c.pcap",
    "reboot-same-4tuple.m.pcap",
    "zw-silent.c.pcap",
)


@pytest.mark.parametrize("name", CAPTURES)
def test_shows_the_evidence(
    name: str, corpus: Path, needs_tool: Callable[[str], str]
) -> None:
    """Tshark, given the filter, shows the frames of the evidence in their order."""
    tshark = needs_tool("tshark")
    path = corpus / name
    read = read_capture(str(path))
    diagnosis = max(
        Explained(read.name, read.scan).diagnoses(), key=lambda one: len(one.evidence)
    )
    shown = subprocess.run(
        [
            tshark,
            "-n",
            "-r",
            path,
            "-Y",
            diagnosis.filter,
            "-Tfields",
            "-eframe.number",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    frames = [int(line) for line in shown.splitlines()]
    assert frames == [one.frame for one in diagnosis.evidence]
    assert len(frames) > 1


def test_without_evidence_it_shows_the_connection() -> None:
    """Where there is nothing to prove, the filter selects the stream."""
    (open_,) = explained(HANDSHAKE).diagnoses()
    if not open_.evidence:
        assert open_.filter == "tcp.stream == 0"
    frames = [one.frame for one in open_.evidence]
    assert all(str(frame) in open_.filter for frame in frames)
