"""The table of connections, numbered as Wireshark numbers its TCP streams."""

from array import array

from lastack.connections.connection import Connection
from lastack.connections.side import Side
from lastack.wire.packet import Packet

SYN = 2
ACK = 16
FEWEST_SLOTS = 1024
MASK62 = 0x3FFFFFFFFFFFFFFF


class ConnectionTable:
    """Finds the connection of a packet by its addresses and ports.

    Open addressing with linear probing; a slot holds the index of the latest
    connection on its addresses plus one, 0 if it is free. `seed` is mixed into
    the hash, so that nobody can choose addresses which all collide.
    """

    def __init__(self, seed: int = 0) -> None:
        self.connections: list[Connection] = []
        self.seed: int = seed & 0x3FFFFFFF
        self.slots: array[int] = array("i", bytes(4 * FEWEST_SLOTS))
        self.used: int = 0
        self.forward: bool = True

    def take(self, packet: Packet, frame: int, time: int) -> None:
        """Give one TCP segment to its connection, a new one if need be."""
        connection = self.find(packet)
        side: Side = connection.side0
        peer: Side = connection.side1
        if not self.forward:
            side = connection.side1
            peer = connection.side0
        if packet.flags & SYN and self.is_reuse(connection, packet, side):
            connection = self.start_again(connection, packet)
            side = connection.side0
            peer = connection.side1
        if connection.frames == 0:
            self.begin(connection, frame, time)
        connection.see(packet, side, peer, frame, time)

    def take_icmp(self, packet: Packet, frame: int, time: int) -> None:
        """Give an ICMP error to the connection whose segment it quotes.

        A quote of 16 octets of TCP or more counts for the numbering, as in
        Wireshark; the classic 8 octets only find a connection that is there.
        """
        slot = self.slot_of(packet)
        if self.slots[slot] == 0 and packet.flags < 0:
            return
        connection = self.find(packet)
        side: Side = connection.side0
        if not self.forward:
            side = connection.side1
        if packet.flags >= 0 and self.is_reuse(connection, packet, side):
            connection = self.start_again(connection, packet)
            side = connection.side0
        if connection.frames == 0:
            self.begin(connection, frame, time)
        if side.based and packet.flags >= 0:
            if packet.flags & (SYN | ACK) == SYN | ACK:
                side.stream_base = packet.seq
        connection.take_icmp(packet, side.index, frame, time)

    def begin(self, connection: Connection, frame: int, time: int) -> None:
        """Note where a connection begins in the capture."""
        connection.first_frame = frame
        connection.first_time = time
        connection.last_time = time
        # The higher port is the client's, until a SYN tells.
        if connection.port0 < connection.port1:
            connection.client = 1

    def is_reuse(self, connection: Connection, packet: Packet, side: Side) -> bool:
        """Return whether a SYN begins a new connection on old addresses.

        It does, as in Wireshark, when its initial sequence number is not its
        side's; a SYN-ACK never does.
        """
        return (
            packet.flags & (SYN | ACK) == SYN
            and side.based
            and packet.seq != side.stream_base
        )

    def find(self, packet: Packet) -> Connection:
        """Return the latest connection of the packet, made if there is none.

        `forward` tells whether the packet goes from side 0 to side 1.
        """
        slot = self.slot_of(packet)
        index = self.slots[slot]
        if index:
            found: Connection = self.connections[index - 1]
            return found
        connection = self.new(packet)
        self.slots[slot] = len(self.connections)
        self.used += 1
        if self.used * 2 > len(self.slots):
            self.grow()
        return connection

    def new(self, packet: Packet) -> Connection:
        """Return a connection of the packet's addresses, numbered next."""
        connection = Connection.__new__(Connection)
        connection.begin(len(self.connections))
        connection.version = packet.version
        connection.high0 = packet.source_high
        connection.low0 = packet.source_low
        connection.port0 = packet.source_port
        connection.high1 = packet.destination_high
        connection.low1 = packet.destination_low
        connection.port1 = packet.destination_port
        self.connections.append(connection)
        return connection

    def start_again(self, connection: Connection, packet: Packet) -> Connection:
        """Return a new connection that takes the place of an earlier one."""
        slot = self.slot_of(packet)
        following = self.new(packet)
        following.previous = connection
        connection.replaced = True
        self.slots[slot] = len(self.connections)
        return following

    def hash(
        self, high0: int, low0: int, port0: int, high1: int, low1: int, port1: int
    ) -> int:
        """Return a hash that is the same in both directions, 0 .. 2**62 - 1."""
        one = (
            ((low0 ^ (low0 >> 32)) & 0xFFFFFFF) * 805306457
            + ((high0 ^ (high0 >> 31)) & 0xFFFFFFF) * 402653189
            + port0 * 1073741789
        )
        two = (
            ((low1 ^ (low1 >> 32)) & 0xFFFFFFF) * 805306457
            + ((high1 ^ (high1 >> 31)) & 0xFFFFFFF) * 402653189
            + port1 * 1073741789
        )
        mixed = (one ^ self.seed) + (two ^ self.seed)
        return (mixed ^ (mixed >> 17) ^ (mixed >> 34)) & MASK62

    def slot_of(self, packet: Packet) -> int:
        """Return the slot that holds the packet's connection, or a free one."""
        mask = len(self.slots) - 1
        low = packet.source_low
        high = packet.source_high
        port = packet.source_port
        to_low = packet.destination_low
        to_high = packet.destination_high
        to_port = packet.destination_port
        self.forward = True
        slot = self.hash(high, low, port, to_high, to_low, to_port) & mask
        while self.slots[slot] != 0:
            one: Connection = self.connections[self.slots[slot] - 1]
            if (
                one.low0 == low
                and one.low1 == to_low
                and one.port0 == port
                and one.port1 == to_port
                and one.high0 == high
                and one.high1 == to_high
                and one.version == packet.version
            ):
                return slot
            if (
                one.low0 == to_low
                and one.low1 == low
                and one.port0 == to_port
                and one.port1 == port
                and one.high0 == to_high
                and one.high1 == high
                and one.version == packet.version
            ):
                self.forward = False
                return slot
            slot = (slot + 1) & mask
        return slot

    def grow(self) -> None:
        """Double the slots; every latest connection finds its new place."""
        old = self.slots
        self.slots = array("i", bytes(8 * len(old)))
        mask = len(self.slots) - 1
        for position in range(len(old)):
            index = old[position]
            if index == 0:
                continue
            one: Connection = self.connections[index - 1]
            slot = (
                self.hash(
                    one.high0, one.low0, one.port0, one.high1, one.low1, one.port1
                )
                & mask
            )
            while self.slots[slot] != 0:
                slot = (slot + 1) & mask
            self.slots[slot] = index
