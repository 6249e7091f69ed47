"""Keep new connections away from a listening socket that is about to close."""

import socket
import struct
import sys

# <asm-generic/socket.h>, <linux/filter.h>: load byte 13 of the TCP header (the
# flags); SYN without ACK is dropped, all else passes whole.
_SO_ATTACH_FILTER = 26
_DROP_SYN = (
    (0x30, 0, 0, 13),  # ldb [13]
    (0x54, 0, 0, 0x12),  # and #(SYN|ACK)
    (0x15, 0, 1, 0x02),  # jeq #SYN, drop, pass
    (0x06, 0, 0, 0),  # ret #0
    (0x06, 0, 0, 0xFFFFFFFF),  # ret #-1
)


def keep_new_ones_out(listener: socket.socket) -> None:
    """Drop SYNs that come to this listener; handshakes under way go on.

    A socket filter of Linux (SO_ATTACH_FILTER), which any user may set on a socket
    of his own. Elsewhere nothing is done.
    """
    if sys.platform != "linux":
        return
    import ctypes

    program = b"".join(struct.pack("=HBBI", *word) for word in _DROP_SYN)
    buffer = ctypes.create_string_buffer(program, len(program))
    pointer = struct.pack("@HP", len(_DROP_SYN), ctypes.addressof(buffer))
    listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, pointer)
