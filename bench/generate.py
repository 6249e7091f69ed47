"""Synthetic captures for benchmarks: the same arguments give the same octets.

    python bench/generate.py PROFILE [--seed N] [--out FILE]

PROFILE is t200 (about 200 packets), s20k (80 thousand) or a100 (about a million
packets, 94 MB, 46 thousand connections). Connections overlap in time. 15 % are
IPv6, 3 % have a VLAN tag, most have timestamps and window scaling; 5 % of the
packets are UDP and 1 % of the data are sent again. They end by FIN in three or
four segments, from either side, by RST from either side, by the RST that data
after a close gets, at a port where nobody listens, or not at all.

Frames are cut after 96 octets, as with `tcpdump -s 96`. Checksums are 0: no tool
that is compared here looks at them.
"""

import argparse
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from typing import Final, NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
CACHE: Final = Path(os.environ.get("LASTACK_BENCH_DIR", PROJECT / ".bench"))

SNAP: Final = 96
MSS: Final = 1448
START: Final = 1_700_000_000_000_000
"""When the first connection begins, in microseconds since 1970."""

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
CLIENT, SERVER = 0, 1

_FILE = Struct("<IHHiIII")
_RECORD = Struct("<IIII")
_IP4 = Struct(">BBHHHBBHII")
_IP6 = Struct(">IHBBQQQQ")
_TCP = Struct(">HHIIBBHHH")
_UDP = Struct(">HHHH")
_TIMESTAMPS = Struct(">BBBBII")
_SYN_OPTIONS = Struct(">BBHBBBBIIBBBB")
_PLAIN_SYN_OPTIONS = Struct(">BBH")


class Profile(NamedTuple):
    """How much to make: packets in all, and over how many seconds they begin."""

    packets: int
    seconds: float


PROFILES: Final = {
    "t200": Profile(200, 2.0),
    "s20k": Profile(79_700, 60.0),
    "a100": Profile(971_000, 600.0),
}

ENDINGS: Final = (
    # ending, weight
    ("fin-4", 30),
    ("fin-3", 30),
    ("rst", 12),
    ("killed", 10),
    ("none", 8),
    ("refused", 10),
)


class Record(NamedTuple):
    """A frame and its time in microseconds; `order` keeps equal times apart."""

    time: int
    order: int
    frame: bytes
    original: int


class Conversation:
    """One connection: makes its frames one after another, both sides."""

    def __init__(self, chance: random.Random, number: int, start: int) -> None:
        self.records: list[Record] = []
        self.time = start
        self._chance = chance
        self._number = number
        self._round_trip = chance.randrange(200, 80_000)
        self._six = chance.random() < 0.15
        self._stamps = chance.random() < 0.9
        self._clock = chance.getrandbits(30)
        self._ids = [chance.getrandbits(16), chance.getrandbits(16)]
        self._ports = (1024 + number * 7 % 64_000, 9000 + number % 37)
        self._next = [chance.getrandbits(32), chance.getrandbits(32)]
        self._acked = [0, 0]
        tag = b"\x81\x00\x00\x2a" if chance.random() < 0.03 else b""
        kind = b"\x86\xdd" if self._six else b"\x08\x00"
        macs = (b"\x02\0\0\0\0\x01", b"\x02\0\0\0\0\x02")
        self._link = (
            macs[1] + macs[0] + tag + kind,
            macs[0] + macs[1] + tag + kind,
        )
        # A client is a new address each few thousand connections.
        client = 0x0A000000 + 1 + number * 7 // 64_000 * 251 + number % 251
        self._hosts = (client, 0xC0000200 + number % 53)

    def _wrap(self, side: int, protocol: int, inside: bytes, length: int) -> Record:
        here, there = self._hosts[side], self._hosts[1 - side]
        size = len(inside) + length
        if self._six:
            net = 0x20010DB8 << 32
            network = _IP6.pack(6 << 28, size, protocol, 60, net, here, net, there)
        else:
            self._ids[side] = self._ids[side] + 1 & 0xFFFF
            number = self._ids[side]
            network = _IP4.pack(
                0x45, 0, 20 + size, number, 0x4000, 62 - side, protocol, 0, here, there
            )
        head = self._link[side] + network + inside
        room = min(length, max(0, SNAP - len(head)))
        payload = PAYLOAD[self._number % 997 : self._number % 997 + room]
        order = len(self.records)
        return Record(self.time, order, (head + payload)[:SNAP], len(head) + length)

    def send(self, side: int, flags: int, length: int = 0, after: int = 30) -> None:
        """Send a segment `after` microseconds from the one before."""
        self.time += after
        seq = self._next[side]
        options = b""
        if flags & SYN:
            options = self._syn_options()
        elif self._stamps and not flags & RST:
            clock = self._clock + self.time // 1000 & 0xFFFFFFFF
            options = _TIMESTAMPS.pack(1, 1, 8, 10, clock, clock)
        header = _TCP.pack(
            self._ports[side],
            self._ports[1 - side],
            seq,
            self._acked[side] if flags & ACK else 0,
            (5 + len(options) // 4) << 4,
            flags,
            0 if flags & RST else 502,
            0,
            0,
        )
        self.records.append(self._wrap(side, 6, header + options, length))
        self._next[side] = (
            seq + length + bool(flags & SYN) + bool(flags & FIN) & 0xFFFFFFFF
        )

    def hear(self, side: int) -> None:
        """Let `side` know all that the other sent; its next ack says so."""
        self._acked[side] = self._next[1 - side]

    def cross(self) -> int:
        """Return the microseconds that a segment takes to the other side."""
        return self._round_trip // 2

    def data(self, side: int, length: int) -> None:
        """Send data, one time in a hundred twice."""
        self.send(side, PSH | ACK, length, after=self._chance.randrange(10, 400))
        if self._chance.random() < 0.01:
            self._next[side] = self._next[side] - length & 0xFFFFFFFF
            self.send(side, PSH | ACK, length, after=200_000 + self._round_trip)

    def datagram(self, side: int, length: int) -> None:
        """Send a UDP datagram."""
        self.time += self.cross()
        ports = self._ports
        header = _UDP.pack(ports[side], ports[1 - side], 8 + length, 0)
        self.records.append(self._wrap(side, 17, header, length))

    def _syn_options(self) -> bytes:
        if not self._stamps:
            return _PLAIN_SYN_OPTIONS.pack(2, 4, 1460)
        clock = self._clock + self.time // 1000 & 0xFFFFFFFF
        return _SYN_OPTIONS.pack(2, 4, 1460, 4, 2, 8, 10, clock, 0, 1, 3, 3, 7)


PAYLOAD: Final = random.Random(0).randbytes(2048)


def connection(chance: random.Random, number: int, start: int) -> list[Record]:
    """Return the frames of one connection that begins at `start` microseconds."""
    one = Conversation(chance, number, start)
    names = [name for name, _ in ENDINGS]
    ending = chance.choices(names, [weight for _, weight in ENDINGS])[0]
    one.send(CLIENT, SYN)
    one.hear(SERVER)
    if ending == "refused":
        one.send(SERVER, RST | ACK, after=one.cross())
        return one.records
    one.send(SERVER, SYN | ACK, after=one.cross())
    one.hear(CLIENT)
    one.send(CLIENT, ACK, after=one.cross())
    rounds = 1 + int(chance.expovariate(1 / 1.9))
    if chance.random() < 0.02:
        rounds = min(2000, int(8 * chance.paretovariate(1.1)))
    for _ in range(rounds):
        exchange(one, chance)
    end(one, chance, ending)
    return one.records


def exchange(one: Conversation, chance: random.Random) -> None:
    """Send a request and its response, each acknowledged."""
    one.data(CLIENT, chance.randrange(20, 600))
    one.time += one.cross()
    one.hear(SERVER)
    one.send(SERVER, ACK)
    for _ in range(chance.randrange(1, 4)):
        one.data(SERVER, chance.choice((120, 700, MSS, MSS)))
    one.time += one.cross()
    one.hear(CLIENT)
    one.send(CLIENT, ACK)
    one.time += chance.randrange(100, 200_000)


def end(one: Conversation, chance: random.Random, ending: str) -> None:
    """End the connection in one of the ways of ENDINGS, from either side."""
    first = chance.randrange(2)
    other = 1 - first
    one.hear(first)
    one.hear(other)
    if ending == "rst":
        one.send(first, RST | ACK)
    elif ending.startswith("fin") or ending == "killed":
        one.send(first, FIN | ACK)
        one.time += one.cross()
        one.hear(other)
        if ending == "killed":
            one.send(other, ACK)
            one.send(other, PSH | ACK, 100, after=chance.randrange(1000, 2_000_000))
            one.time += one.cross()
            one.send(first, RST)
            return
        if ending == "fin-4":
            one.send(other, ACK)
            one.time += chance.randrange(20, 5000)
        one.send(other, FIN | ACK)
        one.time += one.cross()
        one.hear(first)
        one.send(first, ACK)


def records(profile: Profile, seed: int) -> list[Record]:
    """Return all frames of a capture in the order of time."""
    chance = random.Random(seed)
    found: list[Record] = []
    number = 0
    # 21 frames a connection, on average.
    apart = profile.seconds * 1e6 / max(1, profile.packets / 21)
    start = START
    while len(found) < profile.packets:
        start += int(chance.expovariate(1 / apart))
        if chance.random() < 0.34:
            flow = Conversation(chance, number, start)
            for _ in range(chance.randrange(1, 3)):
                flow.datagram(CLIENT, chance.randrange(20, 100))
                flow.datagram(SERVER, chance.randrange(40, 500))
            found.extend(flow.records)
        found.extend(connection(chance, number, start))
        number += 1
    found.sort(key=lambda record: (record.time, record.order))
    return found


def octets(found: list[Record]) -> Iterator[bytes]:
    """Yield a classic pcap file piece by piece."""
    yield _FILE.pack(0xA1B2C3D4, 2, 4, 0, 0, SNAP, 1)
    for record in found:
        seconds, rest = divmod(record.time, 1_000_000)
        yield _RECORD.pack(seconds, rest, len(record.frame), record.original)
        yield record.frame


def cached(name: str, seed: int = 1) -> Path:
    """Return the capture of a profile, made if it is not there yet."""
    path = CACHE / f"{name}-{seed}.pcap"
    if not path.exists():
        write(name, seed, path)
    return path


def write(name: str, seed: int, path: Path) -> None:
    """Write the capture of a profile to `path`, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.writelines(octets(records(PROFILES[name], seed)))
    part.replace(path)


def main() -> int:
    """Write one capture; print where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profile", choices=PROFILES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if arguments.out is None:
        print(cached(arguments.profile, arguments.seed))
    else:
        write(arguments.profile, arguments.seed, arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
