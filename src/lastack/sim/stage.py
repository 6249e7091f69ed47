"""Two simulated hosts and the path between them, for one scenario."""

from dataclasses import dataclass, replace
from typing import Final

from lastack.sim.boxes import Firewall, Tracker
from lastack.sim.generator import MILLION, Generator
from lastack.sim.host import Host
from lastack.sim.link import Conditions, Link, Wish
from lastack.sim.personality import Personality
from lastack.sim.settings import with_setting
from lastack.sim.world import World
from lastack.tcp import scenario as plot
from lastack.tcp.events import Call
from lastack.tcp.flags import RST, parse_flags
from lastack.tcp.segment import Address, Segment
from lastack.tcp.sequence import add

CLIENT_ADDRESS: Final = "192.0.2.1"
SERVER_ADDRESS: Final = "192.0.2.129"
NANOSECONDS: Final = 1_000_000_000
_ROUTED_DELAY: Final = 50_000
_MADE_UP_ISN: Final = 1_000_000_000
_FORGED_TEXT: Final = b"FORGED "


@dataclass(frozen=True, slots=True)
class Ends:
    """The two ends of a connection that a scenario has named."""

    client: Address
    server: Address


class Stage:
    """The world of one scenario: its hosts, its link, its named connections."""

    def __init__(
        self,
        wire: plot.Wire,
        client: Personality,
        server: Personality,
        *,
        seed: int,
        silent: bool = False,
    ) -> None:
        source = Generator(seed)
        self.world = World(silent=silent)
        self.client = Host(self.world, "client", CLIENT_ADDRESS, client, source.split())
        self.server = Host(self.world, "server", SERVER_ADDRESS, server, source.split())
        self.generator = source.split()
        self.link = Link(
            self.world,
            self.client,
            self.server,
            source.split(),
            _conditions(wire),
            hops=1 if wire.routed else 0,
        )
        self.client.link = self.server.link = self.link
        self.ends: dict[str, Ends] = {}

    def host(self, name: str) -> Host:
        """Return the host `client` or `server`."""
        return self.client if name == "client" else self.server

    def happen(self, step: plot.Step) -> None:
        """Carry out what happens to a host or on the path.

        Raises NotImplementedError for a step that is not of these.
        """
        match step:
            case plot.Cut(towards=towards):
                self.link.cut.add(towards)
            case plot.Heal():
                self.link.heal()
            case plot.Lose(towards=towards, kind=kind, count=count):
                self.link.wishes.append(Wish(towards, kind, count, "lost"))
            case plot.Duplicate(towards=towards, kind=kind, count=count):
                self.link.wishes.append(Wish(towards, kind, count, "duplicated"))
            case plot.Delay(seconds=seconds):
                delay = round(seconds * NANOSECONDS)
                self.link.conditions = replace(self.link.conditions, delay=delay)
            case plot.Forge():
                self._forge(step)
            case plot.Reject(towards=towards, how=how):
                self.link.boxes.append(Firewall(towards, how))
            case plot.Track(how=how):
                self.link.boxes.append(self._tracker(how))
            case plot.Narrow(mtu=mtu):
                self.link.conditions.mtu = mtu
            case plot.Forget():
                for box in self.link.boxes:
                    if isinstance(box, Tracker):
                        box.forget()
            case plot.HostReject(host=name, how=how):
                self.host(name).firewall = how
            case plot.Sysctl(host=name, name=setting, value=value):
                self._set(self.host(name), setting, value)
            case plot.Unplug(host=name, what=what):
                self.host(name).unplug(routed=what == "address")
            case plot.Vanish(host=name):
                self.host(name).vanish()
            case plot.Reboot(host=name):
                self.host(name).reboot()
            case plot.DestroySocket(host=name, connection=connection):
                self._destroy(self.host(name), connection)
            case _:
                raise NotImplementedError(f"the simulator does not know {step}")

    def _tracker(self, how: str) -> Tracker:
        """A stateful firewall that has seen what is already open."""
        tracker = Tracker(how)
        for local, remote, port in self.client.connections:
            ends = frozenset(((CLIENT_ADDRESS, local), (remote, port)))
            tracker.known[ends] = self.world.now
        return tracker

    def _set(self, host: Host, name: str, value: str) -> None:
        host.personality = with_setting(host.personality, name, value)
        for connection in host.connections.values():
            connection.endpoint.tcb.personality = host.personality
        for sockets in host.listeners.values():
            for socket in sockets:
                if socket.listener is not None:
                    socket.listener.personality = host.personality

    def _destroy(self, host: Host, name: str) -> None:
        """`ss -K`: the program is told ECONNABORTED, the peer gets a RST."""
        ends = self.ends.get(name)
        if ends is None:
            for port, sockets in list(host.listeners.items()):
                for socket in list(sockets):
                    self._tell_destroyed(host, f"{Address(host.address, port)} *")
                    host.close_listener(socket)
            return
        local = ends.client if host is self.client else ends.server
        remote = ends.server if host is self.client else ends.client
        connection = host.connections.get((local.port, remote.host, remote.port))
        if connection is not None:
            self._tell_destroyed(host, f"{local} {remote}")
            connection.endpoint.abort(self.world.now, error="ECONNABORTED")
            host.drive(connection)

    def _tell_destroyed(self, host: Host, ends: str) -> None:
        self.world.tell(Call(self.world.now, host.role, "ss", "ss -K", ends, "0"))

    def _forge(self, step: plot.Forge) -> None:
        """A third party at the tap, which knows what the tap has seen."""
        ends = self.ends.get(step.connection)
        made_up = ends is None
        if ends is None:
            ends = Ends(
                Address(CLIENT_ADDRESS, self.client.choose_port()),
                Address(SERVER_ADDRESS, step.port),
            )
            self.ends[step.connection] = ends
            if not step.answers_pass:
                key = (SERVER_ADDRESS, CLIENT_ADDRESS, ends.server.port)
                self.link.dead_answers.add((*key, ends.client.port))
        to_client = step.towards == "client"
        source, target = (
            (ends.server, ends.client) if to_client else (ends.client, ends.server)
        )
        flags = parse_flags(step.flags)
        probe = Segment(0, source, target, flags, 0)
        answer = Segment(0, target, source, 0, 0)
        sender, receiver = self.link.side(probe), self.link.side(answer)
        seq = sender.next if sender.next is not None else _MADE_UP_ISN
        text = _FORGED_TEXT * (step.payload // len(_FORGED_TEXT) + 1)
        segment = Segment(
            self.world.now,
            source,
            target,
            flags,
            add(seq, step.seq_offset),
            add(receiver.next or 0, step.ack_offset),
            0 if flags & RST else sender.window,
            text[: step.payload],
            ttl=step.ttl,
            ip_id=1 + self.generator.below(65535),
            dont_fragment=False,
        )
        if made_up or sender.next is None:
            sender.next = add(segment.seq, segment.length)
        self.link.forge(self.client if to_client else self.server, segment)


def _conditions(wire: plot.Wire) -> Conditions:
    if wire.routed:
        return Conditions(delay=_ROUTED_DELAY)
    return Conditions(
        delay=round(wire.delay * NANOSECONDS),
        jitter=round(wire.jitter * NANOSECONDS),
        loss=round(wire.loss * MILLION),
        duplication=round(wire.duplication * MILLION),
        rate=wire.rate,
    )
