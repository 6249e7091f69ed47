"""Notes the sockets of both hosts whenever they change, as ss shows them."""

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lastack.lab.capture import Vantage
from lastack.lab.sockets import Socket
from lastack.lab.topology import HOSTS, Topology
from lastack.tcp.events import SocketState

if TYPE_CHECKING:
    from lastack.tcp.scenario import HostName
    from lastack.tcp.segment import Address

_LOOK_EVERY_S: Final = 0.1
_NEVER_ORPHANS: Final = {"LISTEN", "SYN-RECV", "ESTAB", "CLOSE-WAIT", "TIME-WAIT"}
# A segment that reached AF_PACKET has been processed a moment later.
_LOOK_AGAIN_S: Final = 0.002

_Ends = tuple[str, "Address", "Address"]


class SocketWatch:
    """Notes the sockets of both hosts, TCP's and UDP's, whenever they have changed."""

    def __init__(self, topology: Topology, vantages: Sequence[Vantage]) -> None:
        self.events: list[SocketState] = []
        self._topology = topology
        self._vantages = vantages
        self._known: dict[HostName, dict[_Ends, Socket]] = {host: {} for host in HOSTS}
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        for vantage in vantages:
            self._loop.add_reader(vantage.socket, self._segment, vantage)
        self.look()

    def _segment(self, vantage: Vantage) -> None:
        vantage.drain()
        self.look(again=_LOOK_AGAIN_S)

    def look(self, again: float = _LOOK_EVERY_S) -> None:
        """Compare the sockets with what is known of them."""
        for name in HOSTS:
            now = time.time_ns()
            sockets = self._topology.host(name).sockets
            found: dict[_Ends, Socket] = {
                (protocol, it.local, it.peer): it
                for protocol, them in (("tcp", sockets.all()), ("udp", sockets.udp()))
                for it in them
            }
            known = self._known[name]
            for ends, it in found.items():
                if ends not in known or known[ends].timeless != it.timeless:
                    self.events.append(_state(now, name, it, ends[0]))
            for ends in known.keys() - found.keys():
                protocol, local, peer = ends
                self.events.append(
                    SocketState(
                        now, name, str(local), str(peer), "gone", protocol=protocol
                    )
                )
            self._known[name] = found
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(again, self.look)

    def close(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
        for vantage in self._vantages:
            self._loop.remove_reader(vantage.socket)


def _state(now: int, host: str, it: Socket, protocol: str) -> SocketState:
    timer = f"{it.timer},{it.expires_ms}ms,{it.retransmits}" if it.timer else ""
    return SocketState(
        now,
        host,
        str(it.local),
        str(it.peer) if it.peer.port else "*",
        it.state,
        it.receive_queue,
        it.send_queue,
        timer,
        # What waits for accept() belongs to nobody either, and is no orphan.
        it.orphan and it.state not in _NEVER_ORPHANS,
        protocol,
    )
