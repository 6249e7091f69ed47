"""The SYN and the SYN-ACK (RFC 9293 3.5), and the options that they offer."""

from typing import Final

from lastack.sim.flight import Flight
from lastack.sim.receive_window import first_window, is_small
from lastack.sim.reset import next_ip_id, timestamp
from lastack.sim.tcb import Tcb
from lastack.tcp.flags import ACK, SYN
from lastack.tcp.segment import Options, Segment
from lastack.tcp.sequence import add, distance
from lastack.tcp.states import State

_WIDEST: Final = 65535


def send_syn(tcb: Tcb) -> None:
    """Send the SYN, or SYN-ACK, for the first time or again."""
    p = tcb.personality
    answer = tcb.state is not State.SYN_SENT
    # The answer has only what the SYN offered (RFC 7323 1.3, RFC 2018 2).
    limited = answer and not (tcb.active_open and p.crossed_syn_offers_all.value)
    ts = tcb.ts_ok if limited else p.timestamps.value
    scale: int | None = 0 if is_small(tcb) else p.window_scale.value
    options = Options(
        mss=tcb.advertised_mss,
        window_scale=None if limited and not tcb.scale_ok else scale,
        sack_permitted=tcb.sack_ok if limited else p.sack.value,
        timestamp=(timestamp(tcb), tcb.ts_recent) if ts else None,
    )
    if not tcb.flight:
        passive = answer and not tcb.active_open
        window = first_window(tcb, answer=passive, timestamps=ts and answer)
        tcb.rcv_ssthresh = window
        tcb.rcv_adv = add(tcb.rcv_nxt, window)
        tcb.rcv_wup = tcb.rcv_nxt
        tcb.last_window = max(window >> tcb.rcv_scale, 1)
    tcb.outbox.append(
        Segment(
            tcb.now,
            tcb.local,
            tcb.remote,
            SYN | ACK if answer else SYN,
            tcb.iss,
            tcb.rcv_nxt if answer else 0,
            min(distance(tcb.rcv_wup, tcb.rcv_adv), _WIDEST),
            b"",
            options,
            tcb.ttl,
            0 if answer else next_ip_id(tcb),
            True,
            tcb.tos,
        )
    )
    first = tcb.syn_stamps[0] if tcb.flight else timestamp(tcb)
    tcb.syn_stamps = first, timestamp(tcb)
    if not tcb.flight:
        tcb.snd_nxt = add(tcb.iss, 1)
        tcb.flight.append(Flight(tcb.iss, tcb.snd_nxt, b"", SYN, tcb.now))
    elif answer and tcb.active_open and not tcb.retransmits:
        tcb.flight[0].sent = tcb.now  # the SYN crossed: this is another segment
    else:
        tcb.flight[0].times += 1
