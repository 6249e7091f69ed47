"""The wire: forwards frames in user space, late, or twice, or never.

Its tap is in the middle: a frame comes to the tap after half the delay, is
captured, meets its fate there, and arrives after the other half. What is cut or
lost was seen by the tap and is not seen behind it.
"""

import asyncio
import heapq
import random
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import starmap
from typing import Final

from lastack.lab.capture import Frames, packet_socket, receive_frame
from lastack.lab.datagrams import datagram_of
from lastack.lab.frames import segment_of
from lastack.lab.path import Path
from lastack.lab.topology import TO_CLIENT, TO_SERVER, Topology
from lastack.tcp import flags as bits
from lastack.tcp import sequence
from lastack.tcp.flags import parse_flags
from lastack.tcp.scenario import Direction, Forge, HostName, Kind, Wire, is_kind
from lastack.tcp.segment import Address, Segment
from lastack.wire.encode import encode_ip

_FORGED_TEXT: Final = b"FORGED "
_MADE_UP_ISN: Final = 1_000_000_000
_FORGER_MAC: Final = bytes.fromhex("020000000011")
_ETHERNET: Final = 14
_ANY_SIZE: Final = 65536
_IPV4, _IPV6 = b"\x08\x00", b"\x86\xdd"


@dataclass(slots=True)
class _Rule:
    """The next `count` segments of `kind` of these client ports are lost or doubled."""

    towards: HostName
    kind: Kind
    count: int
    ports: frozenset[int] | None
    duplicate: bool


class Forwarder:
    """Carries frames between the two ends of the wire."""

    def __init__(self, topology: Topology, wire: Wire, seed: int) -> None:
        self.topology = topology
        self.wire = wire
        self.frames: Frames = []
        self.fates: dict[int, str] = {}
        self.unlucky: list[int] = []
        """The frames at the tap that were lost by chance."""
        self.lateness = 0.0
        """By how many seconds a frame, or a step, was late, on a busy machine."""
        self._random = random.Random(seed)
        self._loop = asyncio.get_running_loop()
        self._ends: dict[HostName, socket.socket] = {
            "client": packet_socket(
                topology.wire.namespace, TO_CLIENT, incoming_only=True
            ),
            "server": packet_socket(
                topology.wire.namespace, TO_SERVER, incoming_only=True
            ),
        }
        self._cut: set[Direction] = set()
        self._mtu = _ANY_SIZE
        self._rules: list[_Rule] = []
        self._paths: dict[tuple[Address, Address], Path] = {}
        # (when, order, is it at the tap?, where it goes, frame)
        self._late: list[tuple[float, int, bool, HostName, bytes]] = []
        # What waits until the way to a host is free for it, at the wire's rate.
        self._leaving: dict[HostName, deque[bytes]] = {
            "client": deque(),
            "server": deque(),
        }
        self._free: dict[HostName, float] = {"client": 0.0, "server": 0.0}
        self._order = 0
        self._last = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self._running = False
        for came_from, end in self._ends.items():
            towards: HostName = "server" if came_from == "client" else "client"
            self._loop.add_reader(end, self._arrived, end, towards)

    # What the director asks for ----------------------------------------------

    def cut(self, towards: Direction) -> None:
        """Let nothing through towards a host."""
        self._cut.add(towards)

    def heal(self) -> None:
        """Let everything through again."""
        self._cut.clear()
        self._mtu = _ANY_SIZE
        self._rules.clear()

    def narrow(self, mtu: int) -> None:
        """Lose every packet of more than `mtu` octets."""
        self._mtu = mtu

    def change_delay(self, seconds: float) -> None:
        """Change the one-way delay of what enters from now on."""
        self.wire = replace(self.wire, delay=seconds)

    def lose(
        self,
        towards: HostName,
        kind: Kind,
        count: int,
        ports: frozenset[int] | None,
        *,
        duplicate: bool = False,
    ) -> None:
        """Lose or duplicate the next segments of a kind, of these client ports."""
        self._rules.append(_Rule(towards, kind, count, ports, duplicate))

    def path(self, client: Address, server: Address) -> Path:
        """Return what is known of a connection."""
        return self._paths.setdefault((client, server), Path(client, server))

    def paths(self) -> list[Path]:
        """Return every connection that was seen, in order of first segments."""
        return list(self._paths.values())

    def forge(self, path: Path, forged: Forge) -> None:
        """Send a segment towards a host as if the other had sent it."""
        pretended: HostName = "server" if forged.towards == "client" else "client"
        flags = parse_flags(forged.flags)
        sender, receiver = path.sides[pretended], path.sides[forged.towards]
        seq = _MADE_UP_ISN if sender.arrived is None else sender.arrived
        source, destination = (
            (path.client, path.server)
            if pretended == "client"
            else (path.server, path.client)
        )
        text = _FORGED_TEXT * (forged.payload // len(_FORGED_TEXT) + 1)
        segment = Segment(
            0,
            source,
            destination,
            flags,
            sequence.add(seq, forged.seq_offset),
            sequence.add(receiver.sent or 0, forged.ack_offset)
            if flags & bits.ACK
            else 0,
            0 if flags & bits.RST else sender.window,
            text[: forged.payload],
            ttl=forged.ttl,
            ip_id=self._random.randrange(1, 65536),
            dont_fragment=False,
        )
        topology = self.topology
        mac = topology.client_mac
        if forged.towards == "server":
            routed = topology.router is not None
            mac = topology.router_mac if routed else topology.server_mac
        packet = encode_ip(segment)
        kind = _IPV6 if packet[0] >> 4 == 6 else _IPV4
        frame = bytes.fromhex(mac.replace(":", "")) + _FORGER_MAC + kind + packet
        if not path.answers_pass:
            sender.saw(segment, lost=False)
        self._tap(time.time_ns(), frame, "forged")
        self._later(self.wire.delay / 2, False, forged.towards, frame)

    def quiet_for(self) -> float:
        """Return for how many seconds nothing has been on the wire; 0 if it has."""
        for came_from, end in self._ends.items():
            self._arrived(end, "server" if came_from == "client" else "client")
        busy = self._late or any(self._leaving.values())
        return 0.0 if busy else self._loop.time() - self._last

    def has_repaired(self, ends: Iterable[tuple[Address, Address]]) -> bool:
        """Whether what chance lost between these ends was sent again, and taken."""
        return bool(self._cut) or all(
            path.is_settled() or not path.unlucky for path in starmap(self.path, ends)
        )

    # What happens to frames ---------------------------------------------------

    def _arrived(self, end: socket.socket, towards: HostName) -> None:
        while got := receive_frame(end):
            came, frame = got
            self.lateness = max(self.lateness, (time.time_ns() - came) / 1e9)
            jitter = self._random.uniform(0, self.wire.jitter)
            self._later(self.wire.delay / 2 + jitter, True, towards, frame)

    def _later(
        self, delay: float, at_tap: bool, towards: HostName, frame: bytes
    ) -> None:
        self._order += 1
        due = self._loop.time() + delay
        heapq.heappush(self._late, (due, self._order, at_tap, towards, frame))
        if not self._running:
            self._run()

    def _run(self) -> None:
        # What is passed on comes back to `_later`: not to be run within itself,
        # or a backlog of a busy machine goes deeper than Python allows.
        self._running = True
        try:
            self._pass_what_is_due()
        finally:
            self._running = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._late:
            self._timer = self._loop.call_at(self._late[0][0], self._run)

    def _pass_what_is_due(self) -> None:
        now = self._last = self._loop.time()
        while self._late and self._late[0][0] <= now:
            due, _, at_tap, towards, frame = heapq.heappop(self._late)
            self.lateness = max(self.lateness, now - due)
            if at_tap:
                self._pass(towards, frame)
            else:
                self._leaving[towards].append(frame)
                self._leave(towards)

    def _leave(self, towards: HostName) -> None:
        """Send what may leave now, one frame after the other at the wire's rate."""
        leaving = self._leaving[towards]
        while leaving and self._free[towards] <= self._loop.time():
            frame = leaving.popleft()
            # A full queue, or an interface that has just gone, drops the frame, as
            # any wire would; the frames behind it still want their turn.
            with suppress(OSError):
                self._ends[towards].send(frame)
            self._last = self._loop.time()
            if self.wire.rate:
                self._free[towards] = self._last + len(frame) / self.wire.rate
                self._loop.call_at(self._free[towards], self._leave, towards)

    def _pass(self, towards: HostName, frame: bytes) -> None:
        now = time.time_ns()
        segment = segment_of(now, frame)
        if segment is None:
            if datagram_of(frame) is not None:
                self._tap(now, frame, "")
            if not self._is_cut(towards):
                self._later(self.wire.delay / 2, False, towards, frame)
            return
        fate = self._fate(towards, segment, len(frame) - _ETHERNET)
        self._tap(now, frame, fate)
        if fate == "lost":
            return
        self._later(self.wire.delay / 2, False, towards, frame)
        if fate == "duplicated":
            self._later(self.wire.delay / 2, False, towards, frame)

    def _fate(self, towards: HostName, segment: Segment, size: int) -> str:
        client, server = (
            (segment.source, segment.destination)
            if towards == "server"
            else (segment.destination, segment.source)
        )
        path = self.path(client, server)
        fate = "lost" if size > self._mtu else self._judged(towards, segment, path)
        path.saw(segment, towards, lost=fate == "lost")
        return fate

    def _judged(self, towards: HostName, segment: Segment, path: Path) -> str:
        if self._is_cut(towards) or (towards == "client" and not path.answers_pass):
            return "lost"
        for rule in self._rules:
            if (
                rule.count
                and rule.towards == towards
                and (rule.ports is None or path.client.port in rule.ports)
                and is_kind(segment, rule.kind)
            ):
                rule.count -= 1
                return "duplicated" if rule.duplicate else "lost"
        chance = self._random.random()
        if chance < self.wire.loss:
            self.unlucky.append(len(self.frames))
            path.unlucky = True
            return "lost"
        return "duplicated" if chance > 1 - self.wire.duplication else ""

    def _is_cut(self, towards: HostName) -> bool:
        return towards in self._cut or "both" in self._cut

    def _tap(self, now: int, frame: bytes, fate: str) -> None:
        if fate:
            self.fates[len(self.frames)] = fate
        self.frames.append((now, frame))

    def stop(self) -> None:
        """Carry nothing any more."""
        for leaving in self._leaving.values():
            leaving.clear()
        if self._timer is not None:
            self._timer.cancel()
        for end in self._ends.values():
            self._loop.remove_reader(end)

    def closers(self) -> list[Callable[[], None]]:
        """Return what closes the ends, to be called where it may take its time."""
        return [end.close for end in self._ends.values()]
