"""The systems that are simulated, and the rules, as tables of text.

A value stands with where it is known from and how well:

    fin_wait_2         675 s
                       source: tcp_timer.c:tcp_timer_2msl: idle for 8 x 75 s, ...

Comparisons have a column for each system, and a row for each value in which they
differ; a `?` marks what is only assumed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from enum import Enum
from textwrap import wrap
from typing import Final

from lastack.sim.personality import (
    MS,
    SECOND,
    ActiveReset,
    Confidence,
    GiveUp,
    GiveUpBy,
    Personality,
    Sourced,
)
from lastack.sim.rules import Rule

_WIDTH: Final = 80
_NAME: Final = 26
_OCTETS: Final = frozenset(
    {
        "mss",
        "window",
        "listen_window",
        "receive_buffer",
        "send_buffer",
        "send_buffer_max",
    }
)
_TIMES: Final = frozenset(
    {
        "timestamp_tick",
        "delayed_ack",
        "challenge_interval",
        "tick",
        "rto_initial",
        "rto_min",
        "rto_max",
        "rto_slop",
        "syn_give_up",
        "persist_min",
        "persist_max",
        "persist_idle",
        "persist_orphan_limit",
        "keepalive_idle",
        "keepalive_interval",
        "fin_wait_2",
        "linger2_max",
        "time_wait",
    }
)
_ARROW: Final = " -> "


def values_of(personality: Personality) -> Iterator[tuple[str, Sourced[object]]]:
    """Yield each value of a system with its name, in their order."""
    for field in fields(personality):
        value = getattr(personality, field.name)
        if isinstance(value, Sourced):
            yield field.name, value


def value_text(name: str, value: object) -> str:
    """Return a value of a personality as people write it: `675 s`, `a RST`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, ActiveReset):
        parts = ["R." if value.acknowledges else "R"]
        parts += ["with timestamps"] * value.timestamps
        parts += ["with a window"] * value.window
        return ", ".join(parts)
    if isinstance(value, GiveUp):
        limit = str(value.limit)
        if value.by is GiveUpBy.ELAPSED:
            limit = _time(value.limit)
            return f"{limit} since the first sending"
        return str(value.by.value).replace("N", limit)
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, int) and name in _TIMES:
        return _time(value)
    return f"{value} octets" if name in _OCTETS else str(value)


def _time(nanoseconds: int) -> str:
    if nanoseconds % SECOND == 0:
        return f"{nanoseconds // SECOND} s"
    return f"{nanoseconds / MS:g} ms"


def summary_lines(systems: Sequence[Personality]) -> Iterator[str]:
    """Yield a line for each system: how many of its values are known how well."""
    kinds = list(Confidence)
    widest = max(len(system.title) for system in systems)
    shown = "".join(f"{kind.name.lower():>12}" for kind in kinds)
    yield f"{'':<9}{'':<{widest}}{shown}"
    for system in systems:
        known = Counter(value.confidence for _, value in values_of(system))
        counts = "".join(f"{known[kind]:>12}" for kind in kinds)
        yield f"{system.name:<9}{system.title:<{widest}}{counts}"


def system_lines(system: Personality) -> Iterator[str]:
    """Yield every value of a system, with its source and how well it is known."""
    yield system.title
    for name, value in values_of(system):
        yield ""
        text = value_text(name, value.value)
        yield from _hanging(f"{name:<{_NAME}}{text}", _NAME)
        known = f"{value.confidence.name.lower()}: {value.source}"
        yield from _hanging(f"{'':<{_NAME}}{known}", _NAME)


def comparison_lines(systems: Sequence[Personality]) -> Iterator[str]:
    """Yield the values in which the systems differ, a block each."""
    widest = max(len(system.name) for system in systems) + 2
    tables = [dict(values_of(system)) for system in systems]
    for name in tables[0]:
        texts = [value_text(name, table[name].value) for table in tables]
        if len(set(texts)) == 1:
            continue
        yield name
        for system, table, text in zip(systems, tables, texts, strict=True):
            assumed = table[name].confidence is Confidence.ASSUMED
            mark = " ?" if assumed else ""
            yield from _hanging(f"  {system.name:<{widest}}{text}{mark}", widest + 2)
    yield ""
    yield "? is assumed: no source was seen."


def rule_lines(rules: Sequence[Rule]) -> Iterator[str]:
    """Yield each rule: its clause, what happens, the moves it may make."""
    for number, rule in enumerate(rules):
        if number:
            yield ""
        yield from _hanging(f"{rule.name:<{_NAME}}{rule.clause}", _NAME)
        yield from _hanging(f"  {rule.says}", 2)
        by_target: dict[str, list[str]] = {}
        for before, after in rule.moves:
            by_target.setdefault(after.value, []).append(before.value)
        for after_name, befores in by_target.items():
            yield from _hanging(f"  {', '.join(befores)}{_ARROW}{after_name}", 4)
        if rule.habits:
            yield from _hanging(f"  a system's own: {', '.join(rule.habits)}", 4)


def _hanging(line: str, indent: int) -> list[str]:
    return wrap(
        line,
        _WIDTH,
        subsequent_indent=" " * indent,
        drop_whitespace=True,
        replace_whitespace=False,
        break_on_hyphens=False,
    ) or [line]
