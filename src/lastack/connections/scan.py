"""The fused pass: records, link, IP, TCP, connection table, facts, in one loop."""

from lastack.connections.table import ConnectionTable
from lastack.wire.kind import DAMAGED, ICMP_ERROR, TCP, UNKNOWN_LINK
from lastack.wire.packet import Packet
from lastack.wire.records import Records


class Scan:
    """Reads the records of one capture, whichever part of it is in the buffer.

    `frames` counts every frame, as Wireshark numbers them; `segments` those
    with a TCP segment; `damaged` those cut before their TCP header was whole;
    `unknown_links` counts the frames of each link type that has no reader.
    Times are in nanoseconds since the epoch, 0 before any frame was `timed`.
    """

    def __init__(self, records: Records, table: ConnectionTable) -> None:
        self.records: Records = records
        self.table: ConnectionTable = table
        self.packet: Packet = Packet()
        self.frames: int = 0
        self.segments: int = 0
        self.damaged: int = 0
        self.first_time: int = 0
        self.last_time: int = 0
        self.timed: bool = False
        self.unknown_links: dict[int, int] = {}

    def run(self, buffer: bytearray, start: int, end: int) -> int:
        """Take in every whole record of `buffer[start:end]`; return where it stopped.

        What lies from there on is the beginning of a record whose rest is still
        to be read. Raises CaptureError where the file makes no sense; all that
        came before is kept.
        """
        at = start
        records = self.records
        packet = self.packet
        table = self.table
        while True:
            used = records.next(buffer, at, end)
            if used == 0:
                return at
            if records.frame_at >= 0:
                self.frames += 1
                kind = packet.decode(
                    buffer,
                    records.frame_at,
                    records.captured,
                    records.original,
                    records.link,
                )
                if records.timed:
                    if records.time > self.last_time or not self.timed:
                        self.last_time = records.time
                    if records.time < self.first_time or not self.timed:
                        self.first_time = records.time
                        self.timed = True
                if kind == TCP:
                    self.segments += 1
                    table.take(packet, self.frames, records.time)
                elif kind == ICMP_ERROR:
                    table.take_icmp(packet, self.frames, records.time)
                elif kind == DAMAGED:
                    self.damaged += 1
                elif kind == UNKNOWN_LINK:
                    link = records.link
                    self.unknown_links[link] = self.unknown_links.get(link, 0) + 1
            at += used

    @property
    def shows_errors(self) -> bool:
        """Whether an ICMP error about a connection would be seen here.

        Not in a capture of TCP alone, nor where frames were cut before its quote.
        """
        return self.damaged == 0 and self.frames > self.segments
