"""Each interval that was measured on Linux 6.18 comes out within 5 ms or 1 %.

A kernel's timer wheel rounds by where in its buckets a timer is set, so a
measured trace is one of many. The claim is that some moment to begin at gives
all the intervals of the trace, in order.
"""

from collections.abc import Callable

import pytest

from lastack.sim.personalities import load
from lastack.tcp.scenario import (
    Step,
    Wire,
    client,
    client_host,
    established,
    network,
    server,
    server_host,
    settle,
    wait,
)
from lastack.tcp.segment import Segment

from .story import MS, SECOND, Story, gaps, tell

LINUX = load("linux")


def _near(measured: float, simulated: float) -> bool:
    return abs(measured - simulated) <= max(0.005, measured * 0.01)


def _reproduces(
    measured: list[float], story: Callable[[float, int], Story], pick: str
) -> bool:
    """Whether beginning at some moment gives the measured intervals."""
    for late in range(0, 256, 8):
        for seed in (1, 3):
            told = story(late / 1000, seed)
            if pick == "SYN":
                picked = told.sent("client", flags="S")
            else:
                picked = told.sent("client")[-len(measured) - 1 :]
            found = gaps(picked)[: len(measured)]
            if len(found) == len(measured) and all(map(_near, measured, found)):
                return True
    return False


def test_retransmissions_double_as_measured() -> None:
    """Loss probe 212 ms, then 216, 448 and 860 ms (blackhole-write)."""

    def story(late: float, seed: int) -> Story:
        return tell(
            client_host.sysctl("tcp_retries2", 3),
            established(1),
            wait(0.07 + late),
            network.cut(),
            client.send(22),
            wait(3.3),
            seed=seed,
        )

    assert _reproduces([0.2123, 0.2160, 0.4480, 0.8600], story, "last")


def test_a_fin_is_retransmitted_as_measured() -> None:
    """216, 216, 440 and 860 ms, then the orphan is gone (blackhole-close)."""

    def story(late: float, seed: int) -> Story:
        return tell(
            client_host.sysctl("tcp_orphan_retries", 3),
            established(1),
            wait(0.07 + late),
            network.cut(),
            client.close(),
            wait(8),
            seed=seed,
        )

    assert _reproduces([0.2156, 0.2160, 0.4401, 0.8600], story, "last")


def test_keepalive_probes_come_as_measured() -> None:
    """1.082 s, then 1.024 s apart, and R. one interval after the third."""

    def story(late: float, seed: int) -> Story:
        return tell(
            established(1),
            wait(0.07 + late),
            client.keepalive(1, 1, 3),
            network.cut(),
            wait(6),
            seed=seed,
        )

    assert _reproduces([1.0239, 1.0240, 1.0242], story, "last")


def test_syns_are_repeated_as_measured() -> None:
    """0, 1.02 and 3.03 s; connect() fails at 7.16 s (tcp_syn_retries=2)."""

    def story(late: float, seed: int) -> Story:
        return tell(
            client_host.sysctl("tcp_syn_retries", 2),
            client_host.sysctl("tcp_syn_linear_timeouts", 0),
            network.cut(),
            wait(late),
            client.connect().gives("-ETIMEDOUT"),
            seed=seed,
        )

    assert _reproduces([1.02, 2.01], story, "SYN")
    told = story(0, 1)
    assert told.result("connect") == "-ETIMEDOUT"
    assert 7.0 <= told.calls("connect")[0].duration / SECOND <= 7.3


def _closed_window(*after: Step, late: float = 0, seed: int = 1) -> Story:
    return tell(
        server.listen(options={"SO_RCVBUF": 4096}),
        client.connect(),
        server.accept(),
        client.nonblocking(),
        wait(late),
        client.send(20_000),
        *after,
        wire=Wire(delay=0.005),
        seed=seed,
    )


def _probes(story: Story) -> list[Segment]:
    """Zero-window probes: no data, one left of what was acknowledged."""
    return [s for s in story.sent("client", flags=".") if not s.payload][1:]


def test_zero_window_probes_back_off_as_measured() -> None:
    """0.22, 0.45, 0.90, 1.76, 3.65 and 7.17 s (zw-persist), until 120 s."""
    measured = [0.4479, 0.8961, 1.7600, 3.6480, 7.1679]
    told = [
        gaps(_probes(_closed_window(wait(20), late=late / 1000)))
        for late in range(0, 256, 4)
    ]
    assert any(all(map(_near, measured, found)) for found in told)


def test_zero_window_probes_end_at_two_minutes() -> None:
    """The back-off stops at tcp_rto_max, 120 s, and goes on for ever."""
    probes = gaps(_probes(_closed_window(wait(3000))))
    assert probes[-1] == pytest.approx(120, rel=0.02)
    assert max(probes) < 124


def test_an_unanswered_peer_is_given_up_after_retries2_rounds() -> None:
    """ETIMEDOUT 3.46 s after the write with tcp_retries2=3; no RST.

    Or one round later, where roundings leave the first three short of 3.0 s.
    """
    waits = set()
    for late in range(0, 256, 16):
        story = tell(
            client_host.sysctl("tcp_retries2", 3),
            established(1),
            wait(0.07 + late / 1000),
            network.cut(),
            client.send(22),
            client.receive().gives("-ETIMEDOUT"),
            client.send(1).gives("-EPIPE"),
        )
        assert story.run.surprises == []
        assert story.reasons("client") == []
        waits.add(story.calls("recvfrom")[-1].duration / SECOND)
    assert any(_near(3.46, it) for it in waits)
    assert all(3.4 <= it <= 3.5 or 6.7 <= it <= 7.1 for it in waits)


def test_the_default_gives_a_dead_path_up_after_924_seconds() -> None:
    """tcp_retries2=15 is at least 924.6 s of retransmissions (ip-sysctl.rst)."""
    story = tell(
        established(1), wait(1), network.cut(), client.send(22), client.receive()
    )
    assert story.result("recvfrom") == "-ETIMEDOUT"
    assert 924.6 <= story.calls("recvfrom")[-1].duration / SECOND <= 950


def test_a_user_timeout_is_looked_at_when_a_retransmission_is_due() -> None:
    """TCP_USER_TIMEOUT 1500 ms ends at 1.94 s after the write."""
    story = tell(
        established(1),
        wait(0.07),
        client.user_timeout(1.5),
        network.cut(),
        client.send(22),
        client.receive(),
    )
    assert story.result("recvfrom") == "-ETIMEDOUT"
    assert 1.92 <= story.calls("recvfrom")[-1].duration / SECOND <= 1.97


def test_a_user_timeout_replaces_the_count_of_keepalive_probes() -> None:
    """Keepalive with TCP_USER_TIMEOUT 2500: R. at 3.06 s, after two probes."""
    story = tell(
        established(1),
        wait(0.07),
        client.user_timeout(2.5),
        client.keepalive(1, 1, 9),
        network.cut(),
        client.receive(),
    )
    after = [s for s in story.sent("client") if s.time > 120 * MS]
    reset = after[-1]
    assert story.reasons("client") == ["TCP_KEEPALIVE_TIMEOUT"]
    assert len(after) == 3
    assert 3.0 <= (reset.time - after[0].time + SECOND) / SECOND <= 3.2


def test_a_user_timeout_ends_a_closed_window_although_the_peer_answers() -> None:
    """3.28 s with TCP_USER_TIMEOUT 3000 (zw-user-timeout)."""
    story = _closed_window(
        client.user_timeout(3), client.set("O_NONBLOCK", 0), client.receive()
    )
    assert story.result("recvfrom") == "-ETIMEDOUT"
    assert 3.2 <= story.calls("recvfrom")[-1].duration / SECOND <= 3.32


def test_a_silent_peer_with_a_closed_window_is_given_up() -> None:
    """tcp_retries2=4 is four probes unanswered, about 10.6 s with those before."""
    story = _closed_window(
        client_host.sysctl("tcp_retries2", 4),
        wait(0.3),
        network.cut(),
        client.set("O_NONBLOCK", 0),
        client.receive(),
    )
    assert story.result("recvfrom") == "-ETIMEDOUT"
    assert story.counter("client", "TCPWinProbe") == 5


def test_the_acknowledgement_of_a_fin_is_40_to_44_ms_late() -> None:
    """tcp_fin() enters pingpong mode, so the ACK waits for TCP_DELACK_MIN."""
    story = tell(established(1), wait(0.1), client.close(), settle())
    fin = story.sent("client", where="server", flags="F.")[0]
    acknowledgement = story.sent("server")[-1]
    assert 40 * MS <= acknowledgement.time - fin.time <= 44 * MS


def test_fin_wait_2_of_an_orphan_lasts_60_seconds() -> None:
    """tcp_fin_timeout; it ends in silence, and the peer's FIN is then refused."""
    story = tell(established(1), client.close(), wait(65), server.close(), settle())
    moves = [m for _, m in story.run.transitions["client"]]
    began = next(m.time for m in moves if m.after.value == "FIN_WAIT_2")
    ended = next(m for m in moves if m.rule.name == "fin-wait-2-over")
    assert 60 <= (ended.time - began) / SECOND <= 62.1
    assert story.reasons("client") == ["NO_SOCKET"]


def test_linger2_of_62_seconds_is_2_as_a_socket_and_2_more() -> None:
    """tcp_fin_time() minus TIME_WAIT's length is used twice (fw2-linger2-62)."""
    story = tell(established(1), client.linger2(62), client.close(), wait(10))
    moves = [m for _, m in story.run.transitions["client"]]
    began = next(m.time for m in moves if m.after.value == "FIN_WAIT_2")
    ended = next(m.time for m in moves if m.rule.name == "fin-wait-2-over")
    assert 4.0 <= (ended - began) / SECOND <= 4.1


def test_fin_wait_2_with_its_owner_lasts_for_ever() -> None:
    """shutdown(WR) without close() has no timer (fw2-not-orphan)."""
    story = tell(established(1), client.shutdown("WR"), wait(9000), client.poll())
    assert story.states("client")[-1] == "FIN_WAIT_2"


def test_time_wait_lasts_60_seconds() -> None:
    """TCP_TIMEWAIT_LEN."""
    story = tell(
        established(1), client.close(), server.receive(), server.close(), wait(70)
    )
    moves = [m for _, m in story.run.transitions["client"]]
    assert moves[-1].rule.name == "time-wait-over"
    assert 60 <= (moves[-1].time - moves[-2].time) / SECOND <= 62.1


def test_an_orphan_s_fin_is_given_up_after_102_seconds() -> None:
    """tcp_orphan_retries 0 means 8: 0.2 s * (2**9 - 1) since the first, in silence.

    It is looked at when a retransmission is due, which is at 110 s here.
    """
    story = tell(established(1), wait(0.1), network.cut(), client.close(), wait(200))
    moves = [m for _, m in story.run.transitions["client"]]
    assert moves[-1].rule.name == "retransmission-given-up"
    assert 102 <= (moves[-1].time - moves[-2].time) / SECOND <= 112
    assert story.reasons("client") == []


def test_an_orphan_with_a_closed_window_ends_when_the_back_off_is_at_its_limit() -> (
    None
):
    """Ten probes and the last interval of 120 s, although each is answered.

    tcp_probe_timer: 0.21 s * (2**10 - 1) + 120 s; with tcp_rto_max_ms=2000 the
    kernel was measured to send four (zw-orphan-expires).
    """
    story = _closed_window(client.close(), wait(400))
    moves = [m for _, m in story.run.transitions["client"]]
    assert moves[-1].rule.name == "zero-window-given-up"
    assert 330 <= (moves[-1].time - moves[-2].time) / SECOND <= 350
    assert story.counter("client", "TCPWinProbe") == 10


def test_four_probes_end_an_orphan_whose_longest_interval_is_two_seconds() -> None:
    """zw-orphan-expires: tcp_rto_max_ms=2000, tcp_orphan_retries=4."""
    story = _closed_window(
        client_host.sysctl("tcp_rto_max_ms", 2000),
        client_host.sysctl("tcp_orphan_retries", 4),
        client.close(),
        wait(30),
    )
    assert story.counter("client", "TCPWinProbe") == 4
    assert story.states("client")[-1] == "CLOSED"


def test_a_syn_ack_is_repeated_after_one_second_and_then_doubles() -> None:
    """tcp_synack_retries=5: 1, 2, 4, 8, 16 s, and forgotten after 32 more."""
    story = tell(
        server.listen(), network.lose("server", "ACK", 9), client.connect(), wait(80)
    )
    found = gaps(story.sent("server", flags="S."))
    assert [round(gap) for gap in found] == [1, 2, 4, 8, 16]
    assert story.states("server")[-1] == "CLOSED"


def test_a_stale_connection_lets_the_syn_come_again_after_11_ms() -> None:
    """Challenge ACK, RST, and the SYN after TCP_TIMEOUT_MIN, not a second."""
    story = tell(
        server.listen(),
        client.connect(local_port=40_000),
        server.accept(),
        client_host.reboot(),
        client.start(),
        client.connect("b", local_port=40_000),
        settle(),
        wire=Wire(delay=0.005),
    )
    *_, first, second = story.sent("client", flags="S")
    reset = story.sent("client", flags="R")[0]
    assert second.seq == first.seq
    assert 8 * MS <= second.time - reset.time <= 12 * MS
    assert story.result("connect") == "0"


def test_close_with_linger_blocks_for_its_time() -> None:
    """SO_LINGER {1, 2}: 0 after 2.0 s and what a timer's bucket adds (32 ms)."""
    story = _closed_window(client.linger(2), client.close())
    close = story.calls("close")[0]
    assert close.result == "0"
    assert 2.0 <= close.duration / SECOND <= 2.032


def test_the_host_s_setting_changes_a_timer() -> None:
    """tcp_fin_timeout=2: the orphan is gone after two seconds."""
    story = tell(
        client_host.sysctl("tcp_fin_timeout", 2),
        server_host.sysctl("net.ipv4.tcp_fin_timeout", 3),
        established(1),
        client.close(),
        wait(3),
    )
    assert story.states("client")[-1] == "CLOSED"
