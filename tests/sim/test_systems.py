"""Where operating systems differ, as their sources and documents say."""

import pytest

from lastack.tcp.flags import ACK, RST
from lastack.tcp.scenario import (
    Step,
    client,
    client_host,
    established,
    network,
    server,
    settle,
    wait,
)

from .story import SECOND, Story, gaps, tell


def _flags(story: Story, by: str = "client") -> list[int]:
    return [s.flags for s in story.sent(by) if s.flags & RST]


# Nagle holds the 300 octets until the answer before them is acknowledged.
_UNREAD = [*established(1), server.send(300), wait(0.4), client.close(), settle()]


@pytest.mark.parametrize("system", ["linux", "macos", "windows"])
def test_unread_data_at_close_sends_a_reset(system: str) -> None:
    """R. at once."""
    assert _flags(tell(_UNREAD, client=system, server="linux"))[0] == RST | ACK


def test_unread_data_at_close_sends_a_fin_on_freebsd() -> None:
    """tcp_disconnect flushes the queue and sends FIN."""
    story = tell(_UNREAD, client="freebsd", server="linux")
    assert _flags(story) == []
    assert len(story.sent("client", flags="F.")) == 1


def test_illumos_resets_without_acknowledging() -> None:
    """tcp_xmit_ctl(..., 0, TH_RST): a bare R, and its acknowledgement 0."""
    story = tell(_UNREAD, client="illumos", server="linux")
    reset = next(s for s in story.sent("client") if s.flags & RST)
    assert (reset.flags, reset.ack, reset.window) == (RST, 0, 0)


def test_macos_resets_without_timestamps() -> None:
    """Options need (flags & TH_RST) == 0 there, on a flow that has timestamps."""
    story = tell(_UNREAD, client="macos", server="linux")
    reset = next(s for s in story.sent("client") if s.flags & RST)
    assert story.sent("client")[-2].options.timestamp is not None
    assert reset.options.timestamp is None


@pytest.mark.parametrize("system", ["linux", "freebsd", "illumos", "macos", "windows"])
def test_linger_zero_resets_everywhere(system: str) -> None:
    """SO_LINGER {1, 0} sends a RST at once on every system."""
    story = tell(
        established(1), wait(0.2), client.linger(0), client.close(), settle(),
        client=system,
    )  # fmt: skip
    assert len(_flags(story)) == 1


def _stuck(*after: Step | list[Step], system: str) -> Story:
    return tell(
        server.listen(options={"SO_RCVBUF": 4096}),
        client.connect(),
        server.accept(),
        client.nonblocking(),
        client.send(20_000),
        *after,
        client=system,
        server="linux",
    )


@pytest.mark.parametrize(
    ("system", "blocking", "result", "seconds"),
    [
        ("linux", True, "0", 2.0),
        ("linux", False, "0", 2.0),
        ("freebsd", True, "-EWOULDBLOCK", 2.0),
        ("freebsd", False, "0", 0.0),
        ("macos", True, "0", 2.0),
        ("macos", False, "0", 0.0),
        ("windows", False, "-EWOULDBLOCK", 0.0),
        ("windows", True, "0", 2.0),
    ],
)
def test_close_with_linger(
    system: str, blocking: bool, result: str, seconds: float
) -> None:
    """What close() gives, and after how long, when its SO_LINGER time is too short."""
    steps: list[Step] = [client.set("O_NONBLOCK", 0)] if blocking else []
    story = _stuck(*steps, client.linger(2), client.close(), wait(1), system=system)
    close = story.calls("close")[0]
    assert close.result == result
    # Up to a tick less, or a bucket of 32 ms more.
    assert seconds * 0.99 <= close.duration / SECOND <= seconds * 1.016


def test_windows_resets_when_linger_expires_and_others_drain_on() -> None:
    """The connection is terminated (closesocket), or the kernel goes on."""
    steps = [client.set("O_NONBLOCK", 0), client.linger(2), client.close(), wait(1)]
    assert _flags(_stuck(*steps, system="windows")) == [RST | ACK]
    for system in ("linux", "freebsd", "macos"):
        assert _flags(_stuck(*steps, system=system)) == []


@pytest.mark.parametrize(
    ("system", "first"),
    [("linux", "F."), ("freebsd", "F."), ("illumos", "F."), ("windows", "R.")],
)
def test_a_killed_process(system: str, first: str) -> None:
    """FIN on Unix, RST on Windows."""
    story = tell(established(1), wait(0.2), client.kill(), settle(), client=system)
    assert story.lines("client")[-2 if first == "F." else -1].startswith(
        f"client {first}"
    )


@pytest.mark.parametrize(
    ("system", "result"),
    [("linux", "0"), ("freebsd", "-ECONNRESET"), ("illumos", "-ECONNRESET")],
)
def test_reading_after_end_of_file_and_a_reset(system: str, result: str) -> None:
    """Linux says end of file for ever; the others say what happened."""
    story = tell(
        established(1),
        server.close(),
        client.receive().gives("0"),
        client.send(1),
        settle(),
        client.receive(),
        client=system,
    )
    assert story.result("recvfrom") == result


@pytest.mark.parametrize(
    ("system", "silent"),
    [("linux", True), ("illumos", True), ("freebsd", False), ("macos", False)],
)
def test_giving_up_on_a_dead_path(system: str, silent: bool) -> None:
    """Linux ends in silence; tcp_drop of BSD and macOS sends a RST."""
    story = tell(
        established(1), wait(1), network.cut(), client.send(10), client.receive(),
        client=system,
    )  # fmt: skip
    assert story.result("recvfrom") == "-ETIMEDOUT"
    assert (_flags(story) == []) is silent


@pytest.mark.parametrize(
    ("system", "seconds", "silent"),
    [
        ("linux", 60, True),
        ("illumos", 60, True),
        ("macos", 60, False),
        ("freebsd", 675, True),
        ("windows", 120, True),
    ],
)
def test_fin_wait_2_of_an_orphan(system: str, seconds: int, silent: bool) -> None:
    """How long it lasts, and that macOS ends it with a RST."""
    story = tell(established(1), client.close(), wait(700), client=system)
    moves = [m for _, m in story.run.transitions["client"]]
    if moves[-1].rule.name == "keepalive-given-up":  # pragma: no cover
        pytest.fail("keepalive ended it first")
    began = next(m.time for m in moves if m.after.value == "FIN_WAIT_2")
    assert (moves[-1].time - began) / SECOND == pytest.approx(seconds, rel=0.035)
    assert (_flags(story) == []) is silent


@pytest.mark.parametrize(
    ("system", "seconds"),
    [("linux", 60), ("freebsd", 60), ("illumos", 60), ("macos", 30), ("windows", 120)],
)
def test_time_wait(system: str, seconds: int) -> None:
    """Twice the maximum segment lifetime, which each defines for itself."""
    story = tell(
        established(1), client.close(), server.receive(), server.close(), wait(200),
        client=system, server="linux",
    )  # fmt: skip
    moves = [m for _, m in story.run.transitions["client"]]
    assert moves[-1].rule.name == "time-wait-over"
    found = (moves[-1].time - moves[-2].time) / SECOND
    assert found == pytest.approx(seconds, rel=0.035)


def test_windows_tries_a_refused_port_three_times_more() -> None:
    """KB175523: RST is followed by SYN, SYN, SYN."""
    story = tell(client.connect(), client="windows", server="linux")
    assert len(story.sent("client", flags="S")) > 1
    assert story.result("connect") in {"-ECONNREFUSED", "-ETIMEDOUT"}
    assert len(tell(client.connect()).sent("client", flags="S")) == 1


@pytest.mark.parametrize(
    ("system", "probes", "last"), [("linux", 9, 7875), ("macos", 8, 7800)]
)
def test_keepalive_by_default(system: str, probes: int, last: int) -> None:
    """Two hours of silence, then probes 75 s apart, then R. and ETIMEDOUT."""
    story = tell(
        established(1),
        client.set("SO_KEEPALIVE"),
        wait(1),
        network.cut(),
        client.receive(),
        client=system,
        hours=4,
    )
    late = [s for s in story.sent("client") if s.time > 7000 * SECOND]
    assert story.result("recvfrom") == "-ETIMEDOUT"
    assert len(late) == probes + 1
    assert late[-1].time / SECOND == pytest.approx(last, rel=0.01)


def test_freebsd_keeps_every_connection_alive() -> None:
    """always_keepalive=1: probes come although nobody asked for them."""
    story = tell(established(1), wait(7300), client="freebsd", server="linux")
    assert len(story.sent("client")) == len(tell(established(1)).sent("client")) + 1


@pytest.mark.parametrize(
    ("system", "result"), [("linux", "5"), ("freebsd", "0"), ("macos", "-ECONNRESET")]
)
def test_data_after_shutdown_of_reading(system: str, result: str) -> None:
    """Linux receives it, FreeBSD throws it away, macOS resets."""
    story = tell(
        established(1), client.shutdown("RD"), server.send(5), wait(0.3),
        client.receive(), client=system,
    )  # fmt: skip
    assert story.result("recvfrom") == result


def test_hop_limits_tell_systems_apart() -> None:
    """128 on Windows, 64 on the others."""
    found = {
        system: tell(established(0), client=system).sent("client")[0].ttl
        for system in ("linux", "freebsd", "illumos", "macos", "windows")
    }
    assert found.pop("windows") == 128
    assert set(found.values()) == {64}


def test_a_setting_holds_for_every_system() -> None:
    """tcp_fin_timeout is a Linux name for what all of them have."""
    for system in ("freebsd", "illumos", "windows"):
        story = tell(
            client_host.sysctl("tcp_fin_timeout", 2),
            established(1),
            client.close(),
            wait(4),
            client=system,
        )
        assert story.states("client")[-1] == "CLOSED", gaps(story.sent("client"))


@pytest.mark.parametrize("system", ["linux", "freebsd", "illumos", "macos", "windows"])
def test_closing_a_socket_in_time_wait_leaves_time_wait_alone(system: str) -> None:
    """SO_LINGER {1, 0} has nobody to reset there (FreeBSD: tcp_usr_close)."""
    story = tell(
        established(1), client.shutdown("WR"), wait(0.5), server.close(), wait(0.5),
        client.linger(0), client.close(), settle(), client=system, server="linux",
    )  # fmt: skip
    assert _flags(story) == []
    assert story.states("client")[-1] == "TIME_WAIT"
