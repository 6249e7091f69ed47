"""A timeline as rows of plain data, for JSON: one an event, by its fields' names."""

from collections.abc import Iterable
from dataclasses import asdict

from lastack.tcp.events import Sent, TimelineEvent


def timeline_rows(events: Iterable[TimelineEvent]) -> list[dict[str, object]]:
    """Return a row for each event; `event` is its kind, `payload` only its length."""
    rows = []
    for event in events:
        row: dict[str, object] = {"event": type(event).__name__.lower()}
        fields = asdict(event)
        if isinstance(event, Sent):
            fields["segment"]["payload"] = len(event.segment.payload)
        rows.append(row | fields)
    return rows
