"""The kernel's own reasons, from a tracefs instance of our own.

The instance is made through a mount that no directory shows and that nobody
else can see; the host's tracing, its mounts and their options stay untouched.
The instance of a laboratory that is killed is removed by its nursery
(`program.py`), or else by the next laboratory.
"""

import contextlib
import ctypes
import ipaddress
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from lastack.tcp.segment import Address

# Numbers of asm-generic/unistd.h, the same on every architecture.
_FSOPEN, _FSCONFIG, _FSMOUNT = 430, 431, 432
_CLOEXEC: Final = 1
_FSCONFIG_CMD_CREATE: Final = 6
_PREFIX: Final = "lastack_lab_"
_EVENTS: Final = (
    "tcp/tcp_send_reset",
    "tcp/tcp_receive_reset",
    "sock/inet_sock_set_state",
    "sock/inet_sk_error_report",
)
_BUFFER_KB: Final = "512"
_LINE: Final = re.compile(r"\s(\d+)\.(\d{6}): (\w+): (.*)")
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Trace:
    """One event: `kind` is the tracepoint; `fields` are as the kernel prints them.

    `time` in nanoseconds after 1970. `local` is the address of the host whose
    kernel speaks; `peer` is None where the kernel does not know it.
    """

    time: int
    kind: str
    local: Address
    peer: Address | None
    fields: dict[str, str]


def _mounted() -> int:
    """Return a descriptor of the root of tracefs, mounted nowhere."""
    context = _libc.syscall(_FSOPEN, b"tracefs", _CLOEXEC)
    if context < 0:
        raise OSError(ctypes.get_errno(), "fsopen(tracefs)")
    try:
        if _libc.syscall(_FSCONFIG, context, _FSCONFIG_CMD_CREATE, None, None, 0) < 0:
            raise OSError(ctypes.get_errno(), "fsconfig(tracefs)")
        mount = _libc.syscall(_FSMOUNT, context, _CLOEXEC, 0)
        if mount < 0:
            raise OSError(ctypes.get_errno(), "fsmount(tracefs)")
    finally:
        os.close(context)
    try:
        return os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=mount)
    finally:
        os.close(mount)


def instances() -> list[str]:
    """Return the instances that the laboratories of this host have now."""
    root = _mounted()
    try:
        return [it for it in _listed(root) if it.startswith(_PREFIX)]
    finally:
        os.close(root)


def _listed(tracefs: int) -> list[str]:
    number = os.open("instances", os.O_RDONLY | os.O_CLOEXEC, dir_fd=tracefs)
    try:
        return os.listdir(number)
    finally:
        os.close(number)


class KernelTrace:
    """The reset, state and error events of every namespace of this host.

    `tracefs` is a descriptor of its root, `name` our instance's path from there.
    """

    def __init__(self) -> None:
        self.tracefs = _mounted()
        self.name = f"instances/{_PREFIX}{os.getpid()}_{time.monotonic_ns()}"
        self._directory = self._pipe = -1
        try:
            self._remove_leftovers()
            os.mkdir(self.name, dir_fd=self.tracefs)
            self._directory = os.open(
                self.name, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.tracefs
            )
            self._write("trace_clock", "tai")
            self._write("buffer_size_kb", _BUFFER_KB)
            self._pipe = os.open(
                "trace_pipe",
                os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC,
                dir_fd=self._directory,
            )
            for event in _EVENTS:
                self._write(f"events/{event}/enable", "1")
        except BaseException:
            self.close()
            raise
        self._rest = ""
        # TAI runs ahead of UTC by leap seconds, where the host knows of them.
        ahead = time.clock_gettime(time.CLOCK_TAI) - time.time()
        self._ahead = round(ahead) * 1_000_000_000

    @classmethod
    def if_permitted(cls) -> Self | None:
        """Return the trace, or None where the kernel does not let us."""
        try:
            return cls()
        except OSError:
            return None

    def _write(self, name: str, text: str) -> None:
        number = os.open(name, os.O_WRONLY | os.O_CLOEXEC, dir_fd=self._directory)
        try:
            os.write(number, text.encode())
        finally:
            os.close(number)

    def _remove_leftovers(self) -> None:
        for name in _listed(self.tracefs):
            owner = name.removeprefix(_PREFIX).partition("_")[0]
            if not name.startswith(_PREFIX) or os.path.exists(f"/proc/{owner}"):
                continue
            # Busy: it belongs to a laboratory of another process namespace.
            with contextlib.suppress(OSError):
                os.rmdir(f"instances/{name}", dir_fd=self.tracefs)

    def read(self) -> Iterator[Trace]:
        """Yield what has happened since the last call."""
        while True:
            try:
                data = os.read(self._pipe, 1 << 16)
            except BlockingIOError:
                return
            if not data:
                return
            lines = (self._rest + data.decode("ascii", "replace")).split("\n")
            self._rest = lines.pop()
            for line in lines:
                if trace := self._trace(line):
                    yield trace

    def _trace(self, line: str) -> Trace | None:
        found = _LINE.search(line)
        if found is None:
            return None
        seconds, microseconds, kind, text = found.groups()
        when = int(seconds) * 1_000_000_000 + int(microseconds) * 1000 - self._ahead
        fields = dict(it.split("=", 1) for it in text.split() if "=" in it)
        if "src" in fields:
            local, peer = _address(fields["src"]), _address(fields["dest"])
        else:
            six = fields["family"] == "AF_INET6"
            local, peer = (
                Address(
                    str(
                        ipaddress.ip_address(fields[f"{end}addr{'v6' if six else ''}"])
                    ),
                    int(fields[f"{end}port"]),
                )
                for end in "sd"
            )
        return Trace(when, kind, local, peer if peer.port else None, fields)

    def close(self) -> None:
        """Remove the instance."""
        for number in (self._pipe, self._directory):
            if number >= 0:
                os.close(number)
        with contextlib.suppress(OSError):
            os.rmdir(self.name, dir_fd=self.tracefs)
        os.close(self.tracefs)


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    return Address(str(ipaddress.ip_address(host.strip("[]"))), int(port))
