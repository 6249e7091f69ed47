"""The verdict as data: the contract of every field, by --json, --jsonl and schema."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lastack.diagnosis.diagnosis import Diagnosis
from lastack.diagnosis.explained import Explained
from lastack.diagnosis.verdict import Verdict, verdict
from lastack.endings import endings
from lastack.sources.read_capture import read_capture
from tests.cli.process import CAPTURES, SHIPPED, run, text

Json = Any

SIDES = {"client", "server", "both", "path", "none", "unknown"}
ZEEK = {
    *("S0", "S1", "SF", "REJ", "S2", "S3", "RSTO", "RSTR"),
    *("RSTOS0", "RSTRH", "SH", "SHR", "OTH"),
}


def is_endpoint(it: Json) -> bool:
    return list(it) == ["address", "port"] and 0 <= it["port"] <= 65535


def is_sentence(it: Json) -> bool:
    return bool(re.match(r"[A-Z]", it)) and it.rstrip(")").endswith((".", "?"))


def is_rfc3339(it: str) -> bool:
    found = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z", it)
    return found is not None and bool(datetime.fromisoformat(found[1]))


# Every field with its type, as a test of the type; in the order of the contract.
FIELDS: dict[str, Callable[[Json], bool]] = {
    "capture": lambda it: isinstance(it, str),
    "stream": lambda it: isinstance(it, int) and it >= 0,
    "client": is_endpoint,
    "server": is_endpoint,
    "client_known": lambda it: isinstance(it, bool),
    "frames": lambda it: (
        list(it) == ["first", "last", "count"]
        and 1 <= it["first"] <= it["last"]
        and 1 <= it["count"] <= it["last"] - it["first"] + 1
    ),
    "started": is_rfc3339,
    "duration_s": lambda it: isinstance(it, int | float) and it >= 0,
    "bytes": lambda it: list(it) == ["client", "server"] and min(it.values()) >= 0,
    "ending": lambda it: it in endings(),
    "by": lambda it: it in SIDES,
    "confidence": lambda it: 0 < it <= 1,
    "alternatives": lambda it: all(
        list(one) == ["ending", "by", "confidence"]
        and one["ending"] in endings()
        and one["by"] in SIDES
        for one in it
    ),
    "summary": is_sentence,
    "evidence": lambda it: (
        len(it) <= 8
        and all(list(one) == ["frame", "says"] and one["says"] for one in it)
    ),
    "application_saw": lambda it: list(it) == ["client", "server"] and all(it.values()),
    "remedy": is_sentence,
    "settle_it": lambda it: it == "" or is_sentence(it),
    "notes": lambda it: all(re.fullmatch(r"[a-z0-9-]+", one) for one in it),
    "zeek_state": lambda it: it in ZEEK,
    "filter": lambda it: it.startswith(("frame.number in {", "tcp.stream == ")),
}


def broken(one: Json) -> list[str]:
    """Return what of the contract a verdict breaks."""
    if list(one) != list(FIELDS):
        return [f"fields {list(one)}"]
    found = [
        f"{name}: {one[name]!r}"
        for name, holds in FIELDS.items()
        if not holds(one[name])
    ]
    odds = [one["confidence"], *(other["confidence"] for other in one["alternatives"])]
    if abs(sum(odds) - 1) > 1e-5:
        found.append(f"the odds sum to {sum(odds)}")
    if odds != sorted(odds, reverse=True):
        found.append(f"the odds are not in order: {odds}")
    frames = [proof["frame"] for proof in one["evidence"]]
    if frames != sorted(set(frames)):
        found.append(f"evidence out of order, or twice: {frames}")
    first, last = one["frames"]["first"], one["frames"]["last"]
    if frames and not first <= frames[0]:
        found.append(f"evidence {frames} before the first frame {first} .. {last}")
    return found


def lines(*names: str) -> list[Json]:
    """Return the objects that `lastack explain --jsonl` prints."""
    printed = text("explain", "--jsonl", *names)
    return [json.loads(line) for line in printed.splitlines()]


@pytest.fixture(scope="module")
def diagnoses(corpus: Path) -> list[Diagnosis]:
    """Every connection of the corpus, explained."""
    found: list[Diagnosis] = []
    for path in sorted(corpus.glob("*.pcap")):
        read = read_capture(str(path))
        found += Explained(path.name, read.scan).diagnoses()
    return found


def test_the_contract_on_shipped_captures() -> None:
    """Every object that the process prints keeps the contract of every field."""
    printed = lines(*SHIPPED)
    assert len(printed) == len(SHIPPED) + 3
    assert [broken(one) for one in printed] == [[]] * len(printed)


def test_the_contract_on_the_corpus(diagnoses: list[Diagnosis]) -> None:
    """Every verdict on every connection of the corpus keeps the contract."""
    found: dict[str, list[str]] = {}
    for one in diagnoses:
        data = json.loads(msgspec.json.encode(verdict(one)))
        if faults := broken(data):
            found[f"{one.capture} {one.connection.stream}"] = faults
    assert found == {}


def test_a_broken_verdict_is_noticed() -> None:
    """The checks of the contract do fail on verdicts that break it."""
    (good,) = lines(SHIPPED[0])
    worse: dict[str, Json] = {
        "by": "nobody",
        "started": "yesterday",
        "confidence": 0.2,
        "zeek_state": "XX",
        "evidence": [{"frame": 9, "says": "a"}, {"frame": 8, "says": "b"}],
    }
    for name, value in worse.items():
        assert broken(good | {name: value}), name
    assert broken({name: good[name] for name in reversed(good)})


def test_json_holds_what_jsonl_prints() -> None:
    """--json prints the objects of --jsonl as one document under `connections`."""
    document = json.loads(text("explain", "--json", *SHIPPED))
    assert document["connections"] == lines(*SHIPPED)
    assert document["trouble"] == []


def test_a_verdict_can_be_read_back() -> None:
    """What --jsonl prints decodes strictly into a Verdict, and encodes to itself."""
    for line in text("explain", "--jsonl", *SHIPPED).splitlines():
        one = msgspec.json.decode(line, type=Verdict, strict=True)
        assert msgspec.json.encode(one).decode() == line


@pytest.mark.parametrize(
    ("schema", "option"), [([], "--jsonl"), (["--document"], "--json")]
)
def test_the_schema_describes_it(schema: list[str], option: str) -> None:
    """What is printed is valid against what `lastack schema` prints."""
    rules = json.loads(text("schema", *schema))
    printed = text("explain", option, *SHIPPED)
    documents = printed.splitlines() if option == "--jsonl" else [printed]
    for document in documents:
        assert list(violations(json.loads(document), rules, rules)) == []


def test_the_schema_refuses_what_is_wrong() -> None:
    """A lost field, a side that does not exist and a text for a number are refused."""
    rules = json.loads(text("schema"))
    (good,) = lines(SHIPPED[0])
    lost = {name: value for name, value in good.items() if name != "by"}
    for bad in (lost, good | {"by": "nobody"}, good | {"confidence": "high"}):
        assert list(violations(bad, rules, rules))


_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def violations(value: Json, rule: Json, root: Json) -> Iterator[str]:
    """Yield where `value` breaks a JSON Schema, of the keywords that ours uses."""
    if "$ref" in rule:
        name = rule["$ref"].rpartition("/")[2]
        yield from violations(value, root["$defs"][name], root)
        return
    known = {
        *("$defs", "title", "description", "default", "type", "properties"),
        *("required", "items", "enum", "minimum", "maximum", "maxItems"),
    }
    assert set(rule) <= known, f"this validator does not know {set(rule) - known}"
    kind = rule.get("type")
    if kind and not isinstance(value, _TYPES[kind]):
        yield f"{value!r} is no {kind}"
        return
    if "enum" in rule and value not in rule["enum"]:
        yield f"{value!r} is none of {rule['enum']}"
    if "minimum" in rule and value < rule["minimum"]:
        yield f"{value!r} is less than {rule['minimum']}"
    if "maximum" in rule and value > rule["maximum"]:
        yield f"{value!r} is more than {rule['maximum']}"
    if kind == "array" and len(value) > rule.get("maxItems", len(value)):
        yield f"{len(value)} items are too many"
    for name in rule.get("required", ()):
        if name not in value:
            yield f"{name} is missing"
    for name, inner in rule.get("properties", {}).items():
        if name in value:
            yield from violations(value[name], inner, root)
    for item in value if kind == "array" else ():
        yield from violations(item, rule["items"], root)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_filter_shows_the_evidence(
    name: str, needs_tool: Callable[[str], str]
) -> None:
    """In tshark the filter of a verdict shows the frames of its evidence, no others."""
    tshark = needs_tool("tshark")
    for one in lines(name):
        shown = frames(tshark, CAPTURES / name, one["filter"])
        proof = [each["frame"] for each in one["evidence"]]
        assert shown == (proof or frames(tshark, CAPTURES / name, stream(one)))


@pytest.mark.parametrize("name", SHIPPED)
def test_streams_and_frames_are_those_of_wireshark(
    name: str, needs_tool: Callable[[str], str]
) -> None:
    """`stream` and `frames` of a verdict are what tshark calls tcp.stream."""
    tshark = needs_tool("tshark")
    for one in lines(name):
        shown = frames(tshark, CAPTURES / name, stream(one))
        count = {"first": shown[0], "last": shown[-1], "count": len(shown)}
        assert one["frames"] == count


def stream(one: Json) -> str:
    return f"tcp.stream == {one['stream']}"


def frames(tshark: str, capture: Path, shown: str) -> list[int]:
    """Return the numbers of the frames which a display filter shows."""
    arguments = ["-nr", str(capture), "-Y", shown, "-Tfields", "-eframe.number"]
    printed = subprocess.run(
        [tshark, *arguments], capture_output=True, check=True, timeout=60
    ).stdout
    return [int(number) for number in printed.split()]


def test_the_document_names_what_could_not_be_read() -> None:
    """A file that is not there is in the document, too, and the exit code is 3."""
    finished = run("explain", "--json", "gone.pcap", SHIPPED[0])
    made = json.loads(finished.stdout)
    says = "gone.pcap: no such file"
    assert made["trouble"] == [{"capture": "gone.pcap", "says": says}]
    assert len(made["connections"]) == 1
    assert finished.returncode == 3
