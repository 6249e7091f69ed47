"""Vanish: stop answering, as a client does whose cable is cut.

## What it does

It asks once, reads the answer, and then drops every segment that arrives for
its socket (a socket filter that accepts nothing), so that the server's kernel
gets neither acknowledgement nor reset. Another client asks meanwhile. After the
wait it comes back and asks again, to see whether the server has given it up. It
needs CAP_NET_ADMIN on some systems, and Linux.

## Why it matters

Cut cables, sleeping laptops and forgotten NAT entries send no FIN. A server
that never sends into an idle connection never learns of it: the connection is
half-open for as long as the process lives.

## What to change

An idle timeout, or SO_KEEPALIVE with times in minutes (the default is two
hours), and TCP_USER_TIMEOUT for what is unacknowledged.
"""

import ctypes
import struct
import sys
from typing import Final

import msgspec

from lastack.check.connection import Connection, End
from lastack.check.probe import (
    CannotProbeError,
    Judgement,
    Probe,
    bad,
    good,
    not_told,
)
from lastack.check.server import Server, Settings

# include/uapi/asm-generic/socket.h; the socket module does not name them.
_SO_ATTACH_FILTER: Final = 26
_SO_DETACH_FILTER: Final = 27
_SOL_SOCKET: Final = 1
_RETURN_NOTHING: Final = struct.pack("=HBBI", 0x06, 0, 0, 0)  # BPF_RET | BPF_K, 0


class Vanished(msgspec.Struct, frozen=True):
    """What was found on coming back."""

    served_others: bool
    given_up: bool
    """The first bytes after the absence met a closed connection."""
    answered: bool


def observe(server: Server) -> Vanished:
    """Vanish, wait, come back, ask."""
    if not sys.platform.startswith("linux"):
        raise CannotProbeError("vanishing takes Linux's socket filters")
    with server.connect() as connection:
        if server.normal.answer.persistent:
            server.ask(connection)
            server.read(connection)
        _drop_arrivals(connection)
        served_others = server.still_serves()
        server.pause(server.settings.wait)
        _take_arrivals(connection)
        before = len(connection.receive(0.0).data)
        server.ask(connection)
        got = connection.receive(
            server.settings.patience, lambda data: len(data) > before
        )
        given_up = got.end in {End.FIN, End.RESET}
        return Vanished(served_others, given_up, len(got.data) > before)


def _drop_arrivals(connection: Connection) -> None:
    code = ctypes.create_string_buffer(_RETURN_NOTHING)
    program = struct.pack("@HP", 1, ctypes.addressof(code))
    try:
        connection.sock.setsockopt(_SOL_SOCKET, _SO_ATTACH_FILTER, program)
    except PermissionError as error:
        raise CannotProbeError("a socket filter needs CAP_NET_ADMIN here") from (error)


def _take_arrivals(connection: Connection) -> None:
    connection.sock.setsockopt(_SOL_SOCKET, _SO_DETACH_FILTER, struct.pack("i", 0))


def judge(seen: Vanished, settings: Settings) -> Judgement:
    """Demand that others are served and that the dead are given up."""
    if not seen.served_others:
        return bad(
            "serves nobody else while one client is gone",
            "One cut cable is an outage for all.",
            "Serve each connection on its own: threads, tasks, or poll.",
        )
    if seen.given_up and not seen.answered:
        return good(f"had given the client up within {settings.wait:g} s")
    did = f"still held the connection after {settings.wait:g} s of absence"
    if settings.wait < settings.idle_limit:
        return not_told(did, "", f"Run with --wait {settings.idle_limit:g} to be sure.")
    return bad(
        did,
        "Clients that vanish without a FIN are kept for ever and use up descriptors.",
        "Set an idle timeout, or SO_KEEPALIVE with times in minutes.",
    )


PROBE = Probe(
    title="vanishes without a FIN, comes back after the wait",
    connections=lambda settings: 2,
    observe=observe,
    judge=judge,
)
