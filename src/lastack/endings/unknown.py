"""The capture shows too little of the connection to tell how it ended.

## What happened

Something of the connection was captured, but not what would tell its ending:
a lone reset, or a reset and the acknowledgement before it, from a capture that
began too late, ran on one of several paths, or dropped frames. It need not be a
connection at all: a host answers by a reset whatever segment hits a port where
it knows no such connection, so scans and the backscatter of forged addresses
leave lone resets behind.

## How it is told

By what is missing. Every cause of a reset is told by what came before it: who
had closed, what was acknowledged, which window was last announced, how long it
had been idle. Without that, an active reset (RST and ACK, an open window) still
says that a live socket aborted, and a passive one (RST alone, window 0) that a
kernel answered a segment; which of a dozen causes it was, it does not say.

Where frames are missing, silence proves nothing: the FIN, the reset or the
answer may have been among them. Octets that were acknowledged and are in no
frame show it, in this connection or another; the more there are, the more of
all that rests on an absence is in doubt.

This verdict is also the last resort where no ending of the catalogue makes a
better case.

## What to do

Capture again from before the connection opens, at one of the two hosts, with
both directions: `tcpdump -i any -s 128 -w FILE host ADDRESS and port PORT`. A
snap length of 128 keeps the headers whole. Look at the summary which tcpdump
prints when it ends: "packets dropped by kernel" must be 0.

To learn it of the running host instead, `lastack watch` reports each reset with
the kernel's own reason.

## Example

    +0    < R 7001:7001(0) win 0 {id 0}

## Not this: still-open

Data in both directions, and no sign of an end; only the beginning is missing:

    +0    > P. 5001:5101(100) ack 7001 win 502
    +.01  < . 7001:7001(0) ack 5101 win 509
    +.002 < P. 7001:7301(300) ack 5101 win 509
    +.04  > . 5101:5101(0) ack 7301 win 501
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength, is_answer, lossy


def signature(facts: Facts) -> Claim | None:
    """Always possible; likely where a reset stands alone, or frames are missing."""
    if (
        facts.fins_crossed
        and facts.fin_unseen
        and facts.client_seen == facts.server_seen
        and not facts.resetter
    ):
        return Claim("unknown", "order-of-fins", Strength.POSSIBLE)
    if facts.goes_on_elsewhere:
        return Claim("unknown", "begins-elsewhere", Strength.HARDLY)
    absent = rests_on_absence(facts) if facts.loss else ""
    if absent:
        return lossy(facts, "unknown", absent, GRADES[absent])
    if facts.resetter and facts.sender_unknown and not facts.reset_answers_syn:
        if facts.reset_has_ack:
            return Claim("unknown", "lone-abort", Strength.STRONG)
        if not facts.reset_answers_data:
            return Claim("unknown", "lone-refusal", Strength.STRONG)
        return Claim("unknown", "lone-reset", Strength.LIKELY)
    if facts.only_acks:
        return Claim("unknown", "only-acks", Strength.POSSIBLE)
    if facts.resetter and facts.other_unknown:
        return Claim("unknown", "one-way-reset", Strength.POSSIBLE)
    if facts.waiting_syn and facts.hidden and not facts.resetter:
        return Claim("unknown", "answer-hidden", Strength.POSSIBLE)
    if facts.client_seen != facts.server_seen:
        return Claim("unknown", "one-way", Strength.POSSIBLE)
    if facts.rest_unseen and not facts.resetter:
        return Claim("unknown", "rest-unseen", Strength.POSSIBLE)
    if not facts.client_seen and not facts.server_seen:
        return Claim("unknown", "nothing-seen", Strength.LIKELY)
    if facts.resetter and not facts.syn and not facts.syn_ack:
        return Claim("unknown", "reset-in-the-middle", Strength.FAINT)
    if not facts.established or not facts.syn:
        return Claim("unknown", "beginning-not-seen", Strength.FAINT)
    if facts.waiting_probe and facts.repeated_once and not facts.resetter:
        return Claim("unknown", "probes-unanswered", Strength.FAINT)
    if facts.waiting_data and not (facts.repeated_once or facts.first_closer):
        return Claim("unknown", "answer-not-seen", Strength.POSSIBLE)
    if facts.first_closer and not facts.both_closed:
        return Claim("unknown", "end-not-seen", Strength.FAINT)
    return Claim("unknown", "never-excluded", Strength.HARDLY)


GRADES = {
    "lone-reset": (Strength.RATHER, Strength.RATHER, Strength.RATHER),
    "offence": (Strength.POSSIBLE, Strength.RATHER, Strength.RATHER),
    "last-octets": (Strength.LIKELY, Strength.LIKELY, Strength.LIKELY),
    "last-ack": (Strength.FAINT, Strength.FAINT, Strength.POSSIBLE),
    "syn": (Strength.FAINT, Strength.RATHER, Strength.LIKELY),
    "fin-unacknowledged": (Strength.POSSIBLE, Strength.POSSIBLE, Strength.RATHER),
    "half-closed-waiting": (Strength.STRONG, Strength.STRONG, Strength.STRONG),
    "window-probed": (Strength.STRONG, Strength.STRONG, Strength.STRONG),
    "window-closed": (Strength.LIKELY, Strength.LIKELY, Strength.LIKELY),
    "repeated-often": (Strength.FAINT, Strength.POSSIBLE, Strength.RATHER),
    "waiting": (Strength.RATHER, Strength.RATHER, Strength.LIKELY),
    "half-closed": (Strength.LIKELY, Strength.STRONG, Strength.STRONG),
    "handshake": (Strength.FAINT, Strength.POSSIBLE, Strength.LIKELY),
    "quiet": (Strength.LIKELY, Strength.LIKELY, Strength.STRONG),
}
"""What is not there, and how well loss explains that: little, some, much."""


def rests_on_absence(facts: Facts) -> str:
    """Return what the connection's ending is told by, if by what is not there."""
    one_way = facts.client_seen != facts.server_seen
    if (one_way or facts.rest_unseen) and not (facts.resetter or facts.waiting_syn):
        return ""
    if facts.resetter:
        if facts.sender_unknown and not facts.reset_answers_syn:
            return "lone-reset"
        return "" if facts.reset_has_ack or is_answer(facts) else "offence"
    if facts.both_closed:
        return "" if facts.second_fin_acked else "last-ack"
    if facts.last_octets_missing:
        return "last-octets"
    if facts.zero_window:
        return "window-probed" if facts.window_probed else "window-closed"
    if facts.repeated_often:
        return "repeated-often"
    if facts.first_closer and not facts.first_fin_acked:
        return "fin-unacknowledged"
    if facts.first_closer:
        return "half-closed-waiting" if facts.waiting else "half-closed"
    if facts.waiting_syn:
        return "syn"
    if facts.waiting:
        return "waiting"
    return "quiet" if facts.established else "handshake"


def tell(story: Story) -> str:
    """Say that it cannot be told."""
    if story.client.gaps is not None or story.server.gaps is not None:
        return (
            "Frames of this connection are missing from the capture, and how it"
            " ended may have been in them."
        )
    return "The capture shows too little of this connection to tell how it ended."


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show what there is."""
    return exhibit(story.reset_seen, "a reset, without what led to it")


def saw(story: Story) -> dict[str, str]:
    """Nothing can be said."""
    return {"client": "cannot be told", "server": "cannot be told"}


ENDING = Ending(
    slug="unknown",
    title="Cannot be told",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Capture again from before the connection opens.",
    settle_it="A capture at one of the hosts, from the beginning.",
    references=("RFC 9293 3.5.2",),
    kind="end",
    mistaken_for=("still-open",),
)
