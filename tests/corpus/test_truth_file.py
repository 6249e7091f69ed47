"""The truth file is whole and consistent with itself and with the corpus."""

from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).parent
LABELS = HERE.parents[1].parent / "shared" / "corpus" / "labels.tsv"

COLUMNS = ["scenario", "vantage", "stream", "truth", "right", "decidable", "reason"]
SIDES = {"client", "server", "both", "path", "none", "unknown"}
ENDINGS = {
    "orderly-close",
    "half-close",
    "unread-data-at-close",
    "linger-zero",
    "socket-destroyed",
    "listener-closed",
    "keepalive-timeout",
    "orphan-limit",
    "data-after-close",
    "fin-wait-2-expired",
    "connection-refused",
    "accept-queue-overflow",
    "handshake-abandoned",
    "peer-lost-state",
    "stale-connection-reused",
    "injected-reset",
    "firewall-reset",
    "icmp-rejected",
    "connect-timeout",
    "handshake-incomplete",
    "retransmission-timeout",
    "zero-window-stall",
    "fin-unanswered",
    "still-open",
    "unknown",
}
# Endings which the vocabulary gives to one side only.
FIXED_SIDE = {
    "listener-closed": "server",
    "connection-refused": "server",
    "accept-queue-overflow": "server",
    "handshake-abandoned": "client",
    "stale-connection-reused": "client",
    "injected-reset": "path",
    "firewall-reset": "path",
    "icmp-rejected": "path",
    "connect-timeout": "client",
    "handshake-incomplete": "client",
    "still-open": "none",
    "unknown": "unknown",
}
NO_CONNECTION = "-"


class Row(NamedTuple):
    """One connection of one capture, and which verdicts on it are right."""

    scenario: str
    vantage: str
    stream: str
    truth: str
    right: str
    decidable: str
    reason: str

    @property
    def verdicts(self) -> list[str]:
        """Every right verdict, as `ending/by`."""
        return self.right.split(",")


def read_lines() -> list[list[str]]:
    text = (HERE / "truth.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


LINES = read_lines()
ROWS = [Row(*line) for line in LINES[1:] if len(line) == len(COLUMNS)]
CONNECTIONS = [row for row in ROWS if row.stream != NO_CONNECTION]


def test_every_line_has_the_columns() -> None:
    """The header names the columns and every line fills them."""
    assert LINES[0] == COLUMNS
    assert [line for line in LINES if len(line) != len(COLUMNS)] == []


def test_every_verdict_is_in_the_vocabulary() -> None:
    """Each verdict is an ending and a side that the vocabulary allows it."""
    for row in CONNECTIONS:
        for verdict in [row.truth, *row.verdicts]:
            ending, by = verdict.split("/")
            assert ending in ENDINGS, row
            assert by in SIDES, row
            assert by == FIXED_SIDE.get(ending, by), row


def test_the_truth_is_right_and_no_verdict_is_listed_twice() -> None:
    """The truth is the first of the right verdicts, and each is named once."""
    for row in ROWS:
        assert row.verdicts[0] == row.truth, row
        assert len(set(row.verdicts)) == len(row.verdicts), row


def test_decidable_says_whether_one_verdict_is_right() -> None:
    """A connection is decidable if exactly one verdict on it is right."""
    for row in ROWS:
        assert row.decidable == ("yes" if len(row.verdicts) == 1 else "no"), row


def test_what_is_undecidable_has_a_reason() -> None:
    """Where more than one verdict is right, the file says why."""
    unexplained = [row for row in ROWS if row.decidable == "no" and not row.reason]
    assert unexplained == []


def test_no_connection_is_judged_twice() -> None:
    """One capture's stream has one row; numbers run from 0 without a gap."""
    streams: dict[tuple[str, str], list[str]] = {}
    for row in ROWS:
        streams.setdefault((row.scenario, row.vantage), []).append(row.stream)
    for capture, numbers in streams.items():
        if numbers != [NO_CONNECTION]:
            assert numbers == [str(n) for n in range(len(numbers))], capture


def test_a_capture_without_connection_says_so() -> None:
    """A row for no connection claims no verdict, and only such a row does."""
    for row in ROWS:
        nothing = row.stream == NO_CONNECTION
        assert (row.truth == NO_CONNECTION) is nothing, row
        assert (row.right == NO_CONNECTION) is nothing, row


def test_every_scenario_and_vantage_is_judged() -> None:
    """Each labelled capture has a row, and each row a labelled capture."""
    if not LABELS.exists():
        pytest.skip(f"no corpus: {LABELS} is not there")
    header, *labels = LABELS.read_text(encoding="utf-8").splitlines()
    name = header.split("\t").index("scenario")
    captures = {(line.split("\t")[name], v) for line in labels for v in "cms"}
    assert {(row.scenario, row.vantage) for row in ROWS} == captures
