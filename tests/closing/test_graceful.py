"""close_gracefully and lingering_close, on real sockets."""

import asyncio
import contextlib
import socket
import sys
import threading
import time

import pytest

from lastack.closing import (
    How,
    aclose_gracefully,
    aclose_transport,
    alingering_close,
    close_gracefully,
    lingering_close,
)
from lastack.closing.graceful import _raise_pending_error

from .conftest import Run, ends_of, fill
from .namespaces import Pair, Wire


def in_background(work: object) -> threading.Thread:
    assert callable(work)
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_plain_close_with_unread_data_is_a_reset(pair: Pair) -> None:
    """The failure itself: close() with data unread resets the peer."""
    pair.client.sendall(b"unread")
    pair.server.sendall(b"answer")
    time.sleep(0.05)
    pair.server.close()
    assert ends_of(pair.client) == (b"answer", "ECONNRESET")


def test_close_gracefully_ends_in_order(pair: Pair) -> None:
    """With data unread the peer still gets the answer and end of file."""
    pair.client.sendall(b"unread")
    pair.server.sendall(b"answer")
    seen = []

    def client() -> None:
        seen.append(ends_of(pair.client))
        pair.client.close()

    thread = in_background(client)
    closed = close_gracefully(pair.server, 5)
    thread.join()
    assert seen == [(b"answer", "EOF")]
    assert (closed.how, closed.drained, closed.peer_ended) == (
        How.PEER_CLOSED,
        6,
        True,
    )
    assert closed.in_order
    assert closed.unacknowledged == 0
    assert pair.server.fileno() == -1


def test_a_silent_peer_is_a_timeout(pair: Pair) -> None:
    """A peer which never closes costs `timeout`, and is reported."""
    closed = close_gracefully(pair.server, 0.1)
    assert (closed.how, closed.peer_ended) == (How.TIMEOUT, False)
    assert pair.server.fileno() == -1


def test_a_peer_that_sends_on_meets_the_limit(pair: Pair) -> None:
    """More than `limit` bytes are not read; the close is reported as cut."""
    pair.client.sendall(b"x" * 50_000)
    closed = close_gracefully(pair.server, 5, limit=1000)
    assert closed.how is How.LIMIT
    assert closed.drained > 1000


def test_a_reset_is_told_with_its_error(pair: Pair) -> None:
    """A peer that aborts while we wait: RESET, ECONNRESET, end not seen."""
    pair.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    pair.client.close()
    closed = close_gracefully(pair.server, 5)
    assert (closed.how, closed.peer_ended) == (How.RESET, False)
    assert isinstance(closed.error, OSError)


def test_a_reset_after_end_of_file_is_told(pair: Pair) -> None:
    """FIN, then RST: reads say only EOF, SO_ERROR tells that our bytes died."""
    pair.client.shutdown(socket.SHUT_WR)
    pair.server.sendall(b"nobody reads this")
    time.sleep(0.05)
    pair.client.close()  # unread data: RST in CLOSE_WAIT
    time.sleep(0.05)
    closed = close_gracefully(pair.server, 5)
    assert closed.how is How.RESET


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells it so")
def test_an_error_that_no_read_tells(pair: Pair) -> None:
    """RST after FIN: recv() says end of file, only SO_ERROR says EPIPE."""
    pair.client.shutdown(socket.SHUT_WR)
    pair.server.sendall(b"nobody reads this")
    time.sleep(0.05)
    pair.client.close()
    time.sleep(0.05)
    assert pair.server.recv(1) == b""
    with pytest.raises(BrokenPipeError):
        _raise_pending_error(pair.server)


@pytest.mark.parametrize("blocking", [True, False])
def test_works_on_either_kind_of_socket(pair: Pair, blocking: bool) -> None:
    """A blocking and a non-blocking socket are closed alike."""
    pair.server.setblocking(blocking)
    pair.client.close()
    assert close_gracefully(pair.server, 5).how is How.PEER_CLOSED


def test_a_full_send_queue_reaches_a_slow_reader(pair: Pair) -> None:
    """All bytes written before the close arrive, though the peer reads late."""
    sent = fill(pair.server)
    seen = []

    def client() -> None:
        time.sleep(0.1)
        seen.append(ends_of(pair.client))
        pair.client.close()

    thread = in_background(client)
    assert close_gracefully(pair.server, 5).in_order
    thread.join()
    assert (len(seen[0][0]), seen[0][1]) == (sent, "EOF")


def upload_until_refused(client: socket.socket) -> tuple[bytes, str]:
    """A client that sends a body of 8 MB, then reads."""
    with contextlib.suppress(OSError):
        client.sendall(b"body" * 2_000_000)
    answer = ends_of(client)
    client.close()
    return answer


def test_the_refusal_arrives(pair: Pair) -> None:
    """lingering_close: a client in the middle of its body gets the whole 413."""
    seen = []
    thread = in_background(lambda: seen.append(upload_until_refused(pair.client)))
    pair.server.recv(1000)
    closed = lingering_close(pair.server, b"HTTP/1.1 413\r\n\r\n")
    thread.join()
    assert seen == [(b"HTTP/1.1 413\r\n\r\n", "EOF")]
    assert closed.in_order
    assert closed.drained > 7_000_000


def test_a_large_answer_to_a_peer_that_only_sends(pair: Pair) -> None:
    """An answer larger than the buffers does not deadlock with the body."""
    seen = []
    answer = b"a" * 8_000_000
    thread = in_background(lambda: seen.append(upload_until_refused(pair.client)))
    closed = lingering_close(pair.server, answer)
    thread.join()
    assert seen == [(answer, "EOF")]
    assert closed.in_order


def test_lingering_gives_up_on_silence(pair: Pair) -> None:
    """A peer which neither sends nor closes costs `idle`, not `timeout`."""
    closed = lingering_close(pair.server, b"no", timeout=60, idle=0.1)
    assert closed.how is How.SILENT


def test_the_refusal_arrives_on_a_slow_and_lossy_wire(wire: Wire) -> None:
    """The same with 20 ms each way and 2 % loss: 8 clients, 8 whole answers."""
    wire.delay, wire.loss = 0.02, 0.02
    pairs = wire.pairs(8)
    seen: list[tuple[bytes, str]] = []

    def client(sock: socket.socket) -> None:
        sock.settimeout(20)
        with contextlib.suppress(OSError):
            sock.sendall(b"body" * 50_000)
        seen.append(ends_of(sock))
        sock.close()

    clients = [threading.Thread(target=client, args=(one.client,)) for one in pairs]
    servers = [
        threading.Thread(target=lingering_close, args=(one.server, b"413"))
        for one in pairs
    ]
    for thread in clients + servers:
        thread.start()
    for thread in clients + servers:
        thread.join()
    assert seen == [(b"413", "EOF")] * 8


def test_the_asyncio_twin_delivers_the_refusal(pair: Pair, run: Run) -> None:
    """alingering_close: as lingering_close, on streams."""

    async def main() -> None:
        reader, writer = await asyncio.open_connection(sock=pair.server)
        client = asyncio.to_thread(upload_until_refused, pair.client)
        uploading = asyncio.create_task(client)
        await reader.read(1000)
        closed = await alingering_close(reader, writer, b"413")
        assert closed.in_order
        assert closed.drained > 7_000_000
        assert await uploading == (b"413", "EOF")

    run(main())


def test_the_asyncio_twin_times_out(pair: Pair, run: Run) -> None:
    """aclose_gracefully: a peer that never closes costs `timeout`."""

    async def main() -> None:
        streams = await asyncio.open_connection(sock=pair.server)
        closed = await aclose_gracefully(*streams, 0.1)
        assert (closed.how, closed.peer_ended) == (How.TIMEOUT, False)

    run(main())
    assert ends_of(pair.client) == (b"", "EOF")


def test_the_asyncio_twin_after_the_peer_closed(pair: Pair, run: Run) -> None:
    """End of file read already: nothing to wait for."""

    async def main() -> None:
        reader, writer = await asyncio.open_connection(sock=pair.server)
        pair.client.sendall(b"x")
        pair.client.shutdown(socket.SHUT_WR)
        assert await reader.read() == b"x"
        assert (await aclose_gracefully(reader, writer, 5)).in_order

    run(main())


def test_the_asyncio_twin_tells_a_reset(pair: Pair, run: Run) -> None:
    """The peer aborts: RESET, not an exception."""

    async def main() -> None:
        streams = await asyncio.open_connection(sock=pair.server)
        pair.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        pair.client.close()
        assert (await aclose_gracefully(*streams, 5)).how is How.RESET

    run(main())


def test_a_bare_transport(pair: Pair, run: Run) -> None:
    """aclose_transport: FIN, drain to the peer's end, for any protocol."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(asyncio.Protocol, sock=pair.server)
        transport.write(b"answer")
        uploading = asyncio.create_task(
            asyncio.to_thread(upload_until_refused, pair.client)
        )
        closed = await aclose_transport(transport, 5, limit=1 << 30)
        assert closed.in_order
        assert closed.drained == 8_000_000
        assert await uploading == (b"answer", "EOF")

    run(main())


def test_a_bare_transport_whose_peer_is_silent(pair: Pair, run: Run) -> None:
    """aclose_transport gives up after `timeout` and closes."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(asyncio.Protocol, sock=pair.server)
        assert (await aclose_transport(transport, 0.1)).how is How.TIMEOUT
        assert transport.is_closing()

    run(main())


@pytest.mark.parametrize("limits", [{"timeout": -1}, {"limit": -1}])
def test_a_negative_limit_is_refused(pair: Pair, limits: dict[str, int]) -> None:
    """Nonsense is an error of the caller and leaves the socket open."""
    with pytest.raises(ValueError, match="must be 0 or more"):
        close_gracefully(pair.server, **limits)
    assert pair.server.fileno() >= 0


def test_a_tls_socket_is_refused(pair: Pair) -> None:
    """TLS needs close_notify first; the message says so."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls = context.wrap_socket(
        pair.client, do_handshake_on_connect=False, server_hostname="x"
    )
    with tls, pytest.raises(TypeError, match="unwrap"):
        close_gracefully(tls)
