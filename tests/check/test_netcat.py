"""`lastack.check.netcat` against plain sockets on loopback."""

import io
import os
import socket
import threading
from collections.abc import Iterator

import pytest

from lastack.check.netcat import Netcat, Options
from lastack.check.traced_calls import TracedCalls


class Running:
    """A netcat in a thread, with pipes for its standard input and output."""

    def __init__(self, options: Options) -> None:
        self.said: list[str] = []
        self.trace = io.StringIO()
        read_end, self.input = os.pipe()
        self.output, write_end = os.pipe()
        self._ends = (read_end, write_end)
        self.code: int | None = None
        netcat = Netcat(
            options,
            TracedCalls(self.trace),
            self.said.append,
            stdin=read_end,
            stdout=write_end,
        )
        self._thread = threading.Thread(target=self._run, args=(netcat,), daemon=True)
        self._thread.start()

    def _run(self, netcat: Netcat) -> None:
        self.code = netcat.run()
        for end in self._ends:
            os.close(end)

    def end_input(self) -> None:
        """Give it end of file on standard input."""
        if self.input >= 0:
            os.close(self.input)
            self.input = -1

    def finish(self) -> bytes:
        """Wait for its end and return all that it wrote to standard output."""
        self._thread.join(10)
        assert not self._thread.is_alive(), self.trace.getvalue()
        written = b""
        while data := os.read(self.output, 65536):
            written += data
        os.close(self.output)
        self.end_input()
        return written

    @property
    def calls(self) -> list[str]:
        """The calls of the trace by name, in order."""
        lines = self.trace.getvalue().splitlines()
        return [line.split()[2].partition("(")[0] for line in lines]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        yield listening


def client(listener: socket.socket, **options: object) -> tuple[Running, socket.socket]:
    """Start a netcat as the client of `listener`; return it and our end."""
    port = listener.getsockname()[1]
    running = Running(Options(host="127.0.0.1", port=port, **options))  # type: ignore[arg-type]
    accepted, _ = listener.accept()
    accepted.settimeout(10)
    return running, accepted


def free_port() -> int:
    """Return a port of loopback on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def server(**options: object) -> tuple[Running, socket.socket]:
    """Start a netcat that listens; return it and a client connected to it."""
    port = free_port()
    running = Running(
        Options(host="127.0.0.1", port=port, listen=True, **options)  # type: ignore[arg-type]
    )
    for _ in range(1000):
        try:
            connected = socket.create_connection(("127.0.0.1", port), timeout=10)
        except ConnectionRefusedError:
            threading.Event().wait(0.005)
        else:
            return running, connected
    raise AssertionError("netcat did not listen within 5 s")


def test_both_directions_are_copied(listener: socket.socket) -> None:
    """Input reaches the peer, and the peer's bytes reach the output, all of them."""
    running, peer = client(listener)
    sent = bytes(range(256)) * 2000
    writer = threading.Thread(target=lambda: os.write(running.input, b"question"))
    writer.start()
    assert peer.recv(100) == b"question"
    feeder = threading.Thread(target=send_and_close, args=(peer, sent))
    feeder.start()
    got = b""
    while len(got) < len(sent):
        got += os.read(running.output, 65536)
    running.end_input()
    assert running.finish() == b""
    assert got == sent
    assert running.code == 0


def send_and_close(sock: socket.socket, data: bytes) -> None:
    """Send all of `data`, then a FIN."""
    sock.sendall(data)
    sock.close()


def test_end_of_file_ends_it(listener: socket.socket) -> None:
    """A peer's FIN makes a plain netcat close, though its input is still open."""
    running, peer = client(listener)
    peer.shutdown(socket.SHUT_WR)
    assert peer.recv(1) == b""
    running.finish()
    assert running.calls[-2:] == ["read", "close"]


def test_ignore_eof_goes_on_until_epipe(listener: socket.socket) -> None:
    """After end of file it writes once with success, then gets EPIPE (SEEDS 17)."""
    running, peer = client(listener, ignore_eof=True, verbose=True)
    peer.close()
    wait_for(running, "= 0\n", after="read(")
    os.write(running.input, b"one")
    wait_for(running, "= 3\n", after="write(")
    threading.Event().wait(0.05)  # the peer's RST crosses loopback
    os.write(running.input, b"two")
    running.finish()
    assert running.code == 1
    assert "Err#32 EPIPE" in running.trace.getvalue()
    assert running.said[-2:] == [
        "end of file from the peer, ignored",
        "broken pipe (EPIPE)",
    ]


def wait_for(running: Running, text: str, after: str) -> None:
    """Wait until the trace shows `text` in a line with the call `after`."""
    for _ in range(2000):
        lines = running.trace.getvalue().splitlines(keepends=True)
        if any(after in line and line.endswith(text) for line in lines):
            return
        threading.Event().wait(0.002)
    raise AssertionError(f"no {after}... {text!r} in\n{running.trace.getvalue()}")


def test_half_close_sends_fin_and_reads_on(listener: socket.socket) -> None:
    """With -N the peer sees end of file, and its late answer is still received."""
    running, peer = client(listener, half_close=True)
    os.write(running.input, b"request")
    running.end_input()
    request = b""
    while data := peer.recv(100):
        request += data
    peer.sendall(b"answer")
    peer.close()
    assert running.finish() == b"answer"
    assert request == b"request"
    assert "SHUT_WR" in running.trace.getvalue()


def test_without_half_close_input_may_end(listener: socket.socket) -> None:
    """Without -N the end of input sends nothing: the peer waits (as with nc)."""
    running, peer = client(listener)
    running.end_input()
    peer.settimeout(0.2)
    with pytest.raises(TimeoutError):
        peer.recv(1)
    peer.close()
    running.finish()
    assert "SHUT_WR" not in running.trace.getvalue()


def test_unread_byte_makes_close_reset() -> None:
    """Two bytes sent, one read, close: RST (SEEDS 19)."""
    running, peer = server(unread=1, close_after=0.3)
    peer.sendall(b"ab")
    with pytest.raises(ConnectionResetError):
        peer.recv(1)
    assert running.finish() == b"a"


def test_unread_bytes_are_the_last_ones() -> None:
    """What stays unread is the tail so far: each new byte pushes one out, no end."""
    running, peer = server(unread=1)
    for sent in (b"a", b"b", b"c"):
        peer.sendall(sent)
        threading.Event().wait(0.05)
    peer.shutdown(socket.SHUT_WR)
    assert running.finish() == b"ab"


def test_nothing_unread_is_an_orderly_close() -> None:
    """The same with both bytes read: the peer sees end of file (SEEDS 19)."""
    running, peer = server(close_after=0.3)
    peer.sendall(b"ab")
    assert peer.recv(1) == b""
    assert running.finish() == b"ab"


def test_shutdown_write_then_close_unread() -> None:
    """FIN first, so the peer reads an end; the RST only meets its writes (SEEDS 20)."""
    running, peer = server(unread=1, close_after=0.3, half_close=True)
    running.end_input()
    peer.sendall(b"ab")
    assert peer.recv(1) == b""
    running.finish()
    with pytest.raises(BrokenPipeError):
        peer.sendall(b"more")


def test_shutdown_read_does_not_prevent_the_reset() -> None:
    """shutdown(RD) before close leaves the byte unread: RST on Linux (SEEDS 21)."""
    running, peer = server(unread=1, close_after=0.3, shutdown_read=True)
    peer.sendall(b"ab")
    with pytest.raises(ConnectionResetError):
        peer.recv(1)
    running.finish()
    assert running.calls[-2:] == ["shutdown", "close"]


def test_end_of_file_is_seen_behind_unread_bytes() -> None:
    """A FIN behind the bytes that stay unread still ends the netcat."""
    running, peer = server(unread=3)
    peer.sendall(b"abc")
    peer.shutdown(socket.SHUT_WR)
    assert running.finish() == b""
    assert running.code == 0


def test_linger_zero_resets(listener: socket.socket) -> None:
    """--linger 0 makes close send RST at once."""
    running, peer = client(listener, linger=0, close_after=0.0)
    with pytest.raises(ConnectionResetError):
        peer.recv(1)
    running.finish()
    assert "SO_LINGER, {on, 0}" in running.trace.getvalue()


def test_keepalive_times_are_set(listener: socket.socket) -> None:
    """The three times of keepalive reach the socket."""
    running, peer = client(listener, keepalive_times=(7, 3, 2))
    peer.close()
    running.finish()
    trace = running.trace.getvalue()
    for shown in ("SO_KEEPALIVE, 1", "IDLE, 7", "INTVL, 3", "CNT, 2"):
        assert shown in trace


def test_refused_connection_is_one_line() -> None:
    """A closed port gives exit code 1 and one line: where, and the error's name."""
    port = free_port()
    running = Running(Options(host="127.0.0.1", port=port))
    running.finish()
    said = f"127.0.0.1:{port}: connection refused (ECONNREFUSED)"
    assert (running.code, running.said) == (1, [said])


def test_idle_timeout_ends_it(listener: socket.socket) -> None:
    """-w ends a connection on which nothing happens."""
    running, peer = client(listener, timeout=0.2, verbose=True)
    assert peer.recv(1) == b""
    running.finish()
    assert running.said[-1] == "nothing happened for 0.2 s"


def test_scan_only_connects(listener: socket.socket) -> None:
    """-z connects, says so and closes without a byte."""
    running, peer = client(listener, scan=True)
    assert peer.recv(1) == b""
    running.finish()
    assert running.calls == ["socket", "connect", "close"]
    assert "connected to 127.0.0.1" in running.said[0]


def test_keep_listening_serves_one_after_another() -> None:
    """With -k a second client is served after the first has gone."""
    running, first = server(keep_listening=True)
    address = first.getpeername()
    first.sendall(b"1")
    first.close()
    assert os.read(running.output, 10) == b"1"
    with socket.create_connection(address, timeout=10) as second:
        second.sendall(b"2")
        assert os.read(running.output, 10) == b"2"


def test_datagrams_both_ways() -> None:
    """-u -l answers the sender of the first datagram."""
    port = free_port()
    running = Running(
        Options(host="127.0.0.1", port=port, listen=True, udp=True, timeout=0.5)
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(10)
        wait_for(running, "= 0\n", after="bind(")
        sock.connect(("127.0.0.1", port))
        sock.send(b"ping")
        assert os.read(running.output, 10) == b"ping"
        os.write(running.input, b"pong")
        assert sock.recv(10) == b"pong"
    running.finish()
