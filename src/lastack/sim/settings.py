"""Kernel settings by their Linux names, as changes to a personality.

Other systems have the same settings under other names (`fin_wait_2` is
tcp_fin_timeout, net.inet.tcp.finwait2_timeout, _tcp_fin_wait_2_flush_interval),
so a scenario's setting holds for all of them.
"""

from collections.abc import Callable, Mapping
from typing import Final

from lastack.sim.personality import MS, SECOND, GiveUp, GiveUpBy, Personality

_Change = Callable[[Personality, float], dict[str, object]]
_LEAST_RTO: Final = 200 * MS


def _retries(personality: Personality, count: float) -> dict[str, object]:
    number = int(count)
    limit = _give_up(personality.give_up.value, number)
    return {"give_up": limit, "persist_retries": number}


def _orphan_retries(personality: Personality, count: float) -> dict[str, object]:
    number = int(count) or 8
    return {
        "orphan_give_up": _give_up(personality.orphan_give_up.value, number),
        "persist_orphan_retries": int(count),
    }


def _give_up(habit: GiveUp, count: int) -> GiveUp:
    """`count` doublings, in the terms in which this system gives up."""
    if habit.by is GiveUpBy.ELAPSED:
        return GiveUp(habit.by, ((2 << count) - 1) * _LEAST_RTO)
    return GiveUp(habit.by, count)


def _seconds(field: str) -> _Change:
    return lambda _, value: {field: round(value * SECOND)}


def _number(field: str) -> _Change:
    return lambda _, value: {field: int(value)}


def _flag(field: str) -> _Change:
    return lambda _, value: {field: bool(value)}


_CHANGES: Final[Mapping[str, _Change]] = {
    "tcp_fin_timeout": _seconds("fin_wait_2"),
    "tcp_retries2": _retries,
    "tcp_orphan_retries": _orphan_retries,
    "tcp_syn_retries": _number("syn_retries"),
    "tcp_synack_retries": _number("syn_ack_retries"),
    "tcp_syn_linear_timeouts": _number("syn_linear"),
    "tcp_keepalive_time": _seconds("keepalive_idle"),
    "tcp_keepalive_intvl": _seconds("keepalive_interval"),
    "tcp_keepalive_probes": _number("keepalive_count"),
    "tcp_abort_on_overflow": _flag("abort_on_overflow"),
    "tcp_timestamps": _flag("timestamps"),
    "tcp_sack": _flag("sack"),
    "tcp_max_orphans": _number("max_orphans"),
    "tcp_invalid_ratelimit": lambda _, ms: {"challenge_interval": int(ms) * MS},
    "tcp_rfc1337": lambda _, on: {"reset_ends_time_wait": not on},
    "tcp_rto_max_ms": lambda _, ms: {
        "rto_max": int(ms) * MS,
        "persist_max": int(ms) * MS,
    },
}
# What has no counterpart here, or is as the simulator is anyway.
_WITHOUT_EFFECT: Final = frozenset(
    {
        "tcp_syncookies",
        "tcp_max_syn_backlog",
        "tcp_congestion_control",
        "tcp_no_metrics_save",
        "tcp_tw_reuse",
        "tcp_early_retrans",
    }
)


def with_setting(personality: Personality, name: str, value: str) -> Personality:
    """Return `personality` with the sysctl `name` (`net.ipv4.` or not) set.

    Raises LookupError for a setting that the simulator does not know.
    """
    short = name.removeprefix("net.ipv4.")
    if short in _WITHOUT_EFFECT:
        return personality
    change = _CHANGES.get(short)
    if change is None:
        raise LookupError(
            f"the simulator does not know the setting {name}; it knows "
            + ", ".join(sorted(_CHANGES))
        )
    return personality.with_settings(**change(personality, float(value)))
