"""What the rest of a capture tells about one connection.

The TTL of a host's other packets, the clients that a busy server did serve, the
resets that left in the same instant: none of it is in the connection itself.
"""

from lastack.connections import ahead
from lastack.connections.connection import Connection
from lastack.connections.elsewhere import Elsewhere
from lastack.connections.gaps import loss
from lastack.connections.reset import A_SYN, Reset
from lastack.connections.side import Side

TOGETHER = 2_000_000
"""Resets closer than this, in nanoseconds, are one event on their host."""
SERVED_NEAR = 30_000_000_000
"""A server that served another client within this time was there to serve."""
CLOSED_NEAR = 1_000_000_000
"""A listener that resets its queue refuses what arrives a round trip later."""
SYN_PATIENCE = 1_000_000_000
"""A SYN-ACK that comes later answers a SYN that the capture should have."""
MOMENT = 20_000_000
"""No service goes down so shortly after it took a client, but by chance."""
ACK = 16
PLACES = 1 << 14
MASK64 = 0xFFFFFFFFFFFFFFFF
# An odd number whose product with another spreads its bits over all 64.
SPREAD = 0x9E3779B97F4A7C15


class Host:
    """An address that serves: the last two TTLs of its packets, -1 for none."""

    def __init__(self) -> None:
        self.ttl: int = -1
        self.other_ttl: int = -1
        # Of how many connections its segments are in the capture twice, as on a
        # router, and of how many they are not.
        self.doubled: int = 0
        self.plain: int = 0

    def take(self, ttl: int) -> None:
        """Take down the TTL of a packet that a live socket of it sent."""
        if ttl != self.ttl and ttl >= 0:
            self.other_ttl = self.ttl
            self.ttl = ttl


class Service:
    """A server's address and port: when it reset, and whom it served."""

    def __init__(
        self, version: int, high: int, low: int, port: int, host: Host
    ) -> None:
        self.version: int = version
        self.high: int = high
        self.low: int = low
        self.port: int = port
        self.host: Host = host
        self.reset_times: list[int] = []
        self.in_order: bool = False
        self.serves: bool = False
        self.first_served: int = 0
        self.last_served: int = 0
        # Of the connections that it did not reset: the last one that it took, and
        # the first to which its program has not said a word.
        self.last_kept: int = 0
        self.first_waiting: int = 0
        # The first and the last that it took and has not ended.
        self.first_open: int = 0
        self.last_open: int = 0
        self.last_refused: int = 0


class Surroundings:
    """All connections of a capture, asked by address."""

    def __init__(
        self, connections: list[Connection], capture_end: int, shows_errors: bool
    ) -> None:
        self.capture_end: int = capture_end
        self.shows_errors: bool = shows_errors
        self.capture_start: int = 0
        self.hosts: dict[tuple[int, int, int], Host] = {}
        self.services: dict[tuple[int, int, int, int], Service] = {}
        # The service that was asked for last, by a few bits of its address: to
        # find it so takes a tenth of the time that `services` takes.
        self.places: list[Service | None] = [None] * PLACES
        # Frames of all connections, those that must be missing between them, and
        # whether any is there that a filter for SYN, FIN and RST would leave out.
        self.frames: int = 0
        self.missing: int = 0
        self.unfiltered: bool = False
        # Whether such a frame must have been there: something was acknowledged before
        # a FIN, and before a reset whose numbers are beyond the handshake's.
        self.went_on: bool = False
        # Whether any connection shows an answer, and any that must have had one.
        self.answers: bool = False
        self.plain: int = 0
        self.one_way: bool = False
        self.syns: int = 0
        self.syns_missing: int = 0
        # Connections with both directions; and those whose server is heard only as
        # it resets, though its SYN-ACK was acknowledged.
        self.two_way: int = 0
        self.syn_acks_missing: int = 0
        # Connections whose hosts have three TTLs, or two each: of a path that
        # changes two are seen, so somebody has written them anew.
        self.scrubbed: int = 0
        self.elsewhere: Elsewhere = Elsewhere()
        self.add_all(connections)
        self.elsewhere.find(connections)
        if self.syns > 0:
            self.missing += self.syns_missing
        if self.two_way > self.syn_acks_missing:
            self.missing += self.syn_acks_missing
        # A filter for SYN, FIN and RST leaves out nearly all; loss does not.
        self.loss: int = 0
        if self.unfiltered and self.plain > self.missing:
            self.loss = loss(self.frames, self.missing)

    @property
    def filtered(self) -> bool:
        """Whether a filter for SYN, FIN and RST has left all other frames out."""
        return self.went_on and not self.unfiltered

    def add_all(self, connections: list[Connection]) -> None:
        """Take down what all connections tell of their servers."""
        if connections:
            earliest: Connection = connections[0]
            self.capture_start = earliest.first_time
        for stream, connection in enumerate(connections):
            ahead.of_connection(connections, stream + 16)
            ahead.of_sides(connections, stream + 12)
            ahead.of_resets(connections, stream + 8)
            ahead.of_reset(connections, stream + 4)
            self.add(connection)

    def add(self, connection: Connection) -> None:
        """Take down what one connection tells of its server."""
        one: Connection = connection
        server: Side = one.side1 if one.client == 0 else one.side0
        self.frames += one.frames
        self.plain += plain_frames(one.side0) + plain_frames(one.side1)
        self.unfiltered = self.plain > 0
        if (one.side0.packets > 0 and one.side1.packets > 0) or server.resets > 0:
            self.answers = True
        elif one.established:
            self.one_way = True
        self.missing += missing_of(one)
        client: Side = one.side0 if one.client == 0 else one.side1
        if client.packets > 0 and server.packets > 0:
            self.two_way += 1
        elif server.packets == 0 and server.resets > 0 and one.established:
            self.syn_acks_missing += 1
        if client.fins + server.fins > 0:
            self.went_on = True
        if client.syns > 0:
            self.syns += 1
        elif server.syn_acks > 0 and client.packets > 0:
            if one.first_time > self.capture_start + SYN_PATIENCE:
                self.syns_missing += 1
        service: Service = self.service(one)
        if server.ttl != server.ttl_first or client.ttl != client.ttl_first:
            if ttls_beside(server) + ttls_beside(client) > 1:
                self.scrubbed += 1
        if server.ttl >= 0:
            host: Host = service.host
            host.take(server.ttl_first)
            host.take(server.ttl)
            if server.packets > 1:
                if server.duplicates == server.packets:
                    host.doubled += 1
                else:
                    host.plain += 1
        if one.established and one.syn_ack_repeated_after_ack == 0:
            if not service.serves:
                service.serves = True
                service.first_served = one.established_time
            service.last_served = one.established_time
            if server.resets == 0 and server.fins == 0:
                if service.first_open == 0:
                    service.first_open = one.established_time
                service.last_open = one.established_time
            if server.resets == 0:
                service.last_kept = one.established_time
                if server.octets == 0 and server.fins == 0:
                    if service.first_waiting == 0:
                        service.first_waiting = one.established_time
        if one.reset_count > 0:
            reset: Reset = one.resets[0]
            if one.side0.packets == 0 or one.side1.packets == 0:
                self.elsewhere.add(one, reset)
            if client.syn_acks + server.syn_acks > 0 and reset.segment.flags & ACK:
                if reset.segment.seq > 1 or reset.segment.ack > 1:
                    self.went_on = True
            if reset.segment.side == server.index and reset.segment.flags & ACK:
                if reset.answers == A_SYN:
                    service.last_refused = reset.segment.time
                else:
                    service.reset_times.append(reset.segment.time)

    def goes_on_elsewhere(self, connection: Connection) -> bool:
        """Return whether what was refused belongs to a connection from elsewhere."""
        return connection.stream in self.elsewhere.streams

    def service(self, connection: Connection) -> Service:
        """Return the record of the connection's server."""
        high, low, port = connection.high0, connection.low0, connection.port0
        if connection.client == 0:
            high, low, port = connection.high1, connection.low1, connection.port1
        mixed = port
        mixed = (((mixed << 48) ^ low ^ high) * SPREAD) & MASK64
        place = mixed >> 50
        service: Service | None = self.places[place]
        if (
            service is None
            or service.low != low
            or service.port != port
            or service.high != high
            or service.version != connection.version
        ):
            service = self.look_up(connection.version, high, low, port)
            self.places[place] = service
        return service

    def look_up(self, version: int, high: int, low: int, port: int) -> Service:
        """Return the record of an address and port, made if there is none."""
        service = self.services.get((version, high, low, port))
        if service is None:
            host = self.hosts.setdefault((version, high, low), Host())
            service = Service(version, high, low, port, host)
            self.services[version, high, low, port] = service
        return service

    def server_ttl(self, connection: Connection) -> int:
        """Return a TTL of the server's host from any connection, -1 if none."""
        host: Host = self.service(connection).host
        return host.ttl

    def ttl_tells(self, connection: Connection) -> bool:
        """Return whether a TTL tells anything: not where each packet has its own."""
        one: Connection = connection
        if 2 * self.scrubbed > self.two_way:
            return False
        return ttls_beside(one.side0) + ttls_beside(one.side1) < 2

    def has_ttl(self, connection: Connection, ttl: int) -> bool:
        """Return whether the server's host has sent segments with that TTL.

        Its routes may differ in length: then it has two.
        """
        host: Host = self.service(connection).host
        return ttl in {host.ttl, host.other_ttl}

    def served_just_before(self, connection: Connection, time: int) -> bool:
        """Return whether the server took another just before `time`.

        It has not ended that one: so the program was there. Just before is within
        a second if it serves later as well, else within a moment.
        """
        service: Service = self.service(connection)
        if service.first_open == 0:
            return False
        near = CLOSED_NEAR if service.last_served > time else MOMENT
        if 0 <= time - service.last_open < near:
            return True
        return 0 <= time - service.first_open < near

    def is_doubled(self, connection: Connection) -> bool:
        """Return whether what passes to and from the server is here twice."""
        host: Host = self.service(connection).host
        return host.doubled > host.plain

    def serves(self, connection: Connection) -> bool:
        """Return whether the server has completed a handshake on that port."""
        service: Service = self.service(connection)
        return service.serves

    def reset_together(self, connection: Connection, time: int) -> bool:
        """Return whether the server reset another connection in that instant.

        Not where it does so all the time: an instant of a busy server is none.
        """
        service: Service = self.service(connection)
        together = self.resets_within(service, time, TOGETHER)
        return together > 1 and (
            self.resets_within(service, time, CLOSED_NEAR) <= 2 * together
        )

    def resets_within(self, service: Service, time: int, around: int) -> int:
        """Return how often a server reset connections `around` a time."""
        if not service.in_order:
            service.reset_times.sort()
            service.in_order = True
        first = before(service.reset_times, time - around)
        return before(service.reset_times, time + around + 1) - first

    def served_after(self, connection: Connection, time: int) -> bool:
        """Return whether the server completed a handshake after `time`."""
        service: Service = self.service(connection)
        return service.last_served > time

    def listener_goes_on(self, connection: Connection, time: int) -> bool:
        """Return whether the server's listener was still there after `time`.

        It took another connection later; or one waits in its queue, which a
        listener that closes would have reset (`inet_csk_listen_stop`).
        """
        service: Service = self.service(connection)
        return service.last_kept > time or 0 < service.first_waiting < time

    def listener_gone(self, connection: Connection, time: int) -> bool:
        """Return whether the server's listener closed shortly before `time`.

        It reset others in that moment, or refused a SYN since.
        """
        service: Service = self.service(connection)
        if service.last_refused > time:
            return True
        return self.resets_within(service, time, CLOSED_NEAR) > 0

    def served_others(self, connection: Connection) -> bool:
        """Return whether the server completed a handshake in the meantime.

        In the meantime: from 30 s before the connection's first segment to its
        last; who is served later may have found a mended path.
        """
        service: Service = self.service(connection)
        return (
            service.serves
            and service.first_served < connection.last_time
            and service.last_served > connection.first_time - SERVED_NEAR
        )


def before(times: list[int], time: int) -> int:
    """Return how many of the ascending `times` come before `time`."""
    low = 0
    high = len(times)
    while low < high:
        middle = (low + high) >> 1
        one: int = times[middle]
        if one < time:
            low = middle + 1
        else:
            high = middle
    return low


def ttls_beside(side: Side) -> int:
    """Return how many TTLs its kept segments have beside the first: 0, 1 or 2.

    Two as well, if it sent two segments only, and each has its own.
    """
    found = 0
    second = -1
    for number in range(5):
        one = side.latest
        if number == 1:
            one = side.latest_data
        elif number == 2:
            one = side.earlier_data
        elif number == 3:
            one = side.first_syn
        elif number == 4:
            one = side.first_fin
        if one.frame == 0 or one.ttl == side.ttl_first or one.ttl == second:
            continue
        found += 1
        second = one.ttl
    return 2 if found > 1 or (found == 1 and side.packets == 2) else found


def plain_frames(side: Side) -> int:
    """Return how many segments of the side have neither SYN nor FIN, about."""
    return max(0, side.packets - side.syns - side.syn_acks - side.fins)


def missing_of(connection: Connection) -> int:
    """Return how many frames of a connection are missing at least, 0 or more.

    What was acknowledged is in no frame; or one half of the handshake is there,
    and the other is not.
    """
    one: Side = connection.side0
    two: Side = connection.side1
    if one.packets == 0 or two.packets == 0:
        # Of a path that the capture does not see, nothing was lost to it.
        return 0
    found = 0
    if one.gaps is not None:
        found += one.gaps.missing(one.acked)
    if two.gaps is not None:
        found += two.gaps.missing(two.acked)
    for candidate in connection.resets:
        reset: Reset = candidate
        side: Side = one if reset.segment.side == 0 else two
        if reset.sender_fin_unseen and side.fins == 0:
            found += 1
            break
    if one.syns + two.syns > 0 and connection.established and not connection.answered:
        found += 1
    return found
