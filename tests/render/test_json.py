"""Verdicts as JSON: one valid document, or one valid object a line."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from tests.connections.traced import HANDSHAKE, explained

from lastack.diagnosis.explained import Explained
from lastack.diagnosis.verdict import Verdict
from lastack.render.json import Document, write_document, write_lines
from lastack.sources.read_capture import read_capture


@pytest.fixture(scope="module")
def some(corpus: Path) -> list[Explained]:
    """Return some captures of the corpus, judged."""
    found = []
    for path in sorted(corpus.glob("*.pcap"))[::9]:
        read = read_capture(str(path))
        found.append(Explained(read.name, read.scan))
    return found


def document(captures: list[Explained], stream: int | None = None) -> str:
    """Return the document of captures, of one stream only if it is given."""
    out = io.StringIO()
    write_document(captures, lambda number, _: stream is None or number == stream, out)
    return out.getvalue()


def lines(captures: list[Explained]) -> list[str]:
    """Return the lines of captures."""
    out = io.StringIO()
    write_lines(captures, lambda *_: True, out)
    return out.getvalue().splitlines()


def test_one_object_a_line(some: list[Explained]) -> None:
    """Each line is a whole verdict by its schema; there are as many as connections."""
    verdicts = [msgspec.json.decode(line, type=Verdict) for line in lines(some)]
    assert len(verdicts) == sum(len(one.connections) for one in some)


def test_the_document_holds_the_same_objects(some: list[Explained]) -> None:
    """`--json` has under `connections` what `--jsonl` has a line each."""
    made = json.loads(document(some))
    assert set(made) == {"connections", "trouble"}
    assert made["connections"] == [json.loads(line) for line in lines(some)]
    msgspec.json.decode(document(some), type=Document)


def test_no_connection_is_an_empty_list() -> None:
    """Nothing chosen is still a document."""
    made = json.loads(document([explained(HANDSHAKE)], stream=7))
    assert made == {"connections": [], "trouble": []}


def test_trouble_is_told() -> None:
    """A partial capture is in the document, with what was wrong."""
    capture = explained(HANDSHAKE)
    cut = Explained("cut", capture.scan, partial=True, trouble=("cut: at the end",))
    made = json.loads(document([capture, cut]))
    assert made["trouble"] == [{"capture": "cut", "says": "cut: at the end"}]


def test_hostile_names_are_escaped() -> None:
    """A name with an escape or a quote is a JSON string, and nothing else."""
    name = 'a"b\x1b[2J\n'
    hostile = Explained(name, explained(HANDSHAKE).scan)
    (line,) = lines([hostile])
    assert "\x1b" not in line
    assert json.loads(line)["capture"] == name
