"""What programs on Linux see: poll, recv, send and SO_ERROR after each event.

Measured on 6.18; each case is a row of the table of endings and errors.
"""

import pytest

from lastack.tcp.scenario import (
    Refusal,
    Step,
    client,
    client_host,
    established,
    network,
    server,
    server_host,
    settle,
    wait,
)

from .story import tell

_RESET = "POLLIN|POLLOUT|POLLERR|POLLHUP|POLLRDHUP"

_CASES: dict[str, list[Step]] = {
    "FIN": [
        server.close(),
        wait(0.1),
        client.poll().gives("POLLIN|POLLOUT|POLLRDHUP"),
        client.receive().gives("0"),
        client.error().gives("0"),
        client.send(1).gives("1"),
    ],
    "FIN, own FIN sent too": [
        server.close(),
        client.shutdown("WR"),
        wait(0.1),
        client.poll().gives("POLLIN|POLLOUT|POLLHUP|POLLRDHUP"),
        client.receive().gives("0"),
        client.send(1).gives("-EPIPE"),
    ],
    "own shutdown(WR)": [
        client.shutdown("WR"),
        wait(0.1),
        client.poll().gives("POLLOUT"),
        client.receive(wait=False).gives("-EAGAIN"),
        client.send(1).gives("-EPIPE"),
    ],
    "own shutdown(RD)": [
        client.shutdown("RD"),
        client.poll().gives("POLLIN|POLLOUT|POLLRDHUP"),
        server.send(5),
        wait(0.1),
        client.receive().gives("5"),
        client.receive().gives("0"),
        client.send(1).gives("1"),
    ],
    "RST with data queued": [
        server.send(6),
        wait(0.1),
        server.linger(0),
        server.close(),
        wait(0.1),
        client.poll().gives(_RESET),
        client.receive(3).gives("3"),
        client.receive(3).gives("3"),
        client.receive().gives("-ECONNRESET"),
        client.receive().gives("0"),
        client.send(1).gives("-EPIPE"),
    ],
    "RST, send first": [
        server.linger(0),
        server.close(),
        wait(0.1),
        client.send(1).gives("-ECONNRESET"),
        client.receive().gives("0"),
    ],
    "RST, SO_ERROR first": [
        server.linger(0),
        server.close(),
        wait(0.1),
        client.error().gives("-ECONNRESET"),
        client.receive().gives("0"),
    ],
    "RST in CLOSE_WAIT": [
        server.close(),
        wait(0.1),
        client.send(1).gives("1"),
        wait(0.1),
        client.poll().gives(_RESET),
        client.receive().gives("0"),
        client.send(1).gives("-EPIPE"),
    ],
    "RST in CLOSE_WAIT, SO_ERROR": [
        server.close(),
        wait(0.1),
        client.send(1),
        wait(0.1),
        client.error().gives("-EPIPE"),
    ],
    "retransmission timeout": [
        client_host.sysctl("tcp_retries2", 2),
        network.cut(),
        client.send(1),
        wait(5),
        client.poll().gives(_RESET),
        client.receive().gives("-ETIMEDOUT"),
        client.receive().gives("0"),
        client.send(1).gives("-EPIPE"),
    ],
    "keepalive timeout": [
        *client.keepalive(1, 1, 2),
        network.cut(),
        client.receive().gives("-ETIMEDOUT"),
        client.send(1).gives("-EPIPE"),
    ],
    "destroyed by ss -K": [
        client_host.destroy(),
        client.poll().gives(_RESET),
        client.receive().gives("-ECONNABORTED"),
        client.send(1).gives("-EPIPE"),
    ],
    "nothing": [
        client.poll().gives("POLLOUT"),
        client.receive(wait=False).gives("-EAGAIN"),
        client.error().gives("0"),
    ],
}


@pytest.mark.parametrize("event", _CASES)
def test_linux_tells_programs(event: str) -> None:
    """Every call gives what it gave on the kernel."""
    story = tell(established(1), wait(0.1), *_CASES[event])
    assert story.run.surprises == []


def test_a_refused_connect_leaves_an_unconnected_socket() -> None:
    """-ECONNREFUSED, then POLLOUT|POLLHUP and no error."""
    story = tell(
        client.connect().gives("-ECONNREFUSED"),
        client.poll().gives("POLLOUT|POLLHUP"),
        client.error().gives("0"),
    )
    assert story.run.surprises == []


def test_a_non_blocking_connect_is_in_progress_and_then_refused() -> None:
    """-EINPROGRESS, and SO_ERROR has the reason."""
    story = tell(
        client.connect(options={"O_NONBLOCK": 1}).gives("-EINPROGRESS"),
        settle(),
        client.error().gives("-ECONNREFUSED"),
    )
    assert story.run.surprises == []


def test_accept_succeeds_on_a_connection_that_was_reset() -> None:
    """accept() gives it, recv() -ECONNRESET, send() -EPIPE."""
    story = tell(
        server.listen(),
        client.connect(),
        client.linger(0),
        client.close(),
        settle(),
        server.accept(),
        server.receive().gives("-ECONNRESET"),
        server.send(1).gives("-EPIPE"),
    )
    assert story.run.surprises == []


@pytest.mark.parametrize(
    ("how", "errno"),
    [
        ("host-unreachable", "-EHOSTUNREACH"),
        ("net-unreachable", "-ENETUNREACH"),
        ("port-unreachable", "-ECONNREFUSED"),
        ("admin-prohibited", "-EHOSTUNREACH"),
        ("tcp-reset", "-ECONNREFUSED"),
    ],
)
def test_a_firewall_s_answer_decides_connect_s_errno(how: Refusal, errno: str) -> None:
    """ICMP ends a connect() at once, each code with its errno."""
    assert tell(server_host.reject(how), client.connect()).result("connect") == errno


def test_icmp_only_changes_the_errno_of_an_established_connection_s_timeout() -> None:
    """A soft error: retransmission goes on, then EHOSTUNREACH (RFC 5461)."""
    story = tell(
        client_host.sysctl("tcp_retries2", 2),
        established(1),
        wait(0.1),
        server_host.reject("host-unreachable"),
        client.send(1).gives("1"),
        client.receive().gives("-EHOSTUNREACH"),
    )
    assert story.run.surprises == []
