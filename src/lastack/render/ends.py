"""The two ends of a connection in words: address and port."""

from lastack.connections.connection import Connection
from lastack.wire.address import address_text


def ends_text(connection: Connection) -> str:
    """Return `client > server`, each `address:port`, `[address]:port` in IPv6."""
    client = connection.client
    return f"{_end(connection, client)} > {_end(connection, 1 - client)}"


def _end(connection: Connection, side: int) -> str:
    if side == 0:
        high, low, port = connection.high0, connection.low0, connection.port0
    else:
        high, low, port = connection.high1, connection.low1, connection.port1
    address = address_text(connection.version, high, low)
    return f"{address}:{port}" if connection.version == 4 else f"[{address}]:{port}"
