"""What the packets of one capture leave undecided: one table, each row with why.

A judge who is shown one of the endings of a row, where the row applies, may
honestly name any other of it first. Whether it applies is asked of the packets of
that capture alone, never of the truth or of what `explain` says; so two captures
that show the same have the same right answers. `Truth.also` of a scenario holds
what depends on more than this.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lastack.tcp import flags as bits
from lastack.tcp.segment import Address, Segment

Pair = tuple[str, str]
THE_RESETTER: Final = "the resetter"
_TOGETHER_NS: Final = 2_000_000
_AT_ONCE_NS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Sight:
    """What a capture shows of a connection that a reset ended.

    `resetter` is `client` or `server`; `active` the form of a live socket's
    reset, with an ACK and answering no SYN, `passive` that of a kernel's answer.
    """

    resetter: str
    active: bool
    answers_syn: bool
    refuses_handshake: bool
    had_received: bool
    had_sent: bool
    own_fin: bool
    fin_acknowledged: bool
    fin_at_once: bool
    window_doubled: bool
    others_reset: bool
    goes_on: bool
    same_ttl: bool
    host_known: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Endings, with their sides, that look the same where `when` holds."""

    pairs: tuple[Pair, ...]
    when: Callable[[Sight], bool]
    why: str


TABLE: Final = (
    Row(
        (("linger-zero", THE_RESETTER), ("socket-destroyed", THE_RESETTER)),
        lambda it: it.active and not it.window_doubled and not it.fin_at_once,
        "SO_LINGER 0, connect(AF_UNSPEC) and `ss -K` all end in"
        " tcp_send_active_reset, which writes the same segment for each.",
    ),
    Row(
        (("linger-zero", THE_RESETTER), ("unread-data-at-close", THE_RESETTER)),
        lambda it: it.active and it.had_received and not it.window_doubled,
        "Whether the program had read what was acknowledged shows only where the"
        " emptied queue doubles the window of the reset.",
    ),
    Row(
        (("linger-zero", THE_RESETTER), ("listener-closed", "server")),
        lambda it: (
            it.active
            and it.resetter == "server"
            and not it.had_sent
            and not it.own_fin
            and not it.window_doubled
            and not (it.others_reset and not it.had_received)
        ),
        "The kernel completes handshakes, takes data and acknowledges it before"
        " anybody calls accept(): of a server that never sent an octet nothing tells"
        " whether its program had the connection. Several resets in one instant, of"
        " connections on which nothing was received, are a queue that was emptied.",
    ),
    Row(
        (("linger-zero", THE_RESETTER), ("orphan-limit", THE_RESETTER)),
        lambda it: it.active and it.own_fin and (it.fin_acknowledged or it.fin_at_once),
        "FIN, then a reset: a close() that found no room for orphans does both in"
        " one go, as shutdown() and an abort do; TCP_LINGER2 below 0 resets an"
        " acknowledged FIN at close(), as an abort does.",
    ),
    Row(
        (("accept-queue-overflow", "server"), ("listener-closed", "server")),
        lambda it: it.refuses_handshake,
        "tcp_abort_on_overflow and a listener that closed meanwhile both answer the"
        " handshake's last step by the reset that belongs to no socket.",
    ),
    Row(
        (("connection-refused", "server"), ("firewall-reset", "path")),
        lambda it: it.answers_syn and (not it.host_known or it.same_ttl),
        "A closed port and a firewall's REJECT answer a SYN by the same segment, and"
        " no other packet of that host shows a different TTL.",
    ),
    Row(
        (("peer-lost-state", THE_RESETTER), ("firewall-reset", "path")),
        lambda it: (
            not it.active
            and not it.answers_syn
            and not it.refuses_handshake
            and not it.own_fin
            and not it.goes_on
            and it.same_ttl
        ),
        "nf_send_reset of the host's own firewall, or of a box at its distance,"
        " writes what tcp_v4_send_reset writes for a connection it does not know.",
    ),
)


def undecided(pair: Pair, sight: Sight | None) -> frozenset[Pair]:
    """Return which other pairs the packets allow beside `pair`, if any."""
    if sight is None:
        return frozenset()
    alike = [
        {
            (ending, sight.resetter if by == THE_RESETTER else by)
            for ending, by in row.pairs
        }
        for row in TABLE
        if row.when(sight)
    ]
    found = {pair}
    for _ in alike:
        # What looks like one of those that look like it looks like it.
        for pairs in alike:
            if found & pairs:
                found |= pairs
    return frozenset(found - {pair})


def sight_of(
    client: Address, server: Address, here: list[Segment], others: list[Segment]
) -> Sight | None:
    """Return what one capture shows of a connection's reset, None without one.

    `here` are the connection's segments in order of time; `others` those of the
    capture that are not its own.
    """
    at = next((n for n, it in enumerate(here) if it.flags & bits.RST), None)
    if at is None:
        return None
    reset = here[at]
    mine = [it for it in here[:at] if it.source == reset.source]
    theirs = [it for it in here[:at] if it.source != reset.source]
    last = theirs[-1] if theirs else None
    answers_syn = last is not None and _is_syn(last) and not mine
    active = bool(reset.flags & bits.ACK) and not answers_syn
    fins = [it for it in mine if it.flags & bits.FIN]
    fin_end = (fins[0].seq + fins[0].length) % 2**32 if fins else -1
    windows = [it.window for it in mine if not it.flags & bits.SYN]
    from_server = reset.source == server
    steps = [it for it in theirs if not it.flags & bits.SYN]
    hosts = {it.ttl for it in others if it.source.host == reset.source.host}
    return Sight(
        resetter="server" if from_server else "client",
        active=active,
        answers_syn=answers_syn,
        refuses_handshake=from_server
        and not active
        and not answers_syn
        and 1 <= len(steps) <= len(mine)
        and all(it.flags & bits.SYN for it in mine),
        had_received=any(it.payload for it in theirs),
        had_sent=any(it.payload for it in mine),
        own_fin=bool(fins),
        fin_acknowledged=any(it.ack == fin_end for it in theirs),
        fin_at_once=bool(fins) and reset.time - fins[0].time < _AT_ONCE_NS,
        window_doubled=bool(windows) and 0 < 2 * windows[-1] <= reset.window,
        others_reset=any(
            it.flags & bits.RST
            and it.flags & bits.ACK
            and it.source == reset.source
            and it.destination != reset.destination
            and abs(it.time - reset.time) < _TOGETHER_NS
            for it in others
        ),
        goes_on=any(
            it.source == reset.source and not it.flags & bits.RST for it in here[at:]
        ),
        same_ttl=reset.ttl in {it.ttl for it in mine} | hosts,
        host_known=bool(mine) or bool(hosts),
    )


def _is_syn(segment: Segment) -> bool:
    return segment.flags & (bits.SYN | bits.ACK) == bits.SYN
