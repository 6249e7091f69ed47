"""The table of connections, numbered as Wireshark numbers its TCP streams."""

from array import array

from lastack.connections import memory
from lastack.connections.connection import Connection
from lastack.connections.duplicates import Duplicates
from lastack.connections.side import Side
from lastack.connections.usual import take_usual
from lastack.wire.packet import Packet

SYN = 2
RST = 4
ACK = 16
FEWEST_SLOTS = 1024
PLACES = 1024
MASK30 = 0x3FFFFFFF
MASK32 = 0xFFFFFFFF
MASK64 = 0xFFFFFFFFFFFFFFFF
# Odd numbers whose product with another spreads its bits over all 64.
SPREAD = 0x9E3779B97F4A7C15
STIR = 0xD6E8FEB86659FD93


class ConnectionTable:
    """Finds the connection of a packet by its addresses and ports.

    Open addressing with linear probing. A slot is 0 if it is free; else its low
    32 bits are the number of the latest connection on its addresses, plus one,
    and those above are their hash. `seed` is mixed into the hash, so that nobody
    can choose addresses which all collide.
    """

    def __init__(self, seed: int = 0) -> None:
        memory.in_huge_pages()
        self.connections: list[Connection] = []
        self.seed: int = seed & 0x3FFFFFFF
        self.slots: array[int] = array("q", bytes(8 * FEWEST_SLOTS))
        self.used: int = 0
        # The connection that was found last at each place, by some bits of its hash.
        # Of many, few speak at a time: nearly every segment finds its own here.
        self.recent: list[Connection | None] = [None] * PLACES
        self.duplicates: Duplicates = Duplicates()
        # What the last search came to: the direction of its packet from side 0
        # to side 1, the hash, and, for a SYN or where nothing was found, the slot
        # where the connection is or belongs.
        self.forward: bool = True
        self.hashed: int = 0
        self.slot: int = 0

    def take(self, packet: Packet, frame: int, time: int) -> None:
        """Give one TCP segment to its connection, a new one if need be."""
        connection = self.find(packet)
        if connection is None:
            connection = self.start(packet)
        side: Side = connection.side0 if self.forward else connection.side1
        peer: Side = connection.side1 if self.forward else connection.side0
        if packet.flags & SYN and self.is_reuse(connection, packet, side):
            connection = self.start_again(connection, packet)
            side = connection.side0
            peer = connection.side1
        if connection.frames == 0:
            self.begin(connection, frame, time)
        connection.count(frame, time)
        if self.duplicates.is_copy(packet, 2 * connection.stream + side.index, time):
            if packet.flags & RST:
                # A kernel's answers to several segments are equal, and no copies.
                connection.reset_copied = True
            else:
                side.duplicates += 1
            return
        if not take_usual(connection, packet, side, peer, frame, time):
            connection.see(packet, side, peer, frame, time)

    def take_icmp(self, packet: Packet, frame: int, time: int) -> None:
        """Give an ICMP error to the connection whose segment it quotes.

        A quote of 16 octets of TCP or more counts for the numbering, as in
        Wireshark; the classic 8 octets only find a connection that is there.
        """
        connection = self.find(packet)
        if connection is None:
            if packet.flags < 0:
                return
            connection = self.start(packet)
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
        if packet.flags >= 0:
            connection.count(frame, time)
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

    def find(self, packet: Packet) -> Connection | None:
        """Return the latest connection of the packet, None if there is none."""
        low = packet.source_low
        high = packet.source_high
        port = packet.source_port
        to_low = packet.destination_low
        to_high = packet.destination_high
        to_port = packet.destination_port
        hashed = (
            self.hash_end(high, low, port) + self.hash_end(to_high, to_low, to_port)
        ) & MASK30
        self.hashed = hashed
        place = hashed & (PLACES - 1)
        if not packet.flags & SYN:
            # Only a SYN, which may begin the next connection, needs the slot as well.
            recent: Connection | None = self.recent[place]
            if recent is not None and self.is_of(recent, packet):
                return recent
        mask = len(self.slots) - 1
        slot = hashed & mask
        while True:
            entry = self.slots[slot]
            if entry == 0:
                break
            if entry >> 32 == hashed:
                one: Connection = self.connections[(entry & MASK32) - 1]
                if self.is_of(one, packet):
                    self.slot = slot
                    self.recent[place] = one
                    return one
            slot = (slot + 1) & mask
        self.forward = True
        self.slot = slot
        return None

    def is_of(self, one: Connection, packet: Packet) -> bool:
        """Return whether a packet is of a connection's addresses; set `forward`."""
        low = packet.source_low
        high = packet.source_high
        port = packet.source_port
        to_low = packet.destination_low
        to_high = packet.destination_high
        to_port = packet.destination_port
        if (
            one.low0 == low
            and one.port0 == port
            and one.low1 == to_low
            and one.port1 == to_port
            and one.high0 == high
            and one.high1 == to_high
            and one.version == packet.version
        ):
            self.forward = True
            return True
        if (
            one.low1 == low
            and one.port1 == port
            and one.low0 == to_low
            and one.port0 == to_port
            and one.high1 == high
            and one.high0 == to_high
            and one.version == packet.version
        ):
            self.forward = False
            return True
        return False

    def start(self, packet: Packet) -> Connection:
        """Return the first connection of the packet that was just not found."""
        connection = self.new(packet)
        self.slots[self.slot] = self.hashed << 32 | len(self.connections)
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
        """Return a new connection that takes the place of the one just found."""
        following = self.new(packet)
        following.previous = connection
        self.slots[self.slot] = self.hashed << 32 | len(self.connections)
        self.recent[self.hashed & (PLACES - 1)] = following
        return following

    def hash_end(self, high: int, low: int, port: int) -> int:
        """Return the hash of an address and a port, 0 .. 2**64 - 1.

        The seed goes in before anything is lost, so that without it nobody finds
        two ends with the same hash.
        """
        mixed = ((low ^ self.seed) * SPREAD) & MASK64
        if high:
            mixed = ((mixed ^ (mixed >> 32) ^ high) * SPREAD) & MASK64
        mixed = ((mixed ^ (mixed >> 32) ^ port) * STIR) & MASK64
        return mixed >> 32

    def grow(self) -> None:
        """Double the slots; every latest connection finds its new place."""
        old = self.slots
        self.slots = array("q", bytes(16 * len(old)))
        slots = self.slots
        mask = len(slots) - 1
        for position in range(len(old)):
            entry = old[position]
            if entry == 0:
                continue
            slot = (entry >> 32) & mask
            while slots[slot] != 0:
                slot = (slot + 1) & mask
            slots[slot] = entry
