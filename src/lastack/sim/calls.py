"""The user's calls of RFC 9293 3.10, on one connection.

Errors are raised as `CallError` with the name that errno has in C; a call that
would have to wait raises it with `EAGAIN`. Waiting is the business of
`host.py`.
"""

from typing import Final

from lastack.sim import rules
from lastack.sim.clock import Timer, arm, disarm
from lastack.sim.delayed_ack import after_reading
from lastack.sim.output import transmit
from lastack.sim.personality import Push, UnreadAtClose
from lastack.sim.receive_window import discard, grow_buffer, release
from lastack.sim.reset import send_active_reset
from lastack.sim.syn import send_syn
from lastack.sim.tcb import Tcb
from lastack.sim.urgent import passed, take, to_mark
from lastack.sim.waiting import begin_mini_socket
from lastack.tcp.sequence import add
from lastack.tcp.states import TRANSITIONS, Event, State

_RESETTABLE: Final = frozenset(
    {
        State.SYN_RECEIVED,
        State.ESTABLISHED,
        State.CLOSE_WAIT,
        State.FIN_WAIT_1,
        State.FIN_WAIT_2,
    }
)
_UNCONNECTED: Final = frozenset({State.CLOSED, State.LISTEN})
_OPENING: Final = frozenset({State.SYN_SENT, State.SYN_RECEIVED})
_RECORD: Final = 832  # what ss -m shows beyond the octets, each burst
_SEGMENTS_A_WINDOW: Final = 3  # tcp_sndbuf_expand: two, of which two thirds are data


class CallError(Exception):
    """A call failed; `errno` is the error's name, `ECONNRESET`."""

    def __init__(self, errno: str) -> None:
        super().__init__(errno)
        self.errno = errno


def open_active(tcb: Tcb) -> None:
    """OPEN to a foreign socket: send a SYN (3.10.1)."""
    if tcb.state is not State.CLOSED:
        raise CallError("EISCONN")
    tcb.active_open = True
    tcb.move(Event.OPEN_ACTIVE, rules.OPEN_ACTIVE)
    send_syn(tcb)
    tcb.first_sent = tcb.now
    arm(tcb, Timer.RETRANSMISSION, tcb.rto)


def open_passive(tcb: Tcb) -> None:
    """OPEN and wait for one SYN (3.10.1)."""
    tcb.accepted = False
    tcb.move(Event.OPEN_PASSIVE, rules.OPEN_PASSIVE)


def send(tcb: Tcb, data: bytes, *, urgent: bool = False) -> int:
    """SEND (3.10.2): queue `data`; return how much of it was taken.

    With `urgent` its last octet is urgent (MSG_OOB).
    """
    if tcb.state in _OPENING and not tcb.error:
        raise CallError("EAGAIN")
    if tcb.shut_write or tcb.error:
        raise CallError(_error_on_write(tcb))
    if tcb.state in _UNCONNECTED:
        raise CallError("ENOTCONN")
    room = send_room(tcb)
    if room <= 0:
        raise CallError("EAGAIN")
    taken = data[:room]
    _mark_push(tcb, len(taken))
    tcb.send_queue += taken
    if urgent:
        tcb.urgent_at = tcb.write_seq
    transmit(tcb)
    return len(taken)


def send_room(tcb: Tcb) -> int:
    """Return how many octets send() would take, in whole segments where they count."""
    p = tcb.personality
    queued = queued_to_send(tcb)
    size = tcb.segment_size
    if not p.send_slack.value:
        limit = tcb.send_limit or max(p.send_buffer.value, tcb.send_grown)
        return limit - queued
    if tcb.send_limit:
        return tcb.send_limit // size * size - queued
    # The last segment may go beyond the limit (sk_stream_memory_free).
    return -((queued - max(p.send_buffer.value, tcb.send_grown)) // size) * size


def grow_send_buffer(tcb: Tcb) -> None:
    """A writer waits: let it have more room, as SND.CWND has grown.

    tcp_input.c:tcp_new_space, tcp_sndbuf_expand; ss -m shows tb4608 a segment.
    """
    p = tcb.personality
    if p.send_slack.value:
        grown = p.send_buffer.value * tcb.cwnd // p.initial_window.value
    else:
        grown = _SEGMENTS_A_WINDOW * tcb.cwnd * tcb.mss
    tcb.send_grown = max(tcb.send_grown, min(grown, p.send_buffer_max.value))


def is_writable(tcb: Tcb) -> bool:
    """Whether a third of the send buffer is free (stream.c:sk_stream_is_writeable)."""
    if not tcb.personality.send_slack.value or tcb.send_limit:
        return 2 * send_room(tcb) >= queued_to_send(tcb)
    records = -(-len(tcb.flight) // 2) + bool(tcb.send_queue)
    queued = queued_to_send(tcb) + records * _RECORD
    limit = max(tcb.personality.send_buffer.value, tcb.send_grown)
    return limit - queued >= queued >> 1


def queued_to_send(tcb: Tcb) -> int:
    """Return Send-Q without SYN and FIN: octets not yet acknowledged."""
    return len(tcb.send_queue) + sum(len(entry.payload) for entry in tcb.flight)


def _error_on_write(tcb: Tcb) -> str:
    if tcb.error and (
        tcb.personality.write_reports_error_first.value or not tcb.shut_write
    ):
        error, tcb.error = tcb.error, ""
        return error
    return "EPIPE"


def _mark_push(tcb: Tcb, count: int) -> None:
    """The end of a write is pushed (tcp_push)."""
    if tcb.personality.push.value is Push.END_OF_WRITE:
        if tcb.send_queue and tcb.pushes and tcb.pushes[-1] == tcb.write_seq:
            tcb.pushes.pop()  # this write goes on where the last one ended
        tcb.pushes.append(add(tcb.snd_nxt, len(tcb.send_queue) + count))


def receive(tcb: Tcb, size: int, *, peek: bool = False) -> bytes:
    """RECEIVE (3.10.3): return at most `size` octets, `b""` at end of file."""
    if tcb.receive_queue:
        data = _read(tcb, size, peek=peek)
        if size and tcb.synchronized and not tcb.mini:
            after_reading(tcb)
        if data or not size:
            return data
    p = tcb.personality
    if tcb.done and p.end_of_file_hides_error.value:
        tcb.fin_unread = tcb.fin_unread and peek
        return b""
    if tcb.error:
        error, tcb.error = tcb.error, ""
        raise CallError(error)
    if tcb.done or tcb.shut_read:
        return b""
    if tcb.state in _UNCONNECTED:
        raise CallError("ENOTCONN")
    raise CallError("EAGAIN")


def _read(tcb: Tcb, size: int, *, peek: bool) -> bytes:
    """Read up to the urgent octet, or past it where reading begins there."""
    ahead = to_mark(tcb)
    hole = ahead == 0 and size > 0
    end = min(size, ahead) if ahead > 0 else size + hole
    data = bytes(tcb.receive_queue[hole:end])
    if not peek and size:
        grow_buffer(tcb, len(data) + hole)
        del tcb.receive_queue[:end]
        release(tcb, len(data) + hole)
        passed(tcb)
        if not tcb.receive_queue:
            tcb.fin_unread = False
    return data


def receive_urgent(tcb: Tcb) -> bytes:
    """Return the urgent octet once (MSG_OOB).

    Raises EINVAL if there is none, EAGAIN if it is only announced. It stays in the
    receive queue as well, so a close still finds it unread.
    """
    octet, error = take(tcb)
    if error:
        raise CallError(error)
    return octet


def shutdown(tcb: Tcb, *, read: bool, write: bool) -> None:
    """Close one direction or both, and keep the descriptor (POSIX shutdown)."""
    gone = tcb.state is State.TIME_WAIT and tcb.mini
    if tcb.state in _UNCONNECTED or gone:
        raise CallError("ENOTCONN")
    if tcb.state is State.SYN_SENT:
        tcb.error = "ECONNRESET"  # tcp.c:tcp_disconnect
        tcb.move(Event.CLOSE, rules.CLOSE_BEFORE_SYN)
        disconnected(tcb)
        return
    if read:
        tcb.shut_read = True
        if tcb.personality.read_shutdown_discards.value:
            discard(tcb)
    if write and not tcb.shut_write:
        tcb.shut_write = True
        if tcb.state is not State.SYN_RECEIVED:  # else when it is established
            send_fin(tcb)


def disconnected(tcb: Tcb) -> None:
    """The socket may connect anew, with numbers beyond the old (tcp_disconnect)."""
    tcb.done = tcb.shut_read = tcb.shut_write = False
    tcb.left_unsent += tcb.max_snd_wnd + 2


def send_fin(tcb: Tcb) -> None:
    """Let a FIN follow what is queued, if the state allows one."""
    if Event.CLOSE not in TRANSITIONS[tcb.state]:
        return
    tcb.move(Event.CLOSE, rules.FIN_SENT)
    if tcb.state is State.CLOSED:
        return
    tcb.fin_queued = True
    transmit(tcb)


def close(tcb: Tcb, *, linger: int | None = None) -> None:
    """CLOSE (3.10.4): no descriptor refers to the connection any more.

    `linger` is SO_LINGER's time, or None; 0 aborts.
    """
    p = tcb.personality
    tcb.shut_read = True
    tcb.fin_unread = False
    aborts = linger == 0
    resets = p.unread_at_close.value is UnreadAtClose.RESET
    unread = bool(tcb.receive_queue) and resets
    if tcb.state in _UNCONNECTED or tcb.state is State.TIME_WAIT:
        # Linux' socket knows nothing of its bucket; BSD's tcp_usr_close looks.
        tcb.orphan = True
        if tcb.state is State.LISTEN:
            tcb.move(Event.CLOSE, rules.CLOSE_BEFORE_SYN)
        return
    if tcb.state is State.SYN_SENT:
        tcb.orphan = True
        tcb.move(Event.CLOSE, rules.CLOSE_BEFORE_SYN)
        return
    discard(tcb)
    if unread and not (aborts and p.linger_zero_first.value):
        _abort(
            tcb, rules.UNREAD_AT_CLOSE, "TCP_ABORT_ON_CLOSE", p.unread_at_close.source
        )
        tcb.note("counter", "TCPAbortOnClose")
    elif aborts:
        abort(tcb, rule=rules.LINGER_ZERO)
        tcb.note("counter", "TCPAbortOnData")
    elif not tcb.shut_write or tcb.state is State.SYN_RECEIVED:
        tcb.shut_write = True
        send_fin(tcb)
    become_orphan(tcb)


def become_orphan(tcb: Tcb) -> None:
    """No program is there any more, not even one that waits in close()."""
    tcb.orphan = True
    if tcb.state is State.FIN_WAIT_2:
        if tcb.linger2 < 0:
            _abort(tcb, rules.LINGER2_NEGATIVE, "TCP_ABORT_ON_LINGER")
            tcb.note("counter", "TCPAbortOnLinger")
        elif not tcb.mini:
            start_fin_wait_2(tcb)


def _abort(tcb: Tcb, rule: rules.Rule, reason: str, source: str = "") -> None:
    send_active_reset(tcb, reason)
    discard(tcb)
    tcb.move(Event.ABORT, rule, source)


def abort(tcb: Tcb, *, rule: rules.Rule = rules.ABORTED, source: str = "") -> None:
    """ABORT (3.10.5): a RST if there is a peer to tell, and no more."""
    if tcb.state in _RESETTABLE:
        _abort(tcb, rule, "TCP_STATE", source)
    elif tcb.state in (State.LAST_ACK, State.CLOSING) and (
        tcb.send_queue or (tcb.fin_queued and tcb.fin_seq < 0)
    ):
        _abort(tcb, rule, "TCP_DISCONNECT_WITH_DATA", source)
    elif tcb.state is not State.CLOSED:
        tcb.move(Event.ABORT, rule, source)
    discard(tcb)


def abort_for_memory(tcb: Tcb) -> None:
    """Too many orphans: reset this one, in whatever state (tcp_check_oom)."""
    if tcb.state is not State.CLOSED:
        tcb.note("counter", "TCPAbortOnMemory")
        _abort(tcb, rules.ORPHAN_LIMIT, "TCP_ABORT_ON_MEMORY")


def start_fin_wait_2(tcb: Tcb, *, whole: bool = False) -> None:
    """An orphan reached FIN_WAIT_2: it may not wait for ever.

    `whole` if it must remain a socket, since there is a FIN to look at.

    Linux counts twice for TCP_LINGER2 over 60 s: what exceeds TIME_WAIT's time
    as a full socket, and the same again without one.
    """
    p = tcb.personality
    limit = p.fin_wait_2.value
    if tcb.linger2 > 0:
        limit = min(tcb.linger2, p.linger2_max.value)
    if p.mini_sockets.value:
        limit = max(limit, (tcb.rto << 2) - (tcb.rto >> 1))
        disarm(tcb, Timer.KEEPALIVE)
        if limit > p.time_wait.value:
            limit -= p.time_wait.value
        elif not whole:
            tcb.mini = True
            begin_mini_socket(tcb)
    arm(tcb, Timer.FIN_WAIT_2, limit)
