"""Verdicts as JSON: one document, or one object a line."""

from collections.abc import Callable, Iterable
from typing import IO

import msgspec

from lastack.diagnosis.explained import Explained
from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.verdict import Verdict, verdict

Choice = Callable[[int, Judgement], bool]
"""Whether the connection of this number and judgement is to be written."""


class Trouble(msgspec.Struct, frozen=True):
    """A capture that could not be read, or only a part of it, and why."""

    capture: str
    says: str


class Document(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    connections: list[Verdict]
    trouble: list[Trouble] = []


def _chosen(explained: Iterable[Explained], choice: Choice) -> Iterable[Verdict]:
    for one in explained:
        for stream, judgement in enumerate(one.judgements):
            if choice(stream, judgement):
                yield verdict(one.diagnosis(stream))


def write_lines(explained: Iterable[Explained], choice: Choice, out: IO[str]) -> None:
    """Write one JSON object a line, one a connection."""
    encode = msgspec.json.Encoder().encode
    for one in _chosen(explained, choice):
        out.write(encode(one).decode() + "\n")


def write_document(
    explained: Iterable[Explained],
    choice: Choice,
    out: IO[str],
    unread: Iterable[tuple[str, str]] = (),
) -> None:
    """Write one JSON document with the objects under `connections`.

    `unread` are the names of files that could not be read at all, and why.
    """
    captures = list(explained)
    trouble = [Trouble(name, says) for name, says in unread]
    trouble += [Trouble(one.name, says) for one in captures for says in one.trouble]
    document = Document(list(_chosen(captures, choice)), trouble)
    out.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
    out.write("\n")
