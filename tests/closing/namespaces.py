"""Two network namespaces, and between them a wire that this process forwards.

The kernel's own tool for it, tc-netem, is a module that many machines lack.
"""

import array
import contextlib
import ctypes
import fcntl
import heapq
import os
import random
import selectors
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

_CLONE_NEWNET = 0x40000000
_SIOCETHTOOL = 0x8946
_ETHTOOL_STXCSUM = 0x17
_OUTGOING = 4
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Pair:
    """Two ends of one TCP connection."""

    client: socket.socket
    server: socket.socket

    @property
    def port(self) -> int:
        return int(self.client.getpeername()[1])

    def close(self) -> None:
        self.client.close()
        self.server.close()


@dataclass
class Wire:
    """`near` (10.99.0.1), `far` (10.99.0.2); seconds each way, share of frames."""

    near: str
    middle: str
    far: str
    delay: float = 0.0
    loss: float = 0.0
    _ready: threading.Event = field(default_factory=threading.Event)
    _done: threading.Event = field(default_factory=threading.Event)

    def cut(self) -> None:
        """From now on no frame gets through, as if the far host had no power."""
        self.loss = 1.0

    def pairs(self, count: int) -> list[Pair]:
        """Connections from near to far."""
        with inside(self.far):
            listener = socket.create_server(("10.99.0.2", 7), backlog=count)
        found = []
        with listener, inside(self.near):
            # One for ARP: a SYN that waits for it starts with an RTO of 3 s.
            socket.create_connection(("10.99.0.2", 7), timeout=10).close()
            listener.accept()[0].close()
            for _ in range(count):
                client = socket.create_connection(("10.99.0.2", 7), timeout=10)
                found.append(Pair(client, listener.accept()[0]))
        return found

    def forward(self) -> None:
        """Forward frames both ways until `stop`; runs in a thread."""
        with contextlib.ExitStack() as stack:
            selector = stack.enter_context(selectors.DefaultSelector())
            with inside(self.middle):
                taps = [
                    stack.enter_context(
                        socket.socket(
                            socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)
                        )
                    )
                    for _ in range(2)
                ]
            near, far = taps
            for tap, other, device in (
                (near, far, "to-near"),
                (far, near, "to-far"),
            ):
                tap.bind((device, 0))
                tap.setblocking(False)
                selector.register(tap, selectors.EVENT_READ, other)
            self._ready.set()
            self._forward(selector)

    def _forward(self, selector: selectors.BaseSelector) -> None:
        dice = random.Random(7)
        waiting: list[tuple[float, int, bytes, socket.socket]] = []
        order = 0
        while not self._done.is_set():
            pause = 0.05
            if waiting:
                pause = max(0.0, min(pause, waiting[0][0] - time.monotonic()))
            for key, _ in selector.select(pause):
                assert isinstance(key.fileobj, socket.socket)
                with contextlib.suppress(BlockingIOError):
                    while True:
                        frame, origin = key.fileobj.recvfrom(65536)
                        if origin[2] == _OUTGOING or dice.random() < self.loss:
                            continue
                        order += 1
                        due = time.monotonic() + self.delay
                        heapq.heappush(waiting, (due, order, frame, key.data))
            while waiting and waiting[0][0] <= time.monotonic():
                _, _, frame, other = heapq.heappop(waiting)
                with contextlib.suppress(OSError):
                    other.send(frame)

    def stop(self) -> None:
        self._done.set()


@contextlib.contextmanager
def inside(namespace: str) -> Iterator[None]:
    """This thread's new sockets belong to `namespace`."""
    with (
        open("/proc/thread-self/ns/net", "rb") as home,
        open(f"/run/netns/{namespace}", "rb") as there,
    ):
        _enter(there.fileno())
        try:
            yield
        finally:
            _enter(home.fileno())


def _enter(descriptor: int) -> None:
    if _libc.setns(descriptor, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def _no_checksum_offload(device: str) -> None:
    """Frames leave whole and with their checksums: a forwarder adds none."""
    value = array.array("I", [_ETHTOOL_STXCSUM, 0])
    request = struct.pack("16sP16x", device.encode(), value.buffer_info()[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, _SIOCETHTOOL, request)


@contextlib.contextmanager
def a_wire() -> Iterator[Wire]:
    """Make both namespaces and the wire; all is removed at the end."""
    tag = f"closing-{os.getpid()}-{threading.get_native_id()}"
    near, middle, far = (f"{tag}-{name}" for name in ("near", "middle", "far"))
    wire = Wire(near, middle, far)
    forwarding = threading.Thread(target=wire.forward)
    try:
        for name in (near, middle, far):
            _ip("netns", "add", name)
        for name, device, address in ((near, "near", 1), (far, "far", 2)):
            _ip("-n", name, "link", "add", device, "type", "veth", "peer", "name",
                f"to-{device}", "netns", middle)  # fmt: skip
            _ip("-n", name, "addr", "add", f"10.99.0.{address}/24", "dev", device)
            with inside(name):
                _no_checksum_offload(device)
            for place, each in ((name, device), (middle, f"to-{device}"), (name, "lo")):
                _ip("-n", place, "link", "set", each, "up")
        forwarding.start()
        assert wire._ready.wait(10)
        yield wire
    finally:
        wire.stop()
        if forwarding.is_alive():
            forwarding.join()
        for name in (near, middle, far):
            subprocess.run(
                ["ip", "netns", "del", name], check=False, capture_output=True
            )
