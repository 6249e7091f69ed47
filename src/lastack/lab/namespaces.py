"""Anonymous network namespaces, which vanish with the processes that use them.

A namespace has no name in the file system. It lives while a descriptor, a
socket or a process of it lives, so a laboratory that is killed leaves nothing.
"""

import ctypes
import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWNET: Final = 0x40000000
_THREAD_NETWORK: Final = "/proc/thread-self/ns/net"
_SIOCETHTOOL: Final = 0x8946
# ETHTOOL_SRXCSUM, _STXCSUM, _SSG, _STSO, _SGSO, _SGRO of linux/ethtool.h.
_OFFLOADS: Final = (0x15, 0x17, 0x19, 0x1F, 0x24, 0x2C)

_libc = ctypes.CDLL(None, use_errno=True)


class NotPermittedError(Exception):
    """The kernel does not let this user make namespaces."""


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


class Namespace:
    """A network namespace of its own, held by an open descriptor."""

    def __init__(self) -> None:
        home = os.open(_THREAD_NETWORK, os.O_RDONLY | os.O_CLOEXEC)
        try:
            _check(_libc.unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)")
            try:
                self.descriptor = os.open(_THREAD_NETWORK, os.O_RDONLY | os.O_CLOEXEC)
            finally:
                _check(_libc.setns(home, CLONE_NEWNET), "setns")
        finally:
            os.close(home)

    @property
    def number(self) -> int:
        """Its inode number, which no other living namespace has."""
        return os.fstat(self.descriptor).st_ino

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Run the block in this namespace; it must not await."""
        home = os.open(_THREAD_NETWORK, os.O_RDONLY | os.O_CLOEXEC)
        try:
            _check(_libc.setns(self.descriptor, CLONE_NEWNET), "setns")
            try:
                yield
            finally:
                _check(_libc.setns(home, CLONE_NEWNET), "setns")
        finally:
            os.close(home)

    def set(self, name: str, value: object) -> None:
        """Write the sysctl `name`, `net.ipv4.tcp_fin_timeout`, of this namespace.

        Raises OSError where it does not exist here or is the whole host's.
        """
        if not name.startswith("net."):
            raise OSError(f"{name} is no setting of a network namespace")
        with self.entered():
            Path("/proc/sys", *name.split(".")).write_text(str(value))

    def close(self) -> None:
        """Let go; the kernel removes it with its last process and socket."""
        os.close(self.descriptor)


def switch_offloads_off(interface: str) -> None:
    """Make `interface` of the current namespace carry real segments.

    Without checksum and segmentation offload a capture shows what a wire would.
    """
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as query:
        for command in _OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("=II", command, 0), 8)
            request = struct.pack(
                "16sP16x", interface.encode(), ctypes.addressof(value)
            )
            try:
                fcntl.ioctl(query, _SIOCETHTOOL, request)
            except OSError:
                continue  # veth may lack one of them; it is off then


def become_able() -> bool:
    """Make this process able to make namespaces; return whether it is root.

    Without privileges it moves, for good, to a user namespace of its own in
    which it is root. Raises NotPermittedError where the kernel forbids that.
    """
    try:
        Namespace().close()
    except PermissionError:
        pass
    else:
        return os.geteuid() == 0
    user, group = os.geteuid(), os.getegid()
    try:
        _check(_libc.unshare(CLONE_NEWUSER | CLONE_NEWNET), "unshare(CLONE_NEWUSER)")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    except OSError as error:
        raise NotPermittedError(
            f"the lab makes network namespaces, and the kernel refuses: {error}; "
            "run it as root, or allow unprivileged user namespaces"
        ) from error
    return False
