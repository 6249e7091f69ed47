"""serve_processes: a process a connection, and a stop that loses none."""

import os
import socket
import subprocess
import sys
import textwrap
import time

import pytest

from .conftest import ends_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

# In a process of its own: forking one that runs threads is not safe.
PROGRAM = """
    import signal, time
    from lastack.closing import serve_processes

    def handler(sock):
        line = sock.recv(100)
        if line == b"crash":
            raise SystemError("crashed")
        if line == b"closes":
            sock.sendall(line)
            return sock.close()
        if line == b"hang":
            time.sleep(3600)
        time.sleep(0.02)
        sock.sendall(line)

    server = serve_processes(handler, most={most})
    signal.signal(signal.SIGTERM, server.request_stop)
    print(server.address[1], flush=True)
    print(server.run(timeout=1.0, settle=0.2), server.accepted)
"""


def start(most: int) -> tuple[subprocess.Popen[str], tuple[str, int]]:
    program = textwrap.dedent(PROGRAM).format(most=most)
    words = [sys.executable, "-c", program]
    pipe = subprocess.PIPE
    process = subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True)
    assert process.stdout is not None
    return process, ("127.0.0.1", int(process.stdout.readline()))


def connect(address: tuple[str, int], line: bytes) -> socket.socket:
    sock = socket.create_connection(address, timeout=10)
    sock.sendall(line)
    return sock


def test_stop_loses_none_in_the_accept_queue() -> None:
    """30 clients at a server of 2 processes, stopped at once: 30 answers."""
    process, address = start(most=2)
    clients = [connect(address, b"hello") for _ in range(30)]
    process.terminate()
    found = []
    for sock in clients:
        with sock:
            found.append(ends_of(sock))
    out, err = process.communicate(timeout=20)
    assert found == [(b"hello", "EOF")] * 30
    assert (out.split(), err) == (["0", "30"], "")


def test_a_crash_harms_its_own_connection_only() -> None:
    """The others are answered; the traceback is on stderr."""
    process, address = start(most=10)
    with connect(address, b"crash") as bad, connect(address, b"hello") as good:
        assert ends_of(good) == (b"hello", "EOF")
        assert ends_of(bad)[0] == b""
    process.terminate()
    out, err = process.communicate(timeout=20)
    assert out.split() == ["0", "2"]
    assert "SystemError: crashed" in err


def test_a_handler_may_close_its_connection_itself() -> None:
    """Then nothing is left to close, and its process ends without a word."""
    process, address = start(most=10)
    with connect(address, b"closes") as sock:
        assert ends_of(sock) == (b"closes", "EOF")
    process.terminate()
    assert process.communicate(timeout=20)[1] == ""


def test_what_is_late_is_killed() -> None:
    """A handler that hangs ends with the server's patience, and is counted."""
    process, address = start(most=10)
    with connect(address, b"hang") as sock:
        time.sleep(0.2)
        process.terminate()
        assert ends_of(sock) == (b"", "EOF")
    out, _ = process.communicate(timeout=20)
    assert out.split() == ["1", "1"]
