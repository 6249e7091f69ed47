"""A page of the catalogue taken apart, and its traces judged as a capture is.

The indented blocks of a section are connections of one capture. Each begins at
the capture's time zero and has a client port of its own, 40000 first; the first
block is the one that is judged.
"""

from dataclasses import dataclass

from lastack.connections.facts import Facts
from lastack.connections.gather import gather
from lastack.connections.scan import Scan
from lastack.connections.surroundings import Surroundings
from lastack.connections.table import ConnectionTable
from lastack.diagnosis.judge import Judgement, judge
from lastack.tcp.notation import CLIENT, parse_trace
from lastack.tcp.segment import Address
from lastack.wire.encode import encode_ethernet
from lastack.wire.files.pcap import Reader
from lastack.wire.pcap_writer import pcap_header, pcap_record

INDENT = "    "
BEGINNING = 1_700_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class Section:
    """A heading without its marks, and the text below it."""

    heading: str
    text: str

    @property
    def traces(self) -> tuple[str, ...]:
        """The indented blocks; blank lines do not end one, prose does."""
        blocks: list[list[str]] = []
        inside = False
        for line in self.text.splitlines():
            if line.startswith(INDENT):
                if not inside:
                    blocks.append([])
                blocks[-1].append(line.removeprefix(INDENT))
                inside = True
            elif line.strip():
                inside = False
        return tuple("\n".join(block) for block in blocks)


def opening(page: str) -> str:
    """Return what stands before a page's first heading."""
    return page.partition("\n## ")[0].strip()


def sections(page: str) -> tuple[Section, ...]:
    """Return the sections of a page, in order."""
    found = []
    for part in page.split("\n## ")[1:]:
        heading, _, text = part.partition("\n")
        found.append(Section(heading.strip(), text))
    return tuple(found)


def capture(traces: tuple[str, ...]) -> bytes:
    """Return a pcap file of Ethernet frames that holds the traces together."""
    frames = []
    for number, trace in enumerate(traces):
        client = Address(CLIENT.host, CLIENT.port + number)
        frames += [
            (BEGINNING + one.time, encode_ethernet(one))
            for one in parse_trace(trace, client)
        ]
    frames.sort(key=lambda frame: frame[0])
    return pcap_header() + b"".join(pcap_record(*frame) for frame in frames)


def verdict(traces: tuple[str, ...]) -> Judgement:
    """Return the judgement on the first trace's connection among all of them."""
    return judge(facts(traces))


def facts(traces: tuple[str, ...]) -> Facts:
    """Return the facts of the first trace's connection among all of them."""
    octets = bytearray(capture(traces))
    scan = Scan(Reader(), ConnectionTable())
    assert scan.run(octets, 0, len(octets)) == len(octets)
    assert scan.damaged == 0
    connections = scan.table.connections
    surroundings = Surroundings(connections, scan.last_time, scan.shows_errors)
    for connection in connections:
        if CLIENT.port in (connection.port0, connection.port1):
            return gather(connection, surroundings)
    raise ValueError("no segment of the first trace is in the capture")
