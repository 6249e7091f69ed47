"""What of a connection's truth a capture at one place has a trace of.

And what else a judge of that capture may say with the same right.
"""

from collections import Counter
from dataclasses import replace
from typing import Final

from lastack.lab.run import Run
from lastack.lab.traffic import Ends
from lastack.lab.truth import Label
from lastack.lab.undecided import sight_of, undecided
from lastack.tcp import flags as bits
from lastack.tcp.segment import Address, Segment

Pair = tuple[str, str]
_NO_END: Final[Pair] = ("still-open", "none")
_SECOND: Final = 1_000_000_000
_MARGIN_S: Final = 0.1


def truth_at(run: Run, label: Label, vantage: str) -> Pair | None:
    """Return the ending and side that are true of a capture at `vantage`.

    It is the scenario's, or what the scenario names for this vantage. Where the
    connection went on elsewhere, and nothing of it came here after the
    handshake, there is no sign of an end. None where the wire lost the reset
    by chance, or where a busy wire let what the truth rests on not come so far:
    then nobody can say. Nor is there a label where nothing came, or where a NAT
    gave the connection other addresses than those that the label names.
    """
    truth = label.truth
    if vantage in label.unseen or _is_translated(run, label, vantage):
        return None
    here = _segments(run, label, vantage)
    if not here:
        return None
    pair = truth.at.get(vantage, (truth.ending, truth.by))
    if not _has_premise(pair, label, here):
        return None
    if vantage in truth.at or vantage == truth.by:
        return pair  # nobody is nearer to it
    if _went_on_elsewhere(run, label, vantage, here) and _is_open(here):
        return _NO_END
    return pair


def held_up(run: Run, label: Label) -> float:
    """Return by how many seconds a segment came later than the wire's times allow.

    A busy machine holds segments up, and a scenario's truth speaks of its own wire.
    """
    allowed = run.wire.delay + run.wire.jitter
    worst = 0.0
    for sender, source in (("client", label.client), ("server", label.server)):
        left = _times(run, label, sender, source)
        for vantage in run.traffic.vantages - {sender}:
            for segment, times in _times(run, label, vantage, source).items():
                before = left.get(segment, [])
                if len(before) == len(times):  # so it is known which is which
                    took = max(map(int.__sub__, times, before)) / _SECOND
                    worst = max(worst, took - allowed)
    return worst


def _times(
    run: Run, label: Label, vantage: str, source: Address
) -> dict[Segment, list[int]]:
    """Return when each segment of `source` was at a vantage."""
    found: dict[Segment, list[int]] = {}
    for it in _segments(run, label, vantage):
        if it.source == source:
            found.setdefault(replace(it, time=0, ttl=0), []).append(it.time)
    return found


def also_right(run: Run, label: Label, vantage: str, pair: Pair) -> frozenset[Pair]:
    """Return what else is right of a capture at `vantage` whose truth is `pair`.

    That is what the scenario says, and what the packets leave undecided.
    """
    here = _segments(run, label, vantage)
    others = list(run.traffic.apart_from(_ends(label), vantage))
    sight = sight_of(label.client, label.server, here, others)
    return undecided(pair, sight) | set(label.truth.also)


def _segments(run: Run, label: Label, vantage: str) -> list[Segment]:
    return run.traffic.between(_ends(label), vantage)


def _ends(label: Label) -> Ends:
    return frozenset((label.client, label.server))


def _is_translated(run: Run, label: Label, vantage: str) -> bool:
    """Whether only the client's end is known here, the server's is another."""
    return not _segments(run, label, vantage) and any(
        label.client in ends for ends in run.traffic.ends(vantage)
    )


def _went_on_elsewhere(
    run: Run, label: Label, vantage: str, here: list[Segment]
) -> bool:
    last = here[-1].time if here else 0
    late = 2 * (run.wire.delay + run.wire.jitter) + _MARGIN_S
    return any(
        segment.time > last + late * _SECOND
        for other in run.traffic.vantages - {vantage}
        for segment in _segments(run, label, other)[-1:]
    )


def _is_open(here: list[Segment]) -> bool:
    """Whether a handshake is here, and no sign of an end."""
    answered = any(it.flags & bits.SYN and it.flags & bits.ACK for it in here)
    completed = any(it.flags & bits.ACK and not it.flags & bits.SYN for it in here)
    ended = any(it.flags & (bits.FIN | bits.RST) for it in here)
    sent = Counter((it.source, it.seq) for it in here if it.payload)
    repeated = any(times > 2 for times in sent.values())
    return answered and completed and not (ended or repeated or _is_stalled(here))


def _is_stalled(here: list[Segment]) -> bool:
    """Whether a side's window is closed at the end."""
    windows = {it.source: it.window for it in here}
    return 0 in windows.values()


def _has_premise(pair: Pair, label: Label, here: list[Segment]) -> bool:
    """Whether the ground of the ending is here: a closed window, FINs taken."""
    ending, by = pair
    ends = {"client": label.client, "server": label.server}
    if ending == "zero-window-stall":
        return any(it.source == ends[by] and it.window == 0 for it in here)
    if ending == "handshake-abandoned":
        return any(it.source == ends[by] and it.flags & bits.RST for it in here)
    if ending == "fin-unanswered":
        return _acknowledged_fins(here) - {ends[by]} != set()
    if ending in {"orderly-close", "half-close"}:
        return _acknowledged_fins(here) == {label.client, label.server}
    return True


def _acknowledged_fins(here: list[Segment]) -> set[Address]:
    """Return whose FIN was taken, as an acknowledgement here says."""
    fins = {
        (it.destination, (it.seq + it.length) % 2**32): it.source
        for it in here
        if it.flags & bits.FIN
    }
    return {
        fins[it.source, it.ack]
        for it in here
        if it.flags & bits.ACK and (it.source, it.ack) in fins
    }
