"""One connection to a server: what its end is, whichever call is told of it first."""

import socket
import struct
import time
from collections.abc import Iterator

import pytest

from lastack.check.connection import Connection, End


@pytest.fixture
def ends() -> Iterator[tuple[Connection, socket.socket]]:
    """Return a connection, and the socket at its other end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        with Connection.open(socket.AF_INET, address, 5.0) as ours:
            theirs, _ = listener.accept()
            with theirs:
                yield ours, theirs


def reset(theirs: socket.socket) -> None:
    """Abort a connection."""
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    theirs.close()


def send_until_told(ours: Connection) -> None:
    """Send until a send fails; after that no read fails any more."""
    deadline = time.monotonic() + 10
    while not ours.reset and time.monotonic() < deadline:
        ours.send([b"x"], 1.0)
    assert ours.reset


def test_a_reset_that_a_read_is_told_of(ends: tuple[Connection, socket.socket]) -> None:
    """recv() fails with ECONNRESET."""
    ours, theirs = ends
    reset(theirs)
    assert ours.receive(5.0).end is End.RESET


def test_a_reset_that_a_send_was_told_of(
    ends: tuple[Connection, socket.socket],
) -> None:
    """The read behind it ends as at a FIN, and is none."""
    ours, theirs = ends
    reset(theirs)
    send_until_told(ours)
    assert ours.receive(5.0).end is End.RESET


def test_a_fin(ends: tuple[Connection, socket.socket]) -> None:
    """A close without a reset is a close."""
    ours, theirs = ends
    theirs.close()
    assert ours.receive(5.0).end is End.FIN
