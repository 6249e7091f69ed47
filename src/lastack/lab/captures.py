"""The captures of a run as three pcap files, one a vantage."""

from pathlib import Path

from lastack.lab.capture import VANTAGES
from lastack.lab.run import Run
from lastack.wire.pcap_writer import pcap_header, pcap_record


def write_captures(run: Run, folder: Path, name: str) -> dict[str, Path]:
    """Write `name`.client.pcap, .wire.pcap and .server.pcap; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for vantage in VANTAGES:
        path = folder / f"{name}.{vantage}.pcap"
        records = (pcap_record(when, frame) for when, frame in run.frames[vantage])
        path.write_bytes(b"".join([pcap_header(), *records]))
        written[vantage] = path
    return written
