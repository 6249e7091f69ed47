"""What passes an interface, with the kernel's nanosecond times (AF_PACKET)."""

import socket
import struct
from typing import Final

from lastack.lab.datagrams import datagram_of
from lastack.lab.frames import segment_of
from lastack.lab.namespaces import Namespace

VANTAGES: Final = ("client", "wire", "server")
_ETH_P_ALL: Final = 0x0003
_SOL_PACKET: Final = 263
_PACKET_IGNORE_OUTGOING: Final = 23
_SO_TIMESTAMPNS: Final = 35
_SO_RCVBUFFORCE: Final = 33
_BUFFER: Final = 16 << 20
_LARGEST_FRAME: Final = 65536

Frames = list[tuple[int, bytes]]
"""Frames with their times in nanoseconds."""


def packet_socket(
    namespace: Namespace, interface: str, *, incoming_only: bool = False
) -> socket.socket:
    """Return a non-blocking socket of all frames of `interface`."""
    with namespace.entered():
        # No protocol until it is bound: else it would hear every interface.
        made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    made.setblocking(False)
    try:
        made.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    except PermissionError:  # in a user namespace: the host's own limit
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    made.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    if incoming_only:
        made.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
    made.bind((interface, _ETH_P_ALL))
    return made


def receive_frame(sock: socket.socket) -> tuple[int, bytes] | None:
    """Return the next frame and its time; None when there is none now."""
    while True:
        try:
            frame, ancillary, _, _ = sock.recvmsg(_LARGEST_FRAME, 64)
        except BlockingIOError:
            return None
        except OSError:  # ENETDOWN, once, when the interface went down
            continue
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
                seconds, nanoseconds = struct.unpack("qq", content[:16])
                return seconds * 1_000_000_000 + nanoseconds, frame


class Vantage:
    """A place where TCP, UDP and ICMP errors are captured."""

    def __init__(self, namespace: Namespace, interface: str) -> None:
        self.socket = packet_socket(namespace, interface)
        self.frames: Frames = []

    def drain(self) -> int:
        """Take what has come since; return how much it was."""
        before = len(self.frames)
        while got := receive_frame(self.socket):
            if segment_of(*got) is not None or datagram_of(got[1]) is not None:
                self.frames.append(got)
        return len(self.frames) - before

    def close(self) -> None:
        """Stop listening; the kernel takes its time (synchronize_net)."""
        self.socket.close()
