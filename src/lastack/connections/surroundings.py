"""What the rest of a capture tells about one connection.

The TTL of a host's other packets, the clients that a busy server did serve, the
resets that left in the same instant: none of it is in the connection itself.
"""

from bisect import bisect_left, bisect_right

from lastack.connections.connection import Connection
from lastack.connections.reset import Reset
from lastack.connections.side import Side

TOGETHER = 2_000_000
"""Resets closer than this, in nanoseconds, are one event on their host."""
ACK = 16


class Service:
    """A server's address and port: when it reset, and whom it served."""

    def __init__(self) -> None:
        self.ttl: int = -1
        self.reset_times: list[int] = []
        self.in_order: bool = False
        self.serves: bool = False
        self.first_served: int = 0
        self.last_served: int = 0


class Surroundings:
    """All connections of a capture, asked by address."""

    def __init__(self, connections: list[Connection], capture_end: int) -> None:
        self.capture_end: int = capture_end
        self.host_ttl: dict[tuple[int, int, int], int] = {}
        self.services: dict[tuple[int, int, int, int], Service] = {}
        for connection in connections:
            self.add(connection)

    def add(self, connection: Connection) -> None:
        """Take down what one connection tells of its server."""
        one: Connection = connection
        server: Side = one.side1 if one.client == 0 else one.side0
        service: Service = self.service(one)
        if server.ttl >= 0:
            service.ttl = server.ttl
            if one.client == 0:
                self.host_ttl[(one.version, one.high1, one.low1)] = server.ttl
            else:
                self.host_ttl[(one.version, one.high0, one.low0)] = server.ttl
        if one.established and one.syn_ack_repeated_after_ack == 0:
            if not service.serves:
                service.serves = True
                service.first_served = one.established_time
            service.last_served = one.established_time
        if one.resets:
            reset: Reset = one.resets[0]
            if reset.segment.side == server.index and reset.segment.flags & ACK:
                service.reset_times.append(reset.segment.time)

    def service(self, connection: Connection) -> Service:
        """Return the record of the connection's server."""
        if connection.client == 0:
            key = (
                connection.version,
                connection.high1,
                connection.low1,
                connection.port1,
            )
        else:
            key = (
                connection.version,
                connection.high0,
                connection.low0,
                connection.port0,
            )
        service = self.services.get(key)
        if service is None:
            service = Service()
            self.services[key] = service
        return service

    def server_ttl(self, connection: Connection) -> int:
        """Return a TTL of the server's host from any connection, -1 if none."""
        if connection.client == 0:
            key = (connection.version, connection.high1, connection.low1)
        else:
            key = (connection.version, connection.high0, connection.low0)
        return self.host_ttl.get(key, -1)

    def reset_together(self, connection: Connection, time: int) -> bool:
        """Return whether the server reset another connection in that instant."""
        service = self.service(connection)
        if not service.in_order:
            service.reset_times.sort()
            service.in_order = True
        times = service.reset_times
        near = bisect_right(times, time + TOGETHER) - bisect_left(
            times, time - TOGETHER
        )
        return near > 1

    def served_others(self, connection: Connection) -> bool:
        """Return whether the server completed a handshake in the meantime.

        In the meantime: from 30 s before the connection's first segment to 30 s
        after its last.
        """
        service = self.service(connection)
        margin = 30_000_000_000
        return (
            service.serves
            and service.first_served < connection.last_time + margin
            and service.last_served > connection.first_time - margin
        )
