"""What the calls do, judged by `lastack explain` on a capture of them."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from lastack.closing import (
    IdleClose,
    abort,
    aclose_gracefully,
    close_gracefully,
    detect_dead_peer_within,
    half_close,
    lingering_close,
)

from .conftest import EndingOf, Run, ends_of
from .namespaces import Pair, Wire

IN_ORDER = {"orderly-close", "half-close"}


def read_and_close(sock: socket.socket) -> None:
    ends_of(sock)
    sock.close()


def causes(verdict: dict[str, Any]) -> list[tuple[str, str]]:
    """The verdict and its alternatives: packets cannot always tell them apart."""
    return [(one["ending"], one["by"]) for one in (verdict, *verdict["alternatives"])]


@pytest.fixture
def captured(ending_of: EndingOf) -> Any:
    """A connection whose handshake is in its capture."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def run(act: Callable[[Pair], object]) -> dict[str, Any]:
        with listener, ending_of.capturing(port) as capture:
            client = socket.create_connection(("127.0.0.1", port), timeout=5)
            pair = Pair(client, listener.accept()[0])
            pair.client.sendall(b"unread")
            pair.server.sendall(b"answer")
            time.sleep(0.1)
            client_ends = threading.Thread(target=read_and_close, args=(client,))
            client_ends.start()
            act(pair)
            client_ends.join()
            pair.close()
        return ending_of(capture)

    return run


def test_a_plain_close(captured: Any) -> None:
    """The failure: a reset by the server, unread data among its causes."""
    verdict = captured(lambda pair: pair.server.close())
    assert ("unread-data-at-close", "server") in causes(verdict)
    assert verdict["ending"] not in IN_ORDER


def test_close_gracefully(captured: Any) -> None:
    """In order, ended first by the server."""
    verdict = captured(lambda pair: close_gracefully(pair.server))
    assert verdict["ending"] in IN_ORDER
    assert verdict["by"] == "server"


def test_aclose_gracefully(captured: Any, run: Run) -> None:
    """The same of asyncio and uvloop."""

    async def act(pair: Pair) -> None:
        await aclose_gracefully(*await asyncio.open_connection(sock=pair.server))

    verdict = captured(lambda pair: run(act(pair)))
    assert verdict["ending"] in IN_ORDER


def test_abort(captured: Any) -> None:
    """A live socket was aborted, by the server; linger-zero is among the causes."""
    verdict = captured(lambda pair: abort(pair.server))
    assert ("linger-zero", "server") in causes(verdict)
    assert verdict["ending"] not in IN_ORDER


def test_half_close(captured: Any) -> None:
    """The client's data after the server's FIN is accepted: a half-close."""

    def act(pair: Pair) -> None:
        half_close(pair.server)
        time.sleep(0.1)
        ends_of(pair.server)

    assert captured(act)["ending"] in IN_ORDER


def test_idle_close(ending_of: EndingOf, run: Run) -> None:
    """Closed by agreement is closed in order, by the server."""

    async def shout(request: bytes) -> bytes:
        return request.upper()

    async def main(listener: socket.socket) -> None:
        times = IdleClose(idle=0.1)
        streams = await asyncio.open_connection(*listener.getsockname())
        accepted, _ = listener.accept()
        serving = asyncio.create_task(
            times.serve(*await asyncio.open_connection(sock=accepted), shout)
        )
        client = times.connection(*streams)
        assert await client.request(b"a") == b"A"
        assert (await serving).agreed

    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        ending_of.capturing(listener.getsockname()[1]) as capture,
    ):
        run(main(listener))
    verdict = ending_of(capture)
    assert (verdict["ending"], verdict["by"]) == ("orderly-close", "server")


def upload(client: socket.socket) -> None:
    with contextlib.suppress(OSError):
        client.sendall(b"x" * 300_000)
    read_and_close(client)


def test_lingering_close_on_a_slow_and_lossy_wire(
    ending_of: EndingOf, wire: Wire
) -> None:
    """20 ms each way, 1 % loss, upload refused in the middle: in order."""
    wire.delay, wire.loss = 0.02, 0.01
    with ending_of.capturing(7, wire) as capture:
        (pair,) = wire.pairs(1)
        capture.port = pair.client.getsockname()[1]
        uploading = threading.Thread(target=upload, args=(pair.client,))
        uploading.start()
        assert lingering_close(pair.server, b"413").in_order
        uploading.join()
    capture.frames = [each for each in capture.frames if capture.belongs(each[1])]
    capture.write()
    verdict = ending_of(capture)
    assert verdict["ending"] in IN_ORDER
    assert verdict["by"] == "server"


@pytest.mark.parametrize(
    ("writes", "ending"),
    [(False, "keepalive-timeout"), (True, "retransmission-timeout")],
)
def test_a_dead_peer(
    ending_of: EndingOf, wire: Wire, writes: bool, ending: str
) -> None:
    """Cut off: idle is a keepalive timeout, sending a retransmission timeout."""
    with ending_of.capturing(7, wire) as capture:
        (pair,) = wire.pairs(1)
        capture.port = pair.client.getsockname()[1]
        pair.client.sendall(b"hello")
        pair.server.recv(5)
        time.sleep(0.3)
        detect_dead_peer_within(pair.client, 4)
        wire.cut()
        if writes:
            pair.client.send(b"x")
        pair.client.settimeout(10)
        with pytest.raises(OSError):  # noqa: PT011
            pair.client.recv(1)
        pair.close()
    capture.frames = [each for each in capture.frames if capture.belongs(each[1])]
    capture.write()
    verdict = ending_of(capture)
    assert (verdict["ending"], verdict["by"]) == (ending, "client")
