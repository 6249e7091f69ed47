"""What a connection sends: data, FIN, acknowledgements (RFC 9293 3.7, 3.8).

`transmit` sends what the windows allow and sets the timer that waits for the
answer. Everything goes to `tcb.outbox`.
"""

from typing import Final

from lastack.sim.clock import disarm, elapsed
from lastack.sim.patience import start_persist, wait_for_answer
from lastack.sim.personality import MS, Nagle, Push
from lastack.sim.receive_window import select_window
from lastack.sim.reset import next_ip_id, sack_blocks, timestamp
from lastack.sim.syn import send_syn
from lastack.sim.tcb import Flight, Tcb, Timer
from lastack.tcp.flags import ACK, FIN, PSH, SYN, URG
from lastack.tcp.segment import Options, Segment
from lastack.tcp.sequence import MODULUS, add, before, distance
from lastack.tcp.states import State

_NO_OPTIONS: Final = Options()
_LARGEST_BURST: Final = 65536
_SMALL_WINDOW: Final = 536
_LEAST_SIZE: Final = 36
_MAY_SEND: Final = frozenset(
    {
        State.ESTABLISHED,
        State.CLOSE_WAIT,
        State.FIN_WAIT_1,
        State.CLOSING,
        State.LAST_ACK,
    }
)


def segment_size(tcb: Tcb) -> int:
    """Return how many octets of data fit a segment beside its options.

    To a peer that never offered more it is half the window, or a small one whole
    (RFC 9293 3.8.6.2.1; tcp.h:tcp_bound_to_half_wnd).
    """
    size = tcb.mss - 12 if tcb.ts_ok else tcb.mss
    widest = tcb.max_snd_wnd
    if not widest or size <= widest >> 1:
        return size
    widest = widest >> 1 if widest > _SMALL_WINDOW else widest
    return min(size, max(widest, _LEAST_SIZE))


def emit(tcb: Tcb, flags: int, seq: int, payload: bytes = b"") -> None:
    """Queue a segment that acknowledges all that has been received."""
    options = _NO_OPTIONS
    if tcb.ts_ok or tcb.sacks or tcb.dsack:
        options = Options(
            timestamp=(timestamp(tcb), tcb.ts_recent) if tcb.ts_ok else None,
            sack=sack_blocks(tcb) if tcb.sack_ok else (),
        )
        tcb.dsack = None
    tcb.outbox.append(
        Segment(
            tcb.now,
            tcb.local,
            tcb.remote,
            flags,
            seq,
            tcb.rcv_nxt,
            select_window(tcb),
            payload,
            options,
            tcb.ttl,
            next_ip_id(tcb),
            True,
            tcb.tos,
        )
    )
    tcb.rcv_wup = tcb.rcv_nxt
    tcb.ack_now = False
    tcb.pushed_in = 0
    if tcb.quick and tcb.ack_due:
        tcb.quick -= 1
        if not tcb.quick:
            tcb.ack_delay = tcb.personality.delayed_ack.value
    tcb.ack_due = False
    tcb.deadlines.pop(Timer.DELAYED_ACK, None)


def acknowledge(tcb: Tcb) -> None:
    """Send a bare acknowledgement now."""
    emit(tcb, ACK, acceptable_sequence(tcb))


def acceptable_sequence(tcb: Tcb) -> int:
    """Return SND.NXT, or the edge of the peer's window if that comes first.

    What lies beyond the window would not be looked at (tcp_acceptable_seq).
    """
    edge = add(tcb.snd_una, tcb.snd_wnd)
    beyond = distance(edge, tcb.snd_nxt)
    inside = tcb.personality.ack_inside_window.value
    if not inside or tcb.mini or beyond <= 0:
        return tcb.snd_nxt
    return tcb.snd_nxt if tcb.scale_ok and beyond < 1 << tcb.rcv_scale else edge


def _size_of_blocks(tcb: Tcb) -> int:
    """Return how many octets of data the SACK blocks take the place of."""
    blocks = len(sack_blocks(tcb)) if tcb.sacks or tcb.dsack else 0
    return 4 + 8 * blocks if blocks else 0


def transmit(tcb: Tcb) -> None:
    """Send data and FIN as far as the windows allow (RFC 9293 3.8.6.2.1)."""
    if tcb.state not in _MAY_SEND:
        return
    if not tcb.routed:
        _wait_for_a_route(tcb)
        return
    had_flight = bool(tcb.flight)
    before_this = len(tcb.outbox)
    _resend_lost(tcb)
    size = segment_size(tcb) - _size_of_blocks(tcb)
    queue = tcb.send_queue
    sent_new = limited = False
    burst = _burst(tcb, size)
    while queue or (tcb.fin_queued and tcb.fin_seq < 0):
        room = tcb.cwnd - in_network(tcb)
        if room <= 0:
            limited = True
            break
        fin = tcb.fin_queued and len(queue) <= size
        first = min(size, len(queue))
        if first + fin > tcb.usable:
            break
        if first < size and not fin and _nagle_holds(tcb):
            break
        if _defers(tcb, room, burst, size):
            limited = True
            break
        # At least two bursts are to be in flight (tcp_output.c:tcp_cwnd_test).
        _send_burst(tcb, min(room, max(tcb.cwnd >> 1, 1), burst), size)
        sent_new = True
    if sent_new:
        _note_usage(tcb, limited=limited)
    if len(tcb.outbox) > before_this:
        wait_for_answer(tcb, sent_new=sent_new, had_flight=had_flight)
    if (queue or (tcb.fin_queued and tcb.fin_seq < 0)) and not tcb.flight:
        if Timer.PERSIST not in tcb.deadlines:
            start_persist(tcb)
    elif tcb.flight:
        disarm(tcb, Timer.PERSIST)


def _wait_for_a_route(tcb: Tcb) -> None:
    """What cannot leave the host is tried again as a closed window is."""
    waiting = tcb.send_queue or (tcb.fin_queued and tcb.fin_seq < 0)
    if waiting and not tcb.flight and Timer.PERSIST not in tcb.deadlines:
        start_persist(tcb)


def _note_usage(tcb: Tcb, *, limited: bool) -> None:
    """Remember whether the congestion window held us back (tcp_cwnd_validate)."""
    out = len(tcb.flight)
    if (
        not before(tcb.snd_una, tcb.cwnd_usage)
        or limited
        or (not tcb.cwnd_limited and out > tcb.most_out)
    ):
        tcb.cwnd_limited = limited
        tcb.most_out = out
        tcb.cwnd_usage = tcb.snd_nxt


def _burst(tcb: Tcb, size: int) -> int:
    """Return how many segments leave the kernel as one, whose last has PSH.

    tcp_output.c:tcp_tso_autosize: a millisecond of the pacing rate, more on short
    paths, two at least. The rate is twice the window in a round trip while it
    doubles, and 1.2 of it later (tcp_input.c:tcp_update_pacing_rate).
    """
    if tcb.personality.push.value is not Push.END_OF_WRITE or not tcb.srtt:
        return 1
    trip = tcb.srtt >> 3
    percent = 200 if tcb.cwnd < tcb.ssthresh // 2 else 120
    window = max(tcb.cwnd, len(tcb.flight)) * size
    octets = window * percent * 10_000 // max(trip, 1) >> 10
    octets += _LARGEST_BURST >> min(tcb.min_trip >> 9, 31)
    return max(2, min(octets, _LARGEST_BURST) // size)


def _defers(tcb: Tcb, room: int, burst: int, size: int) -> bool:
    """Whether a part of a burst waits for more room (tcp_tso_should_defer).

    It does within a millisecond of the last burst, while less than a third of the
    window is free and the next acknowledgement is likely to come soon.
    """
    limit = min(room * size, tcb.usable)
    if burst < 2 or limit >= min(burst * size, len(tcb.send_queue)):
        return False
    if limit >= min(tcb.snd_wnd, tcb.cwnd * size) // 3 or tcb.recovering:
        return False
    if tcb.now - tcb.last_sent > MS or not tcb.flight:
        return False
    return tcb.now - tcb.flight[0].sent >= (tcb.srtt >> 4) * 1000


def _send_burst(tcb: Tcb, segments: int, size: int) -> None:
    """Send at most so many segments as one (tcp_output.c:tcp_mss_split_point).

    The last may be shorter, if it fills the window and Nagle does not mind.
    """
    waiting = len(tcb.send_queue)
    if waiting <= size:
        _send_next(tcb, waiting, size, fin=tcb.fin_queued, ends_burst=False)
        return
    length = min(segments * size, waiting, tcb.usable)
    rest = length % size
    if rest and (length < size or _nagle_holds(tcb)):
        length -= rest
    count = -(-length // size)
    twice = tcb.dsack
    for number in range(1, count + 1):
        tcb.dsack = twice  # what leaves the kernel as one has the same options
        this = min(size, length)
        length -= this
        fin = tcb.fin_queued and this == len(tcb.send_queue)
        _send_next(tcb, this, size, fin=fin, ends_burst=number == count > 1)


def _send_next(
    tcb: Tcb, length: int, size: int, *, fin: bool, ends_burst: bool
) -> None:
    seq = tcb.snd_nxt
    payload = bytes(tcb.send_queue[:length])
    del tcb.send_queue[:length]
    end = (seq + length + fin) % MODULUS
    flags = ACK
    if length and _pushes(tcb, end):
        flags |= PSH
    if tcb.urgent_at >= 0 and length and not before(end, tcb.urgent_at):
        flags |= URG
        tcb.urgent_at = -1
    if fin:
        flags |= FIN
        if length:
            flags |= PSH
        tcb.fin_seq = (end - 1) % MODULUS
    if length:
        if length < size:
            tcb.snd_sml = end
        if elapsed(tcb, tcb.last_data_in) < tcb.ack_delay:
            tcb.pingpong = True  # an answer: further ones will carry the ACK
    tcb.snd_nxt = end
    tcb.last_sent = tcb.now
    tcb.sent_anything = True
    tcb.flight.append(Flight(seq, end, payload, flags, tcb.now))
    tcb.sent_since += 1
    # Of a burst the last has PSH, now and not when it is sent again.
    emit(tcb, flags | PSH if ends_burst else flags, seq, payload)


def _pushes(tcb: Tcb, end: int) -> bool:
    if tcb.personality.push.value is Push.EMPTIES_BUFFER:
        return not tcb.send_queue
    marked = False
    while tcb.pushes and not before(end, tcb.pushes[0]):
        tcb.pushes.popleft()
        marked = True
    return marked


def _nagle_holds(tcb: Tcb) -> bool:
    """RFC 9293 3.7.4; Minshall's variant waits for small segments only."""
    if tcb.nodelay or tcb.snd_una == tcb.snd_nxt:
        return False
    if tcb.personality.nagle.value is Nagle.CLASSIC:
        return True
    return before(tcb.snd_una, tcb.snd_sml)


def in_network(tcb: Tcb) -> int:
    """How many segments are believed to be on their way (RFC 6675's pipe)."""
    return sum(not entry.sacked and not entry.lost for entry in tcb.flight)


def _resend_lost(tcb: Tcb) -> None:
    for entry in list(tcb.flight):
        if entry.lost and in_network(tcb) < max(tcb.cwnd, 1):
            entry.lost = False
            if not retransmit(tcb, entry):
                entry.lost = True
                return


def retransmit(tcb: Tcb, entry: Flight) -> bool:
    """Send a segment of the flight again; False if the window closed over it.

    It goes with small ones that follow, or as much of it as the window has room
    for; the oldest asks a closed window (tcp_output.c:__tcp_retransmit_skb).
    """
    if entry.flags & SYN:
        send_syn(tcb)  # whose crossing with another one was not acknowledged
        return True
    room = distance(entry.seq, add(tcb.snd_una, tcb.snd_wnd))
    if room <= 0:
        if entry.seq != tcb.snd_una:
            return False
        room = segment_size(tcb)
    if len(entry.payload) > room:
        _split(tcb, entry, room)
    else:
        _collapse(tcb, entry)
    entry.times += 1
    entry.sent = tcb.now
    tcb.sent_since += 1
    tcb.note("counter", "RetransSegs")
    emit(tcb, entry.flags, entry.seq, entry.payload)
    return True


def _split(tcb: Tcb, entry: Flight, octets: int) -> None:
    """Make a segment of the flight two, of which the first has `octets`."""
    middle = add(entry.seq, octets)
    rest = Flight(middle, entry.end, entry.payload[octets:], entry.flags, entry.sent)
    rest.times, rest.lost = entry.times, entry.lost
    entry.payload, entry.end = entry.payload[:octets], middle
    entry.flags &= ~(PSH | FIN)
    tcb.flight.insert(tcb.flight.index(entry) + 1, rest)


def _collapse(tcb: Tcb, entry: Flight) -> None:
    """Let small segments that follow go with it (tcp_retrans_try_collapse)."""
    room = segment_size(tcb) - len(entry.payload)
    if room <= 0:
        return
    index = tcb.flight.index(entry) + 1
    edge = add(tcb.snd_una, tcb.snd_wnd)
    while index < len(tcb.flight):
        following = tcb.flight[index]
        room -= len(following.payload)
        if following.sacked or room < 0 or before(edge, following.end):
            break
        entry.payload += following.payload
        entry.flags |= following.flags
        entry.end = following.end
        del tcb.flight[index]
