"""What tcpdump would have written: a run's packets as a pcap file's octets."""

from collections.abc import Iterable

from lastack.sim.unreachable import Reported
from lastack.tcp.events import Sent, TimelineEvent
from lastack.wire.encode import encode_ethernet
from lastack.wire.pcap_writer import pcap_header, pcap_record

EPOCH = 1_700_000_000_000_000_000
"""When a run begins, for its captures: 2023-11-14 22:13:20 UTC."""


def pcap(
    events: Iterable[TimelineEvent],
    *,
    where: str = "wire",
    client: str,
    epoch: int = EPOCH,
) -> bytes:
    """Return a pcap file of what passed at `where`: `client`, `wire` or `server`.

    `client` is the client's address, which decides the Ethernet addresses;
    `epoch` the start of the run in nanoseconds since 1970.
    """
    records = [pcap_header()]
    for event in events:
        if isinstance(event, Sent) and event.where == where:
            ours = event.segment.source.host == client
            frame = encode_ethernet(event.segment, from_client=ours)
        elif isinstance(event, Reported) and event.where == where:
            ours = event.destination.host != client
            frame = encode_ethernet(event.error, from_client=ours)
        else:
            continue
        records.append(pcap_record(epoch + event.time, frame))
    return b"".join(records)
