"""Each probe finds its fault in a server that has it, and none in one that has not."""

import contextlib
import socket
import time
from collections.abc import Callable

import msgspec
import pytest
from tests.check.servers import Behaviour

from lastack.check import probes
from lastack.check.examination import Finding, examine
from lastack.check.probe import Verdict
from lastack.check.server import Server, Settings

UnderTest = Callable[..., Server]


def probed(server: Server, name: str) -> Finding:
    """Run one probe."""
    found = examine(server, {name: probes.load()[name]}, "the server")
    return found.findings[0]


def test_a_server_that_does_right_is_good_throughout(
    under_test: UnderTest, needs_root: None
) -> None:
    """All probes call a server good that lingers, times out and answers all."""
    report = examine(under_test(Behaviour()), probes.load(), "the server")
    told = {each.probe: (each.verdict, each.server_did) for each in report.findings}
    assert {
        name: told[name] for name in told if told[name][0] is not Verdict.GOOD
    } == {}
    assert len(told) == len(probes.load())
    assert report.connections <= 200


@pytest.mark.parametrize("name", ["accept-queue", "reset-mid-exchange"])
def test_a_probe_opens_what_it_announces(under_test: UnderTest, name: str) -> None:
    """The limit is kept by the announcement: every connection is in it, and counted."""
    server = under_test(Behaviour())
    before = server.opened
    probe = probes.load()[name]
    probe.observe(server)
    assert server.opened - before == probe.connections(server.settings)


def test_reset_on_an_unread_body(under_test: UnderTest) -> None:
    """Answering 413 and closing with the body unread puts the answer at risk."""

    class Wrong(Behaviour):
        linger = False

    finding = probed(under_test(Wrong()), "unread-request-body")
    assert finding.verdict is Verdict.BAD
    assert "413" in finding.server_did
    assert "reset" in finding.server_did


def test_answer_lost_on_an_unread_body(under_test: UnderTest) -> None:
    """Closing on a body without an answer is told apart from an answer at risk."""

    class Wrong(Behaviour):
        linger = False

        def refuse_body(self, sock: socket.socket) -> None:
            time.sleep(0.05)

    finding = probed(under_test(Wrong()), "unread-request-body")
    assert finding.verdict is Verdict.BAD
    assert "the answer is lost" in finding.server_did


def test_body_neither_read_nor_refused(under_test: UnderTest) -> None:
    """Answering early and then not reading leaves the sender stuck."""

    class Wrong(Behaviour):
        def refuse_body(self, sock: socket.socket) -> None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            super().refuse_body(sock)
            time.sleep(4)

    server = under_test(Wrong(), Settings(wait=0.5, patience=0.5, body_size=16 << 20))
    finding = probed(server, "unread-request-body")
    assert finding.verdict is Verdict.BAD
    assert "took only" in finding.server_did


def test_close_wait_leak(under_test: UnderTest) -> None:
    """A server that does not react to end of file is found."""

    class Wrong(Behaviour):
        def end_of_file(self, sock: socket.socket) -> None:
            time.sleep(5)

    finding = probed(under_test(Wrong()), "client-closes-first")
    assert finding.verdict is Verdict.BAD
    assert "had not closed" in finding.server_did
    assert "CLOSE_WAIT" in finding.why


def test_half_close_taken_for_an_abort(under_test: UnderTest) -> None:
    """A server that drops its answer at end of file is found."""

    class Wrong(Behaviour):
        def answer(self, sock: socket.socket, *, close: bool) -> None:
            time.sleep(0.05)
            sock.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                if not sock.recv(1, socket.MSG_PEEK):
                    raise ConnectionAbortedError
            sock.setblocking(True)
            super().answer(sock, close=close)

    finding = probed(under_test(Wrong()), "half-close-after-request")
    assert finding.verdict is Verdict.BAD
    assert "without a whole answer, 3 of 3 times" in finding.server_did


def test_half_close_answered_but_never_closed(under_test: UnderTest) -> None:
    """An answer alone is not enough: the connection must end."""

    class Wrong(Behaviour):
        def end_of_file(self, sock: socket.socket) -> None:
            time.sleep(8)

    finding = probed(under_test(Wrong()), "half-close-after-request")
    assert finding.verdict is Verdict.BAD
    assert "had not closed" in finding.server_did


def test_tiny_accept_queue(under_test: UnderTest) -> None:
    """A backlog of 1 before a slow accept makes clients wait for TCP's retries."""

    class Wrong(Behaviour):
        backlog = 1

        def accepting(self) -> None:
            time.sleep(0.05)

    finding = probed(under_test(Wrong()), "accept-queue")
    assert finding.verdict is Verdict.BAD
    assert "retry" in finding.server_did


NEVER_TIMES_OUT = {
    "silent-client": "not seen to close",
    "idle-close-race": "not seen to close",
}


@pytest.mark.parametrize("name", NEVER_TIMES_OUT)
def test_never_times_out(under_test: UnderTest, name: str) -> None:
    """Beyond the limit, never closing is bad; below it, it is not told."""

    class Wrong(Behaviour):
        idle_seconds = None

    strict = Settings(wait=0.5, patience=1, idle_limit=0.5)
    finding = probed(under_test(Wrong(), strict), name)
    assert finding.verdict is Verdict.BAD
    assert NEVER_TIMES_OUT[name] in finding.server_did
    bounded = Settings(wait=0.5, patience=1, idle_limit=60)
    finding = probed(under_test(Wrong(), bounded), name)
    assert finding.verdict is Verdict.NOT_TOLD
    assert "within 0.5 s" in finding.server_did


def test_a_vanished_client_is_kept_for_ever(
    under_test: UnderTest, needs_root: None
) -> None:
    """A server without idle timeout and keepalive still holds the absent client."""

    class Wrong(Behaviour):
        idle_seconds = None

    strict = Settings(wait=0.5, patience=1, idle_limit=0.5)
    finding = probed(under_test(Wrong(), strict), "vanished-client")
    assert finding.verdict is Verdict.BAD
    assert "still held the connection" in finding.server_did


def test_abrupt_close_after_the_answer(under_test: UnderTest) -> None:
    """SO_LINGER {1, 0} after a whole answer is found."""

    class Wrong(Behaviour):
        linger_zero = True

        def close(self, sock: socket.socket) -> None:
            time.sleep(0.1)
            super().close(sock)

    finding = probed(under_test(Wrong()), "close-after-answer")
    assert finding.verdict is Verdict.BAD
    assert "in full, then reset" in finding.server_did


def test_truncated_answer(under_test: UnderTest) -> None:
    """A FIN in the middle of an answer is no good end."""

    class Wrong(Behaviour):
        def answer(self, sock: socket.socket, *, close: bool) -> None:
            if not close:
                super().answer(sock, close=close)
            else:
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")

    finding = probed(under_test(Wrong()), "close-after-answer")
    assert finding.verdict is Verdict.BAD
    assert "before its answer was whole" in finding.server_did


def test_not_closing_when_asked(under_test: UnderTest) -> None:
    """A server that ignores Connection: close is found."""

    class Wrong(Behaviour):
        def close(self, sock: socket.socket) -> None:
            time.sleep(3)
            super().close(sock)

    server = under_test(Wrong(), Settings(wait=0.5, patience=0.5))
    finding = probed(server, "close-after-answer")
    assert finding.verdict is Verdict.BAD
    assert "had not closed" in finding.server_did


@pytest.mark.parametrize("name", ["silent-client", "stops-reading"])
def test_one_client_at_a_time(under_test: UnderTest, name: str) -> None:
    """A server that serves one connection to its end before the next is found."""

    class Wrong(Behaviour):
        one_at_a_time = True
        linger = False
        idle_seconds = 4.0

    server = under_test(Wrong(), Settings(wait=0.5, patience=0.7))
    server.pause(0.1)
    finding = probed(server, name)
    assert finding.verdict is Verdict.BAD
    assert "nobody else" in finding.server_did


def test_slow_reader_cut_off(under_test: UnderTest) -> None:
    """A server that drops what a stalled client has not taken is found."""

    class Wrong(Behaviour):
        write_timeout = 0.3
        linger_zero = True

        def serve(self, sock: socket.socket) -> None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            super().serve(sock)

    finding = probed(under_test(Wrong()), "stops-reading")
    assert finding.verdict is Verdict.BAD
    assert "whole, then reset" in finding.server_did


def test_a_reset_stops_the_server(under_test: UnderTest) -> None:
    """ECONNRESET that reaches the accept loop is found."""

    class Wrong(Behaviour):
        broken = False

        def serve(self, sock: socket.socket) -> None:
            try:
                super().serve(sock)
            except ConnectionError:
                Wrong.broken = True
                raise

        def accepting(self) -> None:
            if Wrong.broken:
                time.sleep(5)

    server = under_test(Wrong(), Settings(wait=0.5, patience=0.7))
    finding = probed(server, "reset-mid-exchange")
    assert finding.verdict is Verdict.BAD
    assert "no answer" in finding.server_did


def test_idle_close_by_reset(under_test: UnderTest) -> None:
    """A server that resets idle connections is found."""

    class Wrong(Behaviour):
        linger_zero = True
        idle_seconds = 0.3

    finding = probed(under_test(Wrong()), "idle-close-race")
    assert finding.verdict is Verdict.BAD
    assert "reset the idle connection" in finding.server_did


def test_idle_race_lost_without_notice(under_test: UnderTest) -> None:
    """A short, unannounced idle time with a plain close loses late requests."""

    class Wrong(Behaviour):
        linger = False
        announce = ""
        idle_seconds = 0.4

    finding = probed(under_test(Wrong()), "idle-close-race")
    assert finding.verdict is Verdict.BAD
    assert "a late one is reset" in finding.server_did


def test_idle_time_announced_is_enough(under_test: UnderTest) -> None:
    """A plain close is good where its time was announced and kept."""

    class Fair(Behaviour):
        linger = False

    finding = probed(under_test(Fair()), "idle-close-race")
    assert finding.verdict is Verdict.GOOD
    assert "announced 1 s" in finding.server_did


def test_idle_time_announced_too_long(under_test: UnderTest) -> None:
    """Closing before the announced time is found."""

    class Wrong(Behaviour):
        announce = "Keep-Alive: timeout=60\r\n"
        idle_seconds = 0.4

    finding = probed(under_test(Wrong()), "idle-close-race")
    assert finding.verdict is Verdict.BAD
    assert "closes before the time" in finding.why


def test_late_bytes_after_fin(under_test: UnderTest) -> None:
    """A plain close resets late bytes, a lingering one does not; both are told."""

    class Plain(Behaviour):
        linger = False

    finding = probed(under_test(Plain()), "data-after-server-fin")
    assert finding.verdict is Verdict.GOOD
    assert "reset the late bytes" in finding.server_did
    finding = probed(under_test(Behaviour()), "data-after-server-fin")
    assert "it lingers" in finding.server_did


def test_observations_are_data(under_test: UnderTest) -> None:
    """What a probe saw goes into JSON as numbers, beside its verdict."""
    finding = probed(under_test(Behaviour()), "close-after-answer")
    decoded = msgspec.json.decode(msgspec.json.encode(finding))
    assert decoded["verdict"] == "good"
    assert decoded["observed"]["end"] == "closed"
