"""The traces from which this project started, replayed.

Each printed interval of the sources within 5 %; rows of the list of what must
work are named by their numbers.
"""

from itertools import pairwise

import pytest

from lastack.tcp.events import SocketState
from lastack.tcp.flags import RST
from lastack.tcp.scenario import (
    Step,
    Wire,
    client,
    established,
    network,
    server,
    server_host,
    settle,
    wait,
)

from .story import SECOND, Story, gaps, tell

_LOOPBACK = Wire(delay=0.00005)


def _drain(system: str, *after: Step | list[Step], wire: Wire = _LOOPBACK) -> Story:
    """A server that does not read, a client that sends and closes with linger."""
    return tell(
        server.listen(options={"SO_RCVBUF": 4344}),
        client.connect(),
        server.accept(),
        client.nonblocking(),
        client.send(20_000),
        *after,
        client=system,
        server="linux",
        wire=wire,
    )


def test_row_1_a_killed_client_sends_fin_and_the_reset_answers_a_write() -> None:
    """FIN at the kill; RST "after exactly 2 s", when the server's timer writes."""
    story = tell(established(1), client.kill(), wait(2), server.send(10), settle())
    fin, reset = story.sent("client")[-2:]
    assert fin.flags & 1
    assert reset.flags == RST
    assert (reset.time - fin.time) / SECOND == pytest.approx(2.0, rel=0.05)


def test_row_7_a_close_that_is_90_seconds_late_is_reset() -> None:
    """The FIN of the late side finds no connection any more."""
    story = tell(established(1), client.close(), wait(90), server.close(), settle())
    reset = story.sent("client", flags="R")[0]
    first_fin = story.sent("client", flags="F.")[0]
    assert (reset.time - first_fin.time) / SECOND == pytest.approx(90, rel=0.05)
    assert story.result("close", by="server") == "0"


def test_row_10_freebsd_s_close_gives_ewouldblock_after_its_linger_time() -> None:
    """5 s of SO_LINGER, EWOULDBLOCK, and the kernel drains on."""
    story = _drain(
        "freebsd", client.set("O_NONBLOCK", 0), client.linger(5), client.close(),
        server.receive(20_000, everything=True), server.receive(),
    )  # fmt: skip
    close = story.calls("close")[0]
    assert close.result == "-EWOULDBLOCK"
    assert close.duration / SECOND == pytest.approx(5, rel=0.05)
    assert [c.result for c in story.calls("recvfrom", by="server")] == ["20000", "0"]


@pytest.mark.parametrize("linger", [3, 5])
def test_row_11_freebsd_probes_every_five_seconds(linger: int) -> None:
    """A steady 5 s, which is TCPTV_PERSMIN and not the linger time."""
    story = _drain("freebsd", client.linger(linger), client.close(), wait(40))
    probes = [s for s in story.sent("client") if s.time > SECOND]
    assert len(probes) >= 6
    assert all(gap == pytest.approx(5, rel=0.05) for gap in gaps(probes))


def test_row_11_linux_probes_back_off_from_a_quarter_second_to_two_minutes() -> None:
    """0.24, 0.49, then doubling to 57.9 and 116 s in the source, each within 5 %.

    A first interval of 0.24 s is the RTO of a path of 16 ms, there and back.
    """
    story = _drain(
        "linux", client.linger(5), wait(400), client.close(), wire=Wire(delay=0.008)
    )
    closed = next(s for s in story.sent("server", where="client") if not s.window)
    probes = [
        s
        for s in story.sent("client", flags=".")
        if not s.payload and s.time > closed.time
    ]
    found = gaps([closed, *probes])
    assert found[:2] == [pytest.approx(0.24, rel=0.05), pytest.approx(0.49, rel=0.05)]
    assert found[8:10] == [pytest.approx(57.9, rel=0.05), pytest.approx(116, rel=0.05)]
    for shorter, longer in pairwise(found[:10]):
        assert longer == pytest.approx(2 * shorter, rel=0.05)


def test_row_11_a_draining_orphan_is_in_fin_wait_1_with_its_send_queue() -> None:
    """FIN-WAIT-1, Send-Q above 0, and the persist timer, as ss shows them."""
    story = _drain("linux", client.close(), wait(1))
    states = [e for e in story.run.events if isinstance(e, SocketState)]
    last = [e for e in states if e.host == "client"][-1]
    assert (last.state, last.orphan) == ("FIN-WAIT-1", True)
    assert last.send_queue > 0


def test_row_14_netstat_shows_every_state_of_an_orderly_close() -> None:
    """ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, TIME_WAIT; CLOSE_WAIT, LAST_ACK."""
    story = tell(
        established(1), client.close(), wait(0.1), server.receive(), server.close(),
        settle(),
    )  # fmt: skip
    assert story.states("client")[1:] == [
        "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "TIME_WAIT",
    ]  # fmt: skip
    assert story.states("server")[2:] == [
        "ESTABLISHED", "CLOSE_WAIT", "LAST_ACK", "CLOSED",
    ]  # fmt: skip


def test_row_14_closing_when_both_close_at_once() -> None:
    """Both FINs cross: CLOSING, then TIME_WAIT on both sides."""
    story = tell(established(1), wait(0.1), client.close(), server.close(), settle())
    for host in ("client", "server"):
        assert story.states(host)[-3:] == ["FIN_WAIT_1", "CLOSING", "TIME_WAIT"]


def test_row_15_a_rebooted_server_resets_what_it_does_not_know() -> None:
    """The write succeeds; ECONNRESET comes with the answer."""
    story = tell(
        established(1), wait(1), server_host.reboot(), client.send(5).gives("5"),
        client.receive().gives("-ECONNRESET"),
    )  # fmt: skip
    assert story.run.surprises == []


def _given_up_after(system: str, wire: Wire) -> float:
    """How long read() waits after a write to a server whose power is off, in s."""
    story = tell(
        established(1), wait(1), network.cut(), client.send(5).gives("5"),
        client.receive().gives("-ETIMEDOUT"), client=system, wire=wire,
    )  # fmt: skip
    assert story.run.surprises == []
    return story.calls("recvfrom")[-1].duration / SECOND


def test_row_16_illumos_gives_a_dead_server_up_after_311_seconds() -> None:
    """_ip_abort_interval is 5 minutes, and looked at when the timer fires.

    So it is 300 s and up to another 60; an RTO of 0.55 s makes it the 311 s of the
    trace, and one of 0.4 s (a fast path) 342 s.
    """
    assert _given_up_after("illumos", Wire(delay=0.11)) == pytest.approx(311, rel=0.05)
    for delay in (0.0001, 0.05, 0.1, 0.15):
        assert 300 <= _given_up_after("illumos", Wire(delay=delay)) <= 360.1


def test_row_16_linux_gives_a_dead_server_up_after_924_6_seconds() -> None:
    """tcp_retries2=15 is at least 924.6 s (ip-sysctl.rst), and not 5 % more."""
    assert 924.6 <= _given_up_after("linux", Wire(delay=0.005)) <= 924.6 * 1.05


def test_row_18_the_other_side_of_a_half_close_may_send_for_hours() -> None:
    """Data is accepted two hours after the FIN."""
    story = tell(
        established(1),
        client.shutdown("WR"),
        wait(7200),
        server.send(100).gives("100"),
        client.receive().gives("100"),
        server.close(),
        client.receive().gives("0"),
    )
    assert story.run.surprises == []


def test_row_19_one_octet_of_two_read_is_a_reset_and_both_read_is_not() -> None:
    """R. after the first, a four-way close after the second."""
    for read, reset in ((1, True), (2, False)):
        story = tell(
            established(0),
            client.send(2),
            wait(0.1),
            server.receive(read, everything=True),
            server.close(),
            settle(),
        )
        assert bool(story.sent("server", flags="R.")) is reset


def test_row_20_shutdown_first_shows_the_peer_an_end_and_then_a_reset() -> None:
    """F. and then R. of the same side."""
    story = tell(
        established(0),
        client.send(2),
        wait(0.1),
        server.shutdown("WR"),
        client.receive().gives("0"),
        wait(0.1),
        server.close(),
        settle(),
    )
    flags = [line.split()[1] for line in story.lines() if line.startswith("server")]
    assert flags[-2:] == ["F.", "R."]
    assert story.run.surprises == []


def test_row_21_shutdown_of_reading_does_not_prevent_the_reset_on_linux() -> None:
    """shutdown(RD) leaves the queue, so close() is ABORT_ON_CLOSE."""
    story = tell(
        established(0), client.send(2), wait(0.1), server.shutdown("RD"), server.close()
    )
    assert story.reasons("server") == ["TCP_ABORT_ON_CLOSE"]
