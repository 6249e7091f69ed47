"""Real sockets for the library's tests: loopback pairs, event loops, a wire."""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.skipping import unavailable

from .namespaces import Pair, Wire, a_wire, inside

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def pair() -> Iterator[Pair]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    client.settimeout(5)
    server.settimeout(5)
    with client, server:
        yield Pair(client, server)


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a coroutine on asyncio's own loop, and on uvloop."""
    if request.param == "asyncio":
        return asyncio.run
    try:
        import uvloop
    except ImportError:
        unavailable("needs uvloop: pip install 'lastack[uvloop]'")

    def run_on_uvloop(main: Coroutine[Any, Any, Any]) -> Any:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(main)

    return run_on_uvloop


def ends_of(sock: socket.socket) -> tuple[bytes, str]:
    """All that a socket still brings, and how it ends: EOF or the error's name."""
    import errno

    data = b""
    while True:
        try:
            chunk = sock.recv(65536)
        except OSError as error:
            return data, errno.errorcode.get(error.errno or 0, repr(error))
        if not chunk:
            return data, "EOF"
        data += chunk


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Two namespaces and a wire that can delay, lose and be cut."""
    if os.geteuid() != 0 or sys.platform != "linux":
        unavailable("needs root on Linux for network namespaces")
    if shutil.which("ip") is None:
        unavailable("needs ip of iproute2")
    with a_wire() as made:
        yield made


def fill(sock: socket.socket) -> int:
    """Make the socket non-blocking and write until it takes no more; the bytes."""
    sock.setblocking(False)
    sent = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            sent += sock.send(b"x" * 65536)
    return sent


# --- What `lastack explain` says of a connection ---------------------------------


@dataclass
class Capture:
    """Frames of one TCP port, as a pcap file."""

    path: Path
    port: int
    frames: list[tuple[float, bytes]] = field(default_factory=list)

    def write(self) -> None:
        with self.path.open("wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
            for when, frame in self.frames:
                micros = round(when * 1e6)
                head = (micros // 10**6, micros % 10**6, len(frame), len(frame))
                file.write(struct.pack("<IIII", *head) + frame)

    def belongs(self, frame: bytes) -> bool:
        if frame[12:14] != b"\x08\x00" or frame[23] != socket.IPPROTO_TCP:
            return False
        at = 14 + (frame[14] & 0x0F) * 4
        return self.port in struct.unpack_from("!HH", frame, at)


class EndingOf:
    """Captures; then asks `lastack explain` how a connection ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def capturing(self, port: int, wire: Wire | None = None) -> Iterator[Capture]:
        """Captures that port while the block runs: on loopback, or near the wire."""
        capture = Capture(self._folder / f"{port}.pcap", port)
        place = inside(wire.near) if wire else contextlib.nullcontext()
        with place:
            tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        with tap:
            tap.bind(("near" if wire else "lo", 0))
            tap.settimeout(0.05)
            done = threading.Event()
            reading = threading.Thread(target=_read_frames, args=(tap, capture, done))
            reading.start()
            try:
                yield capture
            finally:
                time.sleep(0.1)  # the kernel's last answers
                done.set()
                reading.join()
        capture.write()

    def __call__(self, capture: Capture) -> dict[str, Any]:
        """The verdict on the capture's only connection (`VERDICTS`: jsonl)."""
        words = [
            sys.executable,
            "-m",
            "lastack",
            "explain",
            str(capture.path),
            "--jsonl",
        ]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        verdicts = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(verdicts) == 1, done
        return dict(verdicts[0])


def _read_frames(tap: socket.socket, capture: Capture, done: threading.Event) -> None:
    while not done.is_set():
        try:
            frame, origin = tap.recvfrom(262144)
        except TimeoutError:
            continue
        # Loopback shows every frame twice: leaving (4) and arriving.
        twice = origin[0] == "lo" and origin[2] == 4
        if not twice and capture.belongs(frame):
            capture.frames.append((time.time(), frame))


@pytest.fixture
def ending_of(tmp_path: Path) -> EndingOf:
    if os.geteuid() != 0 or not hasattr(socket, "AF_PACKET"):
        unavailable("needs root on Linux for AF_PACKET")
    return EndingOf(tmp_path)
