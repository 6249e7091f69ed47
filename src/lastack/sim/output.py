"""What a connection sends: data, FIN, acknowledgements (RFC 9293 3.7, 3.8).

`transmit` sends what the windows allow and sets the timer that waits for the
answer. Everything goes to `tcb.outbox`.
"""

from typing import Final

from lastack.sim.clock import Timer, disarm, elapsed
from lastack.sim.flight import Flight, collapse, cut, part
from lastack.sim.patience import start_persist, wait_for_answer
from lastack.sim.personality import MS, Nagle, Push
from lastack.sim.receive_window import select_window
from lastack.sim.reset import (
    acceptable_sequence,
    next_ip_id,
    sack_blocks,
    timestamp,
)
from lastack.sim.syn import send_syn
from lastack.sim.tcb import Tcb
from lastack.tcp.flags import ACK, FIN, PSH, SYN, URG
from lastack.tcp.segment import Options, Segment
from lastack.tcp.sequence import MODULUS, add, before, distance
from lastack.tcp.states import State

_NO_OPTIONS: Final = Options()
_LARGEST_BURST: Final = 65536
_MAY_SEND: Final = frozenset(
    {
        State.ESTABLISHED,
        State.CLOSE_WAIT,
        State.FIN_WAIT_1,
        State.CLOSING,
        State.LAST_ACK,
    }
)


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
    if payload and elapsed(tcb, tcb.last_data_in) < tcb.ack_delay:
        tcb.pingpong = True  # an answer: further ones will carry the ACK


def acknowledge(tcb: Tcb) -> None:
    """Send a bare acknowledgement now."""
    emit(tcb, ACK, acceptable_sequence(tcb))


def _size_of_blocks(tcb: Tcb) -> int:
    """Return how many octets of data the SACK blocks take the place of."""
    blocks = len(sack_blocks(tcb)) if tcb.sacks or tcb.dsack else 0
    return 4 + 8 * blocks if blocks else 0


def transmit(tcb: Tcb, *, again: bool = True, probe: bool = False) -> None:
    """Send data and FIN as far as the windows allow (RFC 9293 3.8.6.2.1).

    With `again` what is lost comes before what is new. A `probe` is one burst at
    most, of one segment at least.
    """
    if tcb.state not in _MAY_SEND:
        return
    if not tcb.routed:
        _wait_for_a_route(tcb)
        return
    had_flight = bool(tcb.flight)
    before_this = len(tcb.outbox)
    if again:
        _resend_lost(tcb)
    size = tcb.segment_size - _size_of_blocks(tcb)
    queue = tcb.send_queue
    sent_new = limited = False
    burst = _burst(tcb, size)
    while queue or (tcb.fin_queued and tcb.fin_seq < 0):
        room = tcb.cwnd - in_network(tcb)
        if probe:
            room = max(room, 1)
        if room <= 0:
            limited = True
            break
        fin = tcb.fin_queued and len(queue) <= size
        first = min(size, len(queue))
        if first + fin > tcb.usable:
            break
        if first < size and not fin and _nagle_holds(tcb):
            break
        if not probe and _defers(tcb, room, burst, size):
            limited = True
            break
        # At least two bursts are to be in flight (tcp_output.c:tcp_cwnd_test).
        _send_burst(tcb, min(room, max(tcb.cwnd >> 1, 1), burst), size)
        sent_new = True
        if probe:
            break
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
    if tcb.personality.push.value is not Push.END_OF_WRITE:
        return 1
    if not tcb.srtt:
        return max(2, _LARGEST_BURST // size)
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
    burst = add(tcb.snd_nxt, length)
    twice = tcb.dsack
    for number in range(1, count + 1):
        tcb.dsack = twice  # what leaves the kernel as one has the same options
        this = min(size, length)
        length -= this
        fin = tcb.fin_queued and this == len(tcb.send_queue)
        _send_next(tcb, this, size, fin=fin, ends_burst=number == count > 1)
        tcb.flight[-1].burst = burst


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
    if length and length < size:
        tcb.snd_sml = end
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
    named = sum(not entry.sacked and not entry.lost for entry in tcb.flight)
    return named - tcb.beyond


def _resend_lost(tcb: Tcb) -> None:
    most = _burst(tcb, tcb.segment_size)
    for entry in list(tcb.flight):
        room = max(tcb.cwnd, 1) - in_network(tcb)
        if not entry.lost:
            continue
        if room <= 0 or not retransmit(tcb, entry, min(room, most)):
            return


def retransmit(tcb: Tcb, entry: Flight, segments: int = 1) -> bool:
    """Send a segment of the flight again; False if the window closed over it.

    At most `segments` leave together, if they were a burst and are all lost. One
    goes with small ones that follow, or as much of it as the window has room for;
    the oldest asks a closed window (tcp_output.c:__tcp_retransmit_skb).
    """
    if entry.flags & SYN:
        send_syn(tcb)  # whose crossing with another one was not acknowledged
        entry.lost = False
        return True
    edge = add(tcb.snd_una, tcb.snd_wnd)
    room = distance(entry.seq, edge)
    if room <= 0:
        if entry.seq != tcb.snd_una:
            return False
        room = tcb.segment_size
    size = tcb.segment_size - _size_of_blocks(tcb)
    length = len(entry.payload)
    if length > min(size, room) or (length < size and entry.burst != entry.end):
        place = tcb.flight.index(entry)
        cut(tcb.flight, entry, min(size, room))
        entry = tcb.flight[place]
    together = [
        it
        for it in tcb.flight
        if it.burst == entry.burst
        and it.lost
        and not before(it.seq, entry.seq)
        and distance(entry.seq, it.end) <= room
    ][:segments] or [entry]
    part(tcb.flight, entry, together[-1])
    if len(together) == 1:
        collapse(tcb.flight, entry, size - len(entry.payload), edge)
    for it in together:
        it.lost = False
        it.times += 1
        it.sent = tcb.now
        tcb.sent_since += 1
        tcb.note("counter", "RetransSegs")
        ends_burst = it is together[-1] is not entry
        emit(tcb, it.flags | PSH if ends_burst else it.flags, it.seq, it.payload)
    return True
