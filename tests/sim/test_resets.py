"""Both forms of RST, as 168 of 168 of Linux looked (kernel: tcp_send_reset)."""

import pytest

from lastack.tcp.flags import ACK, RST
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
from lastack.tcp.segment import Options, Segment

from .story import Story, tell


def _reset(story: Story, by: str) -> Segment:
    resets = [segment for segment in story.sent(by) if segment.flags & RST]
    assert resets, story.lines()
    return resets[0]


_ACTIVE: dict[str, tuple[str, list[Step]]] = {
    "unread": (
        "TCP_ABORT_ON_CLOSE",
        [*established(1), server.send(300), wait(0.1), client.close()],
    ),
    "linger zero": (
        "TCP_STATE",
        [*established(1), wait(0.1), client.linger(0), client.close()],
    ),
    "keepalive": (
        "TCP_KEEPALIVE_TIMEOUT",
        [
            *established(1),
            wait(0.1),
            *client.keepalive(1, 1, 3),
            network.cut("server"),
            wait(6),
        ],
    ),
    "linger2 negative": (
        "TCP_ABORT_ON_LINGER",
        [
            *established(1),
            client.shutdown("WR"),
            wait(0.2),
            client.linger2(-1),
            client.close(),
        ],
    ),
    "destroyed": ("TCP_STATE", [*established(1), wait(0.1), client_host.destroy()]),
    "disconnected": ("TCP_STATE", [*established(1), wait(0.1), client.disconnect()]),
    "killed with unread data": (
        "TCP_ABORT_ON_CLOSE",
        [*established(1), server.send(300), wait(0.1), client.kill()],
    ),
    "too many orphans": (
        "TCP_ABORT_ON_MEMORY",
        [
            client_host.sysctl("tcp_max_orphans", 0),
            *established(1),
            wait(0.1),
            client.close(),
        ],
    ),
}


@pytest.mark.parametrize("cause", _ACTIVE)
def test_a_live_socket_resets_in_the_active_form(cause: str) -> None:
    """R., SND.NXT, RCV.NXT, a window, timestamps, and the flow's next IP ID."""
    reason, steps = _ACTIVE[cause]
    story = tell(steps, settle())
    reset = _reset(story, "client")
    sent = story.sent("client")
    before = sent[sent.index(reset) - 1]
    assert reset.flags == RST | ACK
    assert reset.window > 0
    assert reset.options.timestamp is not None
    assert reset.ip_id == (before.ip_id + 1) & 0xFFFF
    assert story.reasons("client")[0] == reason


_PASSIVE: dict[str, tuple[str, list[Step]]] = {
    "data after close": (
        "TCP_TIMEWAIT_SOCKET",
        [*established(1), client.close(), wait(0.2), server.send(10)],
    ),
    "data crossed the close": (
        "TCP_ABORT_ON_DATA",
        [*established(1), wait(0.1), client.close(), server.send(10)],
    ),
    "rebooted, nobody listens": (
        "NO_SOCKET",
        [*established(1), wait(0.1), client_host.reboot(), server.send(10)],
    ),
    "shutdown of both, then data": (
        "TCP_ABORT_ON_DATA",
        [*established(1), client.shutdown("RDWR"), wait(0.2), server.send(10)],
    ),
    "linger2 negative at close": (
        "TCP_ABORT_ON_DATA",
        [*established(1), wait(0.1), client.linger2(-1), client.close()],
    ),
}


@pytest.mark.parametrize("cause", _PASSIVE)
def test_an_answer_has_the_passive_form(cause: str) -> None:
    """R alone, the offender's SEG.ACK, no window, no options, IP ID 0."""
    reason, steps = _PASSIVE[cause]
    story = tell(steps, settle())
    reset = _reset(story, "client")
    offender = [s for s in story.sent("server", where="client") if s.time <= reset.time]
    assert reset.flags == RST
    assert reset.seq == offender[-1].ack
    assert (reset.ack, reset.window, reset.ip_id) == (0, 0, 0)
    assert reset.options == Options()
    assert reset.time == offender[-1].time
    assert story.reasons("client")[0] == reason


def test_a_closed_port_answers_a_syn_with_its_number_acknowledged() -> None:
    """R. with SEG.SEQ 0 and SEG.ACK = SYN + 1 (RFC 9293 3.5.2)."""
    story = tell(client.connect(), settle())
    syn, reset = story.sent("client")[0], _reset(story, "server")
    assert (reset.flags, reset.seq, reset.ack) == (RST | ACK, 0, syn.seq + 1)
    assert story.result("connect") == "-ECONNREFUSED"


def test_a_listener_refuses_a_stray_acknowledgement_as_tcp_flags() -> None:
    """After a reboot with a listener the reason is TCP_FLAGS, not NO_SOCKET."""
    story = tell(
        established(1),
        wait(0.1),
        server_host.reboot(),
        server.start(),
        server.listen(),
        client.send(10),
        settle(),
    )
    assert story.reasons("server") == ["TCP_FLAGS"]


def test_a_reset_is_never_answered() -> None:
    """A RST that nobody expects gets no answer (RFC 9293 3.5.2)."""
    story = tell(network.forge("server", "R"), network.forge("server", "R."), settle())
    assert story.sent("server") == []


def test_the_socket_s_hop_limit_is_not_that_of_its_kernel_s_answers() -> None:
    """An active RST has the socket's IP_TTL, a passive one the default."""
    active = tell(
        established(1),
        client.set("IP_TTL", 33),
        wait(0.1),
        client.linger(0),
        client.close(),
        settle(),
    )
    passive = tell(
        established(1),
        client.set("IP_TTL", 33),
        client.close(),
        wait(0.2),
        server.send(1),
        settle(),
    )
    assert _reset(active, "client").ttl == 33
    assert _reset(passive, "client").ttl == 64


def test_the_window_of_a_reset_jumps_when_unread_data_is_thrown_away() -> None:
    """The receive queue is flushed first, so the RST offers the whole buffer."""
    story = tell(
        established(0), client.send(100_000).in_background(), wait(1),
        server.close(), settle(),
    )  # fmt: skip
    resets = [s for s in story.sent("server") if s.flags & RST and s.flags & ACK]
    last = [s for s in story.sent("server") if s.time < resets[0].time][-1]
    assert resets[0].window >= 2 * last.window


def test_unread_data_wins_over_linger_zero_on_linux() -> None:
    """Close with both is ABORT_ON_CLOSE; a system that tests linger first differs."""
    steps = [
        *established(1), server.send(300), wait(0.1), client.linger(0), client.close(),
    ]  # fmt: skip
    assert tell(steps).reasons("client") == ["TCP_ABORT_ON_CLOSE"]
    assert tell(steps, client="illumos").reasons("client")[0] == "TCP_STATE"


def test_data_that_crossed_a_close_is_answered_twice() -> None:
    """R at the FIN's number, and another for the late ACK of the FIN."""
    story = tell(
        established(1), wait(0.1), client.close(), server.send(10), settle(),
        wire=Wire(delay=0.05),
    )  # fmt: skip
    resets = [s for s in story.sent("client") if s.flags & RST]
    fin = story.sent("client", flags="F.")[0]
    assert [r.seq for r in resets] == [fin.seq, fin.seq + 1]
