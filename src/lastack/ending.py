"""What an ending is, and the claim that it makes on a connection."""

from collections.abc import Callable

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story

SIDES = ("none", "client", "server")
OTHER = ("none", "server", "client")


class Strength:
    """How well the packets carry a claim before anything was measured.

    The value is a log-odds against a merely POSSIBLE rival, in nats. Where a
    claim's case was measured on labelled captures, `diagnosis/odds.py` says
    instead. No enum: the module of that name takes longer to load than all endings.
    """

    PROVEN = 8
    """The packets leave no other cause."""
    STRONG = 4
    """Another cause would need a coincidence."""
    LIKELY = 2
    """This is how it is usually made."""
    RATHER = 1
    """The packets allow it and its rival; this is the more usual of the two."""
    POSSIBLE = 0
    """The packets allow it."""
    FAINT = -2
    """The packets allow it, and would rarely look so."""
    HARDLY = -5
    """Not excluded, that is all."""


class Claim:
    """One ending's case for one connection.

    `by` is a side of VERDICTS; `case` names the line of argument, a slug that
    the table of odds and the tests know it by.
    """

    def __init__(self, by: str, case: str, strength: int) -> None:
        self.by = by
        self.case = case
        self.strength = strength


_LOST = ("none-lost", "little-lost", "some-lost", "much-lost")


def lossy(facts: Facts, by: str, case: str, strengths: tuple[int, int, int]) -> Claim:
    """Return a claim that grows with how much of its frames the capture lost.

    `strengths` are those for little, some and much loss, which become part of the
    case: how often a frame that is needed was lost depends on it.
    """
    return Claim(by, f"{case}-{_LOST[facts.loss]}", strengths[max(facts.loss, 1) - 1])


def is_lossy(case: str) -> bool:
    """Return whether a case is made only on captures that lost frames."""
    return case.endswith((*_LOST[1:], "-and-lost"))


Signature = Callable[[Facts], Claim | None]


class Ending:
    """One way for a connection to end: its page's facts and its functions.

    `good` when nothing needs attention; `kind` is its class for `--fail-on`:
    reset, refused, silence or end. `kernel_reasons` are the members of
    Linux's `enum sk_rst_reason` that it claims. `mistaken_for` are the slugs
    that look alike; the relation is mutual.
    """

    def __init__(
        self,
        *,
        slug: str,
        title: str,
        signature: Signature,
        tell: Callable[[Story], str],
        exhibits: Callable[[Story], tuple[Exhibit, ...]],
        saw: Callable[[Story], dict[str, str]],
        remedy: str,
        settle_it: str,
        references: tuple[str, ...],
        good: bool = False,
        kind: str = "reset",
        kernel_reasons: tuple[str, ...] = (),
        mistaken_for: tuple[str, ...] = (),
    ) -> None:
        self.slug = slug
        self.title = title
        self.signature = signature
        self.tell = tell
        self.exhibits = exhibits
        self.saw = saw
        self.remedy = remedy
        self.settle_it = settle_it
        self.references = references
        self.good = good
        self.kind = kind
        self.kernel_reasons = kernel_reasons
        self.mistaken_for = mistaken_for


def is_from_socket(facts: Facts) -> bool:
    """Return whether the reset has the form of one that a live socket sends.

    RST and ACK, seq where its sender's data ends, nothing that it answers
    (Linux `tcp_send_active_reset`; RFC 9293 3.10.5). A zero window is Windows'
    habit.
    """
    return is_bare_abort(facts) or (
        facts.resetter != 0
        and not is_foreign(facts)
        and facts.reset_has_ack
        and not facts.reset_answers_syn
        and not facts.reset_seq_zero
        and (
            facts.reset_seq_is_sent
            or facts.reset_seq_is_acked
            or facts.sender_unknown
            or facts.other_unknown
            or facts.hidden
        )
    )


def is_second_half(facts: Facts) -> bool:
    """Return whether the side without a FIN may have sent it before the capture.

    Without the handshake, of a side of which no data is seen nobody can say.
    """
    spoke = facts.server_data if facts.first_closer == 1 else facts.client_data
    return (
        facts.first_closer != 0
        and not facts.both_closed
        and not (facts.syn or facts.syn_ack)
        and not spoke
    )


def is_foreign(facts: Facts) -> bool:
    """Return whether two marks of the reset are not its pretended sender's.

    A socket may have a TTL of its own, and macOS aborts without timestamps; no
    socket sends with another TTL, and without its timestamps or out of the count
    of its IP IDs.
    """
    return (
        facts.reset_ttl_known
        and facts.reset_ttl_differs
        and (
            facts.reset_lacks_timestamps
            or not (facts.reset_ip_id_continues or facts.reset_ip_id_unknown)
        )
    )


def is_bare_abort(facts: Facts) -> bool:
    """Return whether a bare reset bears the marks of its sender's socket.

    illumos aborts without an ACK (`tcp_xmit_ctl` with TH_RST). Its TTL and the
    count of its IP ID are the socket's; an answer of Linux has ID 0, and a
    forger does not know the count. What comes within a round trip of a segment
    may be its host's answer all the same.
    """
    return (
        facts.resetter != 0
        and not facts.reset_has_ack
        and facts.reset_seq_is_sent
        and facts.reset_ip_id_continues
        and facts.reset_ttl_known
        and not facts.reset_ttl_differs
        and (
            facts.answer_is_late
            or not (
                facts.reset_answers_data
                or facts.reset_answers_probe
                or facts.reset_answers_fin
                or facts.reset_answers_ack
            )
        )
    )


def is_answer_behind_a_lost_reset(facts: Facts) -> bool:
    """Return whether the answering host may have reset the connection before.

    Its reset would have been lost on its way here, as any segment may be.
    """
    return (
        is_answer(facts)
        and facts.resetter_got_data
        and not facts.resetter_closed
        and not facts.reset_answers_handshake
        and not facts.answered_unsent
        and not facts.reset_made_here
        and not (facts.reset_ttl_known and facts.reset_ttl_differs)
    )


def rests_on_a_missing_segment(facts: Facts) -> bool:
    """Return whether a bare reset behind an acknowledged FIN answers what is missing.

    It stands behind a mere acknowledgement of that FIN, which asks for nothing; but
    it comes too late for an answer to it, or the capture lost frames.
    """
    return (
        is_answer(facts)
        and facts.resetter_closed
        and facts.other_knew_fin
        and facts.reset_answers_ack
        and not facts.late_data
        and (facts.answer_is_late or facts.loss > 0)
    )


def is_keepalive(facts: Facts) -> bool:
    """Return whether probes in vain prove that keepalive gave up.

    A single probe does not, nor do probes that were answered here or whose answers
    cannot be here, or a reset that is not in time: others may have caused it then.
    """
    return (
        facts.keepalive_gave_up
        and not facts.other_unknown
        and not facts.single_probe
        and not facts.probes_answered
        and not facts.probes_uneven
    )


def unseen_side(facts: Facts) -> int:
    """Return the side that may have ended it unseen, 0 if there is none.

    In a capture of one direction, or of one since the handshake, whose side neither
    closed nor reset, the other may have done anything.
    """
    if facts.resetter or facts.first_closer or facts.icmp or not facts.established:
        return 0
    if facts.client_seen == facts.server_seen:
        return facts.rest_unseen
    return 2 if facts.client_seen else 1


def is_lone_refusal(facts: Facts) -> bool:
    """Return whether of the resetting host nothing is known but that it refuses.

    It had closed, or aborted, or never accepted, before the capture began.
    """
    return (
        facts.resetter != 0
        and facts.sender_unknown
        and not facts.reset_has_ack
        and not facts.reset_answers_syn
        and not facts.reset_answers_syn_ack
        and not facts.goes_on_elsewhere
    )


def is_embedded_answer(facts: Facts) -> bool:
    """Return whether the reset may be a small stack's answer to a segment.

    lwIP (`tcp_rst`), and others like it, send every reset with an ACK and a full
    window, as a socket's abort has it. Their TTL begins at 255; and after a reboot
    the IP ID is out of line.
    """
    return (
        facts.reset_answers_with_ack
        and not facts.reset_ttl_differs
        and (
            facts.reset_ttl_high
            or not (facts.reset_ip_id_continues or facts.reset_ip_id_unknown)
        )
    )


def looks_like_an_answer(facts: Facts) -> bool:
    """Return whether a reset that answers nothing in the capture has that form.

    A kernel copies the number from the acknowledgement of what it answers, and
    adds nothing of its own: no window, no IP ID. Frames are lost, filtered out, or
    in the wrong order.
    """
    return (
        facts.resetter != 0
        and not facts.reset_has_ack
        and (facts.reset_seq_is_acked or facts.reset_seq_is_sent)
        and facts.reset_window_zero
        and (facts.reset_ip_id_zero or facts.reset_ip_id_unknown)
        and not facts.reset_timestamped
    )


def is_answer(facts: Facts) -> bool:
    """Return whether the reset has the form of a kernel's answer to a segment.

    No ACK, seq copied from the segment's ack (Linux `tcp_v4_send_reset`;
    RFC 9293 3.5.2).
    """
    if is_bare_abort(facts):
        return False
    return (
        facts.resetter != 0
        and not facts.reset_has_ack
        and (
            facts.reset_answers_data
            or facts.reset_answers_fin
            or facts.reset_answers_probe
            or facts.reset_answers_ack
            or facts.reset_answers_handshake
            or facts.reset_answers_syn_ack
        )
    )
