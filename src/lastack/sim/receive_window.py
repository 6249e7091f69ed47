"""The receive window: how much a socket offers to take (RFC 9293 3.8.6.2.2).

A system counts the octets that wait, or, as Linux does, what the buffers cost in
which they came. Then the window is what that memory would hold of segments like
those that were seen, and it opens as far as they prove to be worth their cost
(tcp_input.c:tcp_grow_window, tcp_measure_rcv_mss; tcp_output.c:
__tcp_select_window).
"""

from typing import Final

from lastack.sim.personality import ReceiveMemory
from lastack.sim.tcb import Tcb
from lastack.tcp.sequence import add, distance

_SHARE: Final = 8
"""The share of the memory that is window is counted in 256ths."""
_LARGEST_BUFFER: Final = 32 << 20  # tcp_rmem[2]
_LEAST_BUFFER: Final = 2304  # SOCK_MIN_RCVBUF
_LEAST_TO_GROW: Final = 128
_WIDEST: Final = 65535
_LEAST_MSS: Final = 536
_FIRST_SPACE: Final = 10  # segments, TCP_INIT_CWND

# A buffer is a record and a piece of memory, of one of these sizes, that holds
# the frame with all headers and what shares it. ss -m showed 832, 1280 and 2304.
_RECORD: Final = 256
_PIECES: Final = (576, 1024, 2048, 4096, 8192, 16384, 32768, 65536)
_SHARED: Final = 320
_HEADERS: Final = 98
_LINE: Final = 64


def buffer_cost(tcb: Tcb, octets: int) -> tuple[int, int]:
    """Return what a segment of `octets` costs, and how many more would fit in it."""
    if tcb.personality.receive_memory.value is ReceiveMemory.OCTETS:
        return octets, 0
    used = _HEADERS + octets
    needed = -(-used // _LINE) * _LINE + _SHARED
    piece = next((it for it in _PIECES if it >= needed), needed)
    return _RECORD + piece, piece - _SHARED - used


def set_receive_buffer(tcb: Tcb, octets: int) -> None:
    """SO_RCVBUF: the window will be at most that."""
    tcb.buffer_locked = True
    if tcb.personality.receive_memory.value is ReceiveMemory.OCTETS:
        tcb.buffer = octets
    else:
        tcb.buffer = max(2 * octets, _LEAST_BUFFER)


def capacity(tcb: Tcb) -> int:
    """Return how large a window the whole buffer makes, in octets."""
    return tcb.buffer * tcb.buffer_share >> _SHARE


def room(tcb: Tcb) -> int:
    """Return how large a window the free part of the buffer makes, in octets."""
    return (tcb.buffer - tcb.memory) * tcb.buffer_share >> _SHARE


# What comes and goes -----------------------------------------------------------


def keep(tcb: Tcb, octets: int) -> None:
    """A segment's octets were put at the end of the receive queue."""
    cost, more = buffer_cost(tcb, octets)
    buffers = tcb.buffers
    if buffers and octets <= buffers[-1][2]:
        held, paid, free = buffers[-1]  # skb_try_coalesce: into the last one
        buffers[-1] = held + octets, paid, free - octets
        return
    buffers.append((octets, cost, more))
    tcb.memory += cost


def release(tcb: Tcb, octets: int) -> None:
    """So many octets of the receive queue were read."""
    buffers = tcb.buffers
    while octets and buffers:
        held, cost, more = buffers[0]
        if octets < held:
            if tcb.personality.receive_memory.value is ReceiveMemory.OCTETS:
                tcb.memory -= octets
                cost -= octets
            buffers[0] = held - octets, cost, more
            return
        octets -= held
        tcb.memory -= cost
        buffers.popleft()


def discard(tcb: Tcb) -> None:
    """The receive queue is thrown away."""
    release(tcb, len(tcb.receive_queue))
    tcb.receive_queue.clear()


def forget_gaps(tcb: Tcb) -> None:
    """What waits beyond a gap is thrown away."""
    for _, payload, _ in tcb.out_of_order:
        tcb.memory -= buffer_cost(tcb, len(payload))[0]
    tcb.out_of_order.clear()


# The window --------------------------------------------------------------------


def first_window(tcb: Tcb, *, answer: bool, timestamps: bool) -> int:
    """Return the window of a SYN or SYN-ACK, which has no scale yet."""
    p = tcb.personality
    window = min(p.listen_window.value if answer else p.window.value, capacity(tcb))
    if (is_small(tcb) or p.window_in_segments.value) and window > p.mss.value:
        window -= window % (p.mss.value - (12 if timestamps and answer else 0))
    return window


def is_small(tcb: Tcb) -> bool:
    """Whether the buffer was set so small that its window needs no scale."""
    p = tcb.personality  # what segments are worth, is seen later
    return tcb.buffer * p.receive_share.value >> _SHARE < p.window.value


def settle_window(tcb: Tcb) -> None:
    """The connection is established (tcp_input.c:tcp_init_buffer_space)."""
    if tcb.personality.receive_memory.value is ReceiveMemory.OCTETS:
        return
    tcb.advertised_mss -= 12 if tcb.ts_ok else 0
    advertised = tcb.advertised_mss
    whole = capacity(tcb)
    clamp = whole if tcb.buffer_locked else _WIDEST << tcb.rcv_scale
    if clamp >= whole:
        clamp = max(whole, 4 * advertised) if whole > 4 * advertised else whole
    if clamp > 2 * advertised and clamp + advertised > whole:
        clamp = max(2 * advertised, whole - advertised)
    offered = distance(tcb.rcv_wup, tcb.rcv_adv)
    tcb.window_clamp = clamp
    tcb.rcv_ssthresh = min(offered, clamp)
    tcb.read_from, tcb.read_since = tcb.rcv_nxt, tcb.now
    tcb.read_space = min(tcb.rcv_ssthresh, offered, _FIRST_SPACE * advertised)
    size = min(advertised, tcb.segment_size, offered // 2, _LEAST_MSS)
    tcb.rcv_mss = max(size, 88)  # tcp_initialize_rcv_mss


def measure(tcb: Tcb, octets: int) -> None:
    """Learn from a segment how large they are (tcp_measure_rcv_mss)."""
    if octets < tcb.rcv_mss:
        return
    if octets != tcb.rcv_mss and not _counts_octets(tcb):
        cost, _ = buffer_cost(tcb, octets)
        share = max((octets << _SHARE) // cost, 1)
        if share != tcb.buffer_share:
            tcb.buffer_share = share
            _change_clamp(tcb, capacity(tcb))
    tcb.rcv_mss = min(octets, tcb.advertised_mss)


def _change_clamp(tcb: Tcb, clamp: int) -> None:
    clamp = max(_LEAST_BUFFER // 2, clamp)
    if clamp < tcb.window_clamp:
        tcb.rcv_ssthresh = min(tcb.rcv_ssthresh, clamp)
    elif clamp > tcb.window_clamp:
        offered = distance(tcb.rcv_wup, tcb.rcv_adv)
        tcb.rcv_ssthresh = max(tcb.rcv_ssthresh, min(offered, clamp))
    tcb.window_clamp = clamp


def grow(tcb: Tcb, octets: int) -> bool:
    """Let the window open by what a segment proved; say whether it did."""
    if _counts_octets(tcb):
        if octets >= _LEAST_MSS and tcb.rcv_ssthresh < capacity(tcb):
            tcb.rcv_ssthresh = min(tcb.rcv_ssthresh + 2 * octets, capacity(tcb))
        return False
    left = min(tcb.window_clamp, room(tcb)) - tcb.rcv_ssthresh
    if octets < _LEAST_TO_GROW or left <= 0:
        return False
    cost, _ = buffer_cost(tcb, octets)
    worth = cost * tcb.buffer_share >> _SHARE
    if worth <= octets:
        more = 2 * tcb.advertised_mss
    else:
        more = _growth_of_small(tcb, octets, worth)
    if not more:
        return False
    tcb.rcv_ssthresh += min(left, max(more, 2 * octets))
    return True


def _growth_of_small(tcb: Tcb, octets: int, worth: int) -> int:
    """What costs more than its octets may still be worth it (__tcp_grow_window)."""
    worth >>= 1
    window = (_LARGEST_BUFFER * tcb.buffer_share >> _SHARE) >> 1
    while tcb.rcv_ssthresh <= window:
        if worth <= octets:
            return 2 * tcb.rcv_mss
        worth >>= 1
        window >>= 1
    return 0


def measure_trip(tcb: Tcb, octets: int, echo: int, trip: int) -> None:
    """Learn the round trip from an echoed timestamp (tcp_rcv_rtt_measure_ts).

    `trip` is in nanoseconds. The estimate is kept in microseconds, times 8.
    """
    if echo == tcb.last_echo or octets < tcb.rcv_mss:
        return
    tcb.last_echo = echo
    sample = max(trip // 1000, 1)
    old = tcb.rcv_trip
    if not old or sample << 3 < old:
        tcb.rcv_trip = sample << 3
    elif not tcb.receive_queue:
        tcb.rcv_trip = old - (old >> 3) + sample


def grow_buffer(tcb: Tcb, octets: int) -> None:
    """A program reads: let the buffer hold what it reads in two round trips.

    The kernel looks after each segment that it hands over, so what came at once,
    when a gap was filled, does not count (tcp_input.c:tcp_rcv_space_adjust,
    tcp_rcvbuf_grow).
    """
    if _counts_octets(tcb) or not tcb.rcv_trip or not tcb.buffers:
        return
    if (tcb.now - tcb.read_since) // 1000 < tcb.rcv_trip >> 3:
        return
    waiting = len(tcb.receive_queue) - min(octets, tcb.buffers[0][0])
    read = distance(tcb.read_from, add(tcb.rcv_nxt, -waiting - tcb.done))
    if read - waiting > tcb.read_space:
        hold(tcb, read - waiting)
    tcb.read_from = add(tcb.rcv_nxt, -waiting - tcb.done)
    tcb.read_since = tcb.now


def hold(tcb: Tcb, octets: int) -> None:
    """Let the buffer hold twice `octets`, and what waits beyond a gap.

    tcp_input.c:tcp_rcvbuf_grow; it also comes with each segment beyond a gap.
    """
    before_this, tcb.read_space = tcb.read_space, octets
    if tcb.buffer_locked or _counts_octets(tcb):
        return
    window = 2 * octets
    window += 2 * (window * (octets - before_this) // before_this)
    if tcb.out_of_order:
        seq, payload, fin = tcb.out_of_order[-1]
        window += distance(tcb.rcv_nxt, add(seq, len(payload) + fin))
    buffer = min((window << _SHARE) // tcb.buffer_share, _LARGEST_BUFFER)
    if buffer > tcb.buffer:
        tcb.buffer = buffer
        tcb.window_clamp = capacity(tcb)


def window_on_offer(tcb: Tcb) -> int:
    """Return the window as it would be offered now, in octets; 0 rather than silly.

    It may be less than what is left of the one that was offered before.
    """
    unit = 1 << tcb.rcv_scale
    if _counts_octets(tcb):
        space = capacity(tcb) - tcb.memory
        if space < min(tcb.mss, capacity(tcb) // 2):
            space = 0
        space = min(space, tcb.rcv_ssthresh)
        if tcb.rcv_scale:
            return -(-space // unit) * unit
        return space - space % _segment(tcb) if space > tcb.mss else space
    whole = min(tcb.window_clamp, capacity(tcb))
    mss = min(tcb.rcv_mss, whole)
    free = room(tcb)
    if free < whole >> 1:
        tcb.quick = 0
        free = free // unit * unit
        if free < capacity(tcb) >> 4 or free < mss:
            return 0
    free = min(free, tcb.rcv_ssthresh)
    if tcb.rcv_scale:
        return -(-free // unit) * unit
    window = distance(tcb.rcv_wup, tcb.rcv_adv)
    if window <= free - mss or window > free:
        return free - free % mss
    if mss == whole and free > window + (whole >> 1):
        return free
    return window


def select_window(tcb: Tcb) -> int:
    """Offer a window: return the header's field, and remember the edge.

    It never moves its right edge to the left (RFC 9293 3.8.6.2.1).
    """
    unit = 1 << tcb.rcv_scale
    left = tcb.receive_window
    offered = window_on_offer(tcb)
    if offered < left:
        offered = -(-left // unit) * unit
    field = min(offered, _WIDEST * unit) >> tcb.rcv_scale
    if not field and tcb.last_window:
        tcb.note("counter", "TCPToZeroWindowAdv")
    elif field and not tcb.last_window:
        tcb.note("counter", "TCPFromZeroWindowAdv")
    tcb.last_window = field
    # Linux remembers what it computed, not what the field could hold.
    octets = field << tcb.rcv_scale if _counts_octets(tcb) else offered
    tcb.rcv_adv = add(tcb.rcv_nxt, octets)
    return field


def _counts_octets(tcb: Tcb) -> bool:
    return tcb.personality.receive_memory.value is ReceiveMemory.OCTETS


def _segment(tcb: Tcb) -> int:
    return tcb.mss - 12 if tcb.ts_ok else tcb.mss
