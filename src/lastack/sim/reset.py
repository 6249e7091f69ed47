"""RSTs: the active form, of a live socket, and the passive form, an answer.

They differ on the wire (168 of 168 on Linux). A live socket aborts with its own
numbers: `R.`, SEG.SEQ = SND.NXT, SEG.ACK = RCV.NXT, a window. An answer is made
from the offending segment alone (RFC 9293 3.5.2): no window, no options, IP ID
0, and as sequence number what the offender acknowledged.
"""

from lastack.sim.personality import IpId, Personality
from lastack.sim.receive_window import select_window
from lastack.sim.tcb import Tcb
from lastack.tcp.flags import ACK, RST
from lastack.tcp.segment import Options, Segment
from lastack.tcp.sequence import add, distance
from lastack.tcp.states import State

_NO_OPTIONS = Options()


def passive_reset(
    offender: Segment, personality: Personality, now: int
) -> Segment | None:
    """Return the answer to `offender`; None to a RST (RFC 9293 3.5.2)."""
    if offender.flags & RST:
        return None
    if offender.flags & ACK:
        flags, seq, ack = RST, offender.ack, 0
    else:
        flags, seq, ack = RST | ACK, 0, add(offender.seq, offender.length)
    return Segment(
        now,
        offender.destination,
        offender.source,
        flags,
        seq,
        ack,
        0,
        b"",
        _NO_OPTIONS,
        personality.ttl.value,
        0,
        True,
        offender.tos & ~3,
    )


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


def send_active_reset(tcb: Tcb, reason: str) -> None:
    """Queue the RST of a live socket; `reason` is the kernel's word for why."""
    p = tcb.personality
    form = p.active_reset.value
    # A RST beyond the window would not be believed.
    seq = acceptable_sequence(tcb) if form.acknowledges else tcb.snd_nxt
    options = _NO_OPTIONS
    if form.timestamps and tcb.ts_ok:
        stamp = timestamp(tcb), tcb.ts_recent
        options = Options(timestamp=stamp, sack=sack_blocks(tcb))
    elif form.timestamps and (tcb.sacks or tcb.dsack):
        options = Options(sack=sack_blocks(tcb))
    window = select_window(tcb) if form.window else 0
    tcb.outbox.append(
        Segment(
            tcb.now,
            tcb.local,
            tcb.remote,
            RST | ACK if form.acknowledges else RST,
            seq,
            tcb.rcv_nxt if form.acknowledges else 0,
            window,
            b"",
            options,
            tcb.ttl,
            next_ip_id(tcb),
            True,
            tcb.tos,
        )
    )
    tcb.note("tcp_send_reset", reason)


def sack_blocks(tcb: Tcb) -> tuple[tuple[int, int], ...]:
    """Return what fits of the blocks, a duplicate first (RFC 2018 4, RFC 2883)."""
    blocks = [tcb.dsack, *tcb.sacks] if tcb.dsack else tcb.sacks
    return tuple(blocks[: 3 if tcb.ts_ok else 4])


def next_ip_id(tcb: Tcb) -> int:
    """Return the IPv4 identification of the next segment of a full socket."""
    if tcb.mini or tcb.personality.ip_id.value is not IpId.PER_CONNECTION:
        return 0
    if tcb.state is State.SYN_RECEIVED and not tcb.active_open:
        return 0  # a request is no full socket yet
    number = tcb.ip_id
    tcb.ip_id = (number + 1) & 0xFFFF
    return number


def timestamp(tcb: Tcb) -> int:
    """Return TSval now (RFC 7323 5.4)."""
    tick = tcb.personality.timestamp_tick.value
    return (tcb.now // tick + tcb.ts_offset) & 0xFFFFFFFF


def refuse(tcb: Tcb, segment: Segment, reason: str) -> None:
    """Answer with the passive form of RST, and say why."""
    reset = passive_reset(segment, tcb.personality, tcb.now)
    if reset is not None:
        tcb.outbox.append(reset)
        tcb.note("tcp_send_reset", reason)
