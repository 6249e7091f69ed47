"""abort, half_close and linger: what the peer sees, on real sockets."""

import asyncio
import socket
import struct
import sys
import time

import pytest

from lastack.closing import abort, half_close, linger
from lastack.closing.so_linger import WHAT_CLOSE_DOES

from .conftest import Run, ends_of, fill
from .namespaces import Pair, Wire


def test_abort_resets_after_what_was_delivered(pair: Pair) -> None:
    """The peer reads what had arrived, then ECONNRESET."""
    pair.client.sendall(b"sent")
    abort(pair.client)
    assert pair.client.fileno() == -1
    assert ends_of(pair.server) == (b"sent", "ECONNRESET")


def test_abort_resets_in_spite_of_makefile(pair: Pair) -> None:
    """socket.close() would wait for the file object; abort() does not."""
    with pair.client.makefile("rb"):
        abort(pair.client)
        assert ends_of(pair.server)[1] == "ECONNRESET"


def test_abort_waits_for_a_dup(pair: Pair) -> None:
    """As documented: with another descriptor open nothing is sent yet."""
    second = pair.client.dup()
    abort(pair.client)
    pair.server.settimeout(0.1)
    with pytest.raises(TimeoutError):
        pair.server.recv(1)
    second.close()
    assert ends_of(pair.server)[1] == "ECONNRESET"


def test_abort_twice_is_harmless(pair: Pair) -> None:
    """A closed socket has no connection to reset."""
    abort(pair.client)
    abort(pair.client)


def test_asyncio_s_own_abort_sends_fin(pair: Pair, run: Run) -> None:
    """The difference: transport.abort() is no RST."""

    async def main() -> None:
        _, writer = await asyncio.open_connection(sock=pair.client)
        writer.transport.abort()
        await asyncio.sleep(0.05)

    run(main())
    assert ends_of(pair.server) == (b"", "EOF")


@pytest.mark.parametrize("of", ["writer", "transport"])
def test_abort_of_asyncio(pair: Pair, run: Run, of: str) -> None:
    """RST from a StreamWriter and from a transport, with data in its buffer."""

    async def main() -> None:
        _, writer = await asyncio.open_connection(sock=pair.client)
        writer.write(b"x" * 10_000_000)
        abort(writer if of == "writer" else writer.transport)
        abort(writer)
        await asyncio.sleep(0.05)

    run(main())
    assert ends_of(pair.server)[1] == "ECONNRESET"


def test_half_close_lets_the_answer_through(pair: Pair) -> None:
    """FIN one way; the other way goes on for as long as it likes."""
    pair.client.sendall(b"question")
    half_close(pair.client)
    half_close(pair.client)
    assert ends_of(pair.server) == (b"question", "EOF")
    pair.server.sendall(b"answer")
    pair.server.close()
    assert ends_of(pair.client) == (b"answer", "EOF")


def test_a_write_after_half_close_is_epipe(pair: Pair) -> None:
    """What was said cannot be taken back."""
    half_close(pair.client)
    with pytest.raises(BrokenPipeError):
        pair.client.send(b"x")


def test_half_close_of_asyncio_sends_its_buffer_first(pair: Pair, run: Run) -> None:
    """10 MB in the transport's buffer arrive before the end of file."""

    async def main() -> None:
        reader, writer = await asyncio.open_connection(sock=pair.client)
        writer.write(b"x" * 10_000_000)
        half_close(writer)
        data, end = await asyncio.to_thread(ends_of, pair.server)
        assert (len(data), end) == (10_000_000, "EOF")
        pair.server.sendall(b"answer")
        pair.server.close()
        assert await reader.read() == b"answer"
        writer.close()

    run(main())


def test_half_close_of_tls_on_asyncio_is_refused() -> None:
    """write_eof() of a TLS transport would say it less well: it names no way out."""

    class Transport(asyncio.Transport):
        def get_extra_info(self, name: str, default: object = None) -> object:
            return {"ssl_object": self}.get(name, default)

    with pytest.raises(TypeError, match="TLS"):
        half_close(Transport())


def test_half_close_after_a_reset_says_so(pair: Pair) -> None:
    """ENOTCONN: nothing was half-closed."""
    abort(pair.server)
    time.sleep(0.05)
    with pytest.raises(OSError, match="not connected"):
        half_close(pair.client)


@pytest.mark.skipif(sys.platform != "linux", reason="says what Linux does")
@pytest.mark.parametrize("blocking", [True, False])
def test_linger_blocks_even_a_non_blocking_socket(pair: Pair, blocking: bool) -> None:
    """Linux: close() waits the whole second for a peer which does not read."""
    fill(pair.server)
    pair.server.setblocking(blocking)
    linger(pair.server, 1)
    start = time.monotonic()
    pair.server.close()
    assert 0.9 < time.monotonic() - start < 3
    assert ends_of(pair.client)[1] == "EOF"  # the kernel went on sending


@pytest.mark.skipif(sys.platform != "linux", reason="says what Linux does")
def test_linger_returns_when_all_is_acknowledged(wire: Wire) -> None:
    """On a wire of 50 ms each way close() takes a round trip, not the time."""
    wire.delay = 0.05
    (one,) = wire.pairs(1)
    one.server.sendall(b"x")
    linger(one.server, 5)
    start = time.monotonic()
    one.server.close()
    assert 0.1 <= time.monotonic() - start < 1
    one.close()


def test_linger_sets_and_clears_the_option(pair: Pair) -> None:
    """SO_LINGER {1, t}, and off for None."""
    linger(pair.client, 3)
    get = pair.client.getsockopt
    assert struct.unpack("ii", get(socket.SOL_SOCKET, socket.SO_LINGER, 8)) == (1, 3)
    linger(pair.client, None)
    assert get(socket.SOL_SOCKET, socket.SO_LINGER, 8)[:4] == b"\0" * 4


@pytest.mark.parametrize("seconds", [0, -1, 32768])
def test_linger_out_of_range_is_refused(pair: Pair, seconds: int) -> None:
    """0 would be an abort in disguise."""
    with pytest.raises(ValueError, match="linger takes 1 to 32767 seconds"):
        linger(pair.client, seconds)


@pytest.mark.skipif(sys.platform != "linux", reason="refused on Linux only")
def test_linger_on_an_event_loop_is_refused(pair: Pair, run: Run) -> None:
    """It would stop every other connection of the loop."""

    async def main() -> None:
        _, writer = await asyncio.open_connection(sock=pair.client)
        with pytest.raises(ValueError, match="aclose_gracefully"):
            linger(writer, 1)
        writer.close()

    run(main())


def test_this_system_is_described() -> None:
    """The documentation of close() after linger has this platform."""
    assert sys.platform in WHAT_CLOSE_DOES
