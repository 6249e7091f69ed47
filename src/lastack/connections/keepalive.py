"""Whether a reset came when keepalive gives up: what its sender's probes tell."""

from lastack.connections.facts import Facts
from lastack.connections.reset import NOTHING, Reset
from lastack.connections.series import alike

SECOND = 1_000_000_000


def gather_keepalive(facts: Facts, reset: Reset) -> None:
    """Find out whether the reset came when keepalive gives up.

    That is one interval after the last probe. Where probes were answered here,
    this is all that speaks for it; a single one has no interval before it.
    """
    if (
        reset.sender_probes == 0
        or reset.receiver_zero_window
        or reset.answers != NOTHING
    ):
        return
    facts.probes_answered = reset.sender_probes_unanswered == 0
    facts.single_probe = reset.sender_probes_unanswered == 1
    if facts.single_probe:
        facts.keepalive_gave_up = reset.since_probe > SECOND // 2
        return
    since = reset.since_probe
    interval = reset.probe_interval
    facts.keepalive_gave_up = interval < 5 * since and since < 3 * interval
    facts.probes_steady = alike(since, interval) and reset.sender_probes_steady > 1
    if not facts.probes_answered:
        in_time = interval < 2 * since and since < 2 * interval
        if reset.sender_probes_unanswered > 2 and reset.sender_probes_steady < 2:
            in_time = False
    else:
        # One probe may have been lost before the capture.
        in_time = (
            alike(since, interval)
            or 10 * abs(2 * since - interval) < interval
            or 10 * abs(2 * interval - since) < since
        )
    facts.probes_uneven = not in_time
