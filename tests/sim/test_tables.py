"""`lastack sim systems` and `lastack sim rules`: what is known, and from where."""

import re

import pytest

from lastack.cli import main
from lastack.render.system_table import value_text, values_of
from lastack.sim.personalities import load, names
from lastack.sim.rules import RULES


def _printed(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(["sim", *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    return lines


def test_each_system_is_told_with_how_well_it_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A line a system; the counts of a line are all its values."""
    lines = _printed(capsys, "systems")
    assert lines[0].split() == ["measured", "source", "documented", "assumed"]
    for line, name in zip(lines[1:], names(), strict=True):
        assert line.split()[0] == name
        counts = [int(it) for it in re.findall(r"\d+", line)[-4:]]
        assert sum(counts) == len(list(values_of(load(name))))


@pytest.mark.parametrize("system", names())
def test_every_value_of_a_system_is_shown_with_its_source(
    system: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Name, value, confidence and source, all of them."""
    text = " ".join(" ".join(_printed(capsys, "systems", system)).split())
    for name, value in values_of(load(system)):
        shown = (
            f"{name} {value_text(name, value.value)} {value.confidence.name.lower()}"
        )
        assert f"{shown}: {value.source}" in text


def test_several_systems_are_compared_where_they_differ(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """FIN_WAIT_2 lasts 60 s on Linux and 675 s on FreeBSD; TIME_WAIT is the same."""
    lines = _printed(capsys, "systems", "linux", "freebsd")
    at = lines.index("fin_wait_2")
    assert [line.split() for line in lines[at + 1 : at + 3]] == [
        ["linux", "60", "s"],
        ["freebsd", "675", "s"],
    ]
    assert "time_wait" not in lines


def test_an_unknown_system_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and which there are."""
    assert main(["sim", "systems", "beos"]) == 2
    assert "no system 'beos'; there are freebsd" in capsys.readouterr().err


def test_every_rule_is_told_with_its_clause_and_its_moves(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A paragraph a rule."""
    paragraphs = "\n".join(_printed(capsys, "rules")).split("\n\n")
    for rule, paragraph in zip(RULES, paragraphs, strict=True):
        assert paragraph.split()[0] == rule.name
        assert " ".join(rule.clause.split()) in " ".join(paragraph.split())
        assert f" -> {rule.moves[0][1].value}" in paragraph


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("fin_wait_2", 675_000_000_000, "675 s"),
        ("delayed_ack", 40_000_000, "40 ms"),
        ("syn_retries", 6, "6"),
        ("mss", 1460, "1460 octets"),
        ("sack", True, "yes"),
        ("icmp_reverts_backoff", (), "none"),
        ("icmp_reverts_backoff", ("net", "host"), "net, host"),
    ],
)
def test_a_value_is_written_with_its_unit(name: str, value: object, text: str) -> None:
    """Times, counts and sizes are told apart."""
    assert value_text(name, value) == text


def test_no_time_is_shown_as_a_bare_number() -> None:
    """What is as large as a millisecond is a time or a size, and has its unit."""
    for name in names():
        for field, value in values_of(load(name)):
            if isinstance(value.value, int) and value.value >= 1_000_000:
                assert not value_text(field, value.value).isdecimal(), field
