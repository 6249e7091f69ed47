"""The verdict's fields are those of the contract, one by one."""

import re
from copy import copy
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec
import pytest

from lastack.connections.story import Exhibit
from lastack.diagnosis.explained import Explained
from lastack.diagnosis.verdict import Verdict, timestamp, verdict
from lastack.endings import endings
from lastack.sources.read_capture import read_capture
from lastack.tcp.notation import parse_trace
from lastack.tcp.segment import Address
from tests.connections.traced import HANDSHAKE, explained, written
from tests.judged import judged

FIELDS: Final = [
    *("capture", "stream", "client", "server", "client_known", "frames", "started"),
    *("duration_s", "bytes", "ending", "by", "confidence", "alternatives", "summary"),
    *("evidence", "application_saw", "remedy", "settle_it", "notes", "zeek_state"),
    "filter",
]
BY: Final = {"client", "server", "both", "path", "none", "unknown"}
ABORTED: Final = (
    HANDSHAKE
    + """
    +0.1 > P. 1:101(100) ack 1
    +0.2 > P. 1:101(100) ack 1
    +0.01 < P. 1:51(50) ack 101 win 509
    +0.01 > . 101:101(0) ack 51
    +1 < R. 51:51(0) ack 101 win 509
"""
)


def told(trace: str) -> Verdict:
    """Return the verdict on a trace's only connection."""
    (diagnosis,) = explained(trace).diagnoses()
    return verdict(diagnosis)


@pytest.fixture(scope="module")
def all_verdicts(corpus: Path) -> list[Verdict]:
    """Return the verdicts on every connection of the corpus."""
    found = []
    for path in sorted(corpus.glob("*.pcap")):
        read = read_capture(str(path))
        found += [verdict(one) for one in Explained(read.name, read.scan).diagnoses()]
    return found


def test_fields() -> None:
    """The JSON object has the fields of the contract, in its order, no others."""
    assert list(Verdict.__struct_fields__) == FIELDS
    assert list(msgspec.to_builtins(told(ABORTED))) == FIELDS


def test_ends_and_frames() -> None:
    """Addresses, ports, and frames from 1 with their number."""
    found = told(ABORTED)
    assert (found.client.address, found.client.port) == ("192.0.2.1", 40000)
    assert (found.server.address, found.server.port) == ("198.51.100.7", 80)
    assert found.client_known
    assert (found.frames.first, found.frames.last, found.frames.count) == (1, 8, 8)
    assert (found.capture, found.stream) == ("capture", 0)


def test_the_client_sent_the_syn() -> None:
    """Whoever spoke first: the client is the SYN's sender, or SYN-ACK's receiver."""
    found = told("0 < S. 0:0(0) ack 1\n+0.01 > . 1:1(0) ack 1")
    assert found.client.port == 40000
    assert found.client_known


def test_without_a_syn_the_client_is_a_guess() -> None:
    """In the middle, `client_known` says that the sides may be the other way."""
    assert not told("0 < P. 1:11(10) ack 1\n+0.01 > . 1:1(0) ack 11").client_known


def test_octets_without_retransmissions() -> None:
    """What was sent twice is counted once."""
    found = told(ABORTED)
    assert (found.bytes.client, found.bytes.server) == (100, 50)


def test_duration() -> None:
    """From the first frame to the last, in seconds."""
    assert told(ABORTED).duration_s == pytest.approx(1.34)


@pytest.mark.parametrize(
    ("time", "digits", "text"),
    [
        (0, 0, "1970-01-01T00:00:00Z"),
        (0, 6, "1970-01-01T00:00:00.000000Z"),
        (1_700_000_000_000_000_000, 0, "2023-11-14T22:13:20Z"),
        (1_700_000_000_123_456_789, 9, "2023-11-14T22:13:20.123456789Z"),
        (1_700_000_000_123_000_000, 3, "2023-11-14T22:13:20.123Z"),
        (1_700_000_000_123_000_000, 6, "2023-11-14T22:13:20.123000Z"),
        (1_700_000_000_000_000_001, 9, "2023-11-14T22:13:20.000000001Z"),
        (4_294_967_295_999_999_999, 9, "2106-02-07T06:28:15.999999999Z"),
        (1 << 63, 9, "2262-04-11T23:47:16.854775808Z"),
        (1 << 90, 9, "0001-01-01T00:00:00Z"),
    ],
)
def test_timestamp(time: int, digits: int, text: str) -> None:
    """RFC 3339 in UTC, no digit more than the capture has, none less."""
    assert timestamp(time, digits) == text


def test_started_has_the_digits_of_the_capture() -> None:
    """A capture of nanoseconds has nine, also where the last are zeros."""
    assert re.search(r":21\.000000000Z$", told("1 > S 0:0(0)").started)


def test_connections_in_order_of_first_packet() -> None:
    """Verdicts come in the order of first frames, whoever ended first."""
    long = parse_trace("0 > S 0:0(0)\n+30 > S 0:0(0)")
    short = parse_trace("0.005 > S 0:0(0)\n+1 > S 0:0(0)", Address("192.0.2.1", 5))
    mixed = sorted([*long, *short], key=lambda one: one.time)
    found = [verdict(one) for one in judged(written(mixed)).diagnoses()]
    assert [(one.client.port, one.frames.first) for one in found] == [
        (40000, 1),
        (5, 2),
    ]
    assert [one.stream for one in found] == [0, 1]


def test_ending_and_by(all_verdicts: list[Verdict]) -> None:
    """The ending is of the catalogue, `by` of the vocabulary."""
    assert len(all_verdicts) > 500
    assert {one.ending for one in all_verdicts} <= set(endings())
    assert {one.by for one in all_verdicts} <= BY


def test_confidences_sum_to_one(all_verdicts: list[Verdict]) -> None:
    """The verdict's confidence and the alternatives', largest first, make 1."""
    for one in all_verdicts:
        chances = [one.confidence, *(other.confidence for other in one.alternatives)]
        assert sum(chances) == pytest.approx(1, abs=1e-9)
        assert all(before >= after for before, after in pairwise(chances))


def test_what_is_doubtful_can_be_settled(all_verdicts: list[Verdict]) -> None:
    """A verdict with something against it says what would decide."""
    doubtful = [one for one in all_verdicts if one.confidence < 0.99]
    assert doubtful
    for one in doubtful:
        assert one.settle_it, (one.capture, one.ending)


def test_no_alternative_is_the_verdict(all_verdicts: list[Verdict]) -> None:
    """Each ending is named once in a verdict."""
    for one in all_verdicts:
        named = [one.ending, *(other.ending for other in one.alternatives)]
        assert len(named) == len(set(named))


def test_summary_is_a_sentence(all_verdicts: list[Verdict]) -> None:
    """It begins with a capital and ends with a full stop, on one line."""
    for one in all_verdicts:
        assert one.summary[0].isupper(), one.summary
        assert one.summary.endswith("."), one.summary
        assert one.summary.isprintable(), one.summary


def test_an_unsure_summary_says_so(all_verdicts: list[Verdict]) -> None:
    """Below 0.9 it begins with Probably, below 0.6 with Perhaps, and goes on."""
    goes_on = set()
    for one in all_verdicts:
        word, _, rest = one.summary.partition(" ")
        if one.confidence >= 0.9:
            assert word not in {"Probably", "Perhaps"}
        else:
            assert word == ("Probably" if one.confidence >= 0.6 else "Perhaps")
            goes_on.add(rest.partition(" ")[0])
    assert goes_on <= {"the", "a", "something", "both"}
    assert {"the", "a", "something"} <= goes_on


def test_evidence(all_verdicts: list[Verdict]) -> None:
    """At most eight frames, in order, each once, each of the capture, each says why."""
    for one in all_verdicts:
        frames = [exhibit.frame for exhibit in one.evidence]
        assert len(frames) <= 8
        assert frames == sorted(set(frames))
        assert all(frame >= 1 for frame in frames)
        assert all(exhibit.says.strip() for exhibit in one.evidence)


def test_at_most_eight_exhibits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more segments that prove it, each once, the first eight are shown."""
    (diagnosis,) = explained(ABORTED).diagnoses()
    frames = [20, 3, 3, 9, 8, 7, 6, 5, 4, 12]
    talkative = copy(diagnosis.ending)
    talkative.exhibits = lambda _: tuple(Exhibit(frame, "proof") for frame in frames)
    monkeypatch.setattr(
        "lastack.diagnosis.diagnosis.endings", lambda: {talkative.slug: talkative}
    )
    shown = [one.frame for one in diagnosis.evidence]
    assert shown == [3, 4, 5, 6, 7, 8, 9, 12]


def test_every_bad_ending_is_proved(all_verdicts: list[Verdict]) -> None:
    """An ending that needs attention shows at least one frame."""
    for one in all_verdicts:
        if not endings()[one.ending].good and one.ending != "unknown":
            assert one.evidence, one


def test_applications_remedy_and_how_to_settle(all_verdicts: list[Verdict]) -> None:
    """What each program saw and what to do; what is sure needs no settling."""
    for one in all_verdicts:
        assert one.application_saw.client
        assert one.application_saw.server
        assert one.remedy
        if one.confidence > 0.995 or not one.alternatives:
            assert one.settle_it == ""


def test_schema_names_every_field() -> None:
    """The JSON Schema requires each field of the contract, and describes it."""
    definition = msgspec.json.schema(Verdict)["$defs"]["Verdict"]
    assert definition["required"] == FIELDS
    assert set(definition["properties"]) == set(FIELDS)
    assert set(definition["properties"]["by"]["enum"]) == BY


def test_json_can_be_read_back(all_verdicts: list[Verdict]) -> None:
    """What is written decodes to the same verdicts by the types of the schema."""
    octets = msgspec.json.encode(all_verdicts)
    assert msgspec.json.decode(octets, type=list[Verdict]) == all_verdicts
