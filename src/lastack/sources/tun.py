"""A TUN device: IP packets of the real kernel, to and from this program.

What the kernel routes to the device is read here; what is written here arrives
at the kernel as from a network. It needs CAP_NET_ADMIN, and belongs into a
network namespace of its own: open it in the one that it shall be in.
"""

import fcntl
import ipaddress
import os
import socket
import struct
from typing import Final

_TUNSETIFF: Final = 0x400454CA
_IFF_TUN: Final = 0x0001
_IFF_NO_PI: Final = 0x1000
_SIOCSIFFLAGS: Final = 0x8914
_SIOCSIFADDR: Final = 0x8916
_SIOCSIFNETMASK: Final = 0x891C
_IFF_UP_RUNNING: Final = 0x41
_LARGEST: Final = 65536


class Tun:
    """An open TUN device called `name`; the kernel is `address` on its network.

    `network` is as `192.0.2.129/24`; every other address of it is ours. Raises
    PermissionError without CAP_NET_ADMIN, and OSError where there is no
    /dev/net/tun.
    """

    def __init__(self, network: str, name: str = "tun0") -> None:
        self.name = name
        interface = ipaddress.IPv4Interface(network)
        self.descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        try:
            request = struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI)
            fcntl.ioctl(self.descriptor, _TUNSETIFF, request)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
                for command, address in (
                    (_SIOCSIFADDR, interface.ip),
                    (_SIOCSIFNETMASK, interface.netmask),
                ):
                    octets = struct.pack("=HH4s8x", socket.AF_INET, 0, address.packed)
                    request = struct.pack("16s16s8x", name.encode(), octets)
                    fcntl.ioctl(control, command, request)
                flags = struct.pack("16sH22x", name.encode(), _IFF_UP_RUNNING)
                fcntl.ioctl(control, _SIOCSIFFLAGS, flags)
        except BaseException:
            os.close(self.descriptor)
            raise

    def fileno(self) -> int:
        """Return the descriptor, readable when a packet is there."""
        return self.descriptor

    def read(self) -> bytes | None:
        """Return the next IP packet of the kernel, or None if there is none."""
        try:
            return os.read(self.descriptor, _LARGEST)
        except BlockingIOError:
            return None

    def write(self, packet: bytes) -> None:
        """Let an IP packet arrive at the kernel."""
        os.write(self.descriptor, packet)

    def close(self) -> None:
        """Remove the device."""
        os.close(self.descriptor)
