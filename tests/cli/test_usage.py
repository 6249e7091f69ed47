"""Words that make no sense: one line says what is wrong and what to do instead."""

from pathlib import Path
from typing import NoReturn

import pytest

from lastack.cli import main
from tests.cli.process import CAPTURES, PROJECT, SHIPPED

LINES = [
    (
        "explain --frob x",
        "lastack explain: no option --frob (lastack explain --help)",
    ),
    (
        "explain --stram=1 x",
        "lastack explain: no option --stram; is it --stream? (lastack explain --help)",
    ),
    (
        "explain --stream one x",
        "lastack explain: --stream: invalid int value: 'one' (lastack explain --help)",
    ),
    (
        "explain --ending",
        "lastack explain: --ending: expected one argument (lastack explain --help)",
    ),
    (
        "explain --json --jsonl x",
        (
            "lastack explain: --jsonl: not allowed with argument --json"
            " (lastack explain --help)"
        ),
    ),
    (
        "--frob",
        (
            "lastack: name a command: check, ending, explain, lab, nc, schema, sim"
            " (lastack --help)"
        ),
    ),
    (
        "lab",
        "lastack lab: name a command: list, run, corpus, score (lastack lab --help)",
    ),
    ("lab corpus", "lastack lab corpus: DIR is missing (lastack lab corpus --help)"),
    (
        "lab corpus a b",
        "lastack lab corpus: 'b' is one word too many (lastack lab corpus --help)",
    ),
    ("lab run", "lastack lab run: name one scenario, or --all (lastack lab list)"),
    (
        "sim run linger-zero --dlay 3",
        (
            "lastack sim run linger-zero: no option --dlay; is it --delay?"
            " (lastack sim run linger-zero --help)"
        ),
    ),
    (
        "sim run --delay x",
        (
            "lastack sim run: --delay: 'x' is no time, as 50ms or 1.5s"
            " (lastack sim run --help)"
        ),
    ),
    (
        "sim run lingr-zero",
        (
            "lastack: no scenario 'lingr-zero'; did you mean linger-zero,"
            " linger-zero-unsent, linger-zero-unread? (lastack sim list)"
        ),
    ),
    (
        "check --probe data h:1",
        "lastack check: no probe 'data'; is it data-after-server-fin?",
    ),
    ("check --probe nope h:1", "lastack check: no probe 'nope'; --list names them"),
]


def refused(capsys: pytest.CaptureFixture[str], words: list[str]) -> str:
    """Return what is on standard error when words are refused with 2."""
    try:
        code = main(words)
    except SystemExit as end:
        code = int(end.code or 0)
    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    return printed.err


@pytest.mark.parametrize(("words", "line"), LINES)
def test_one_line(words: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the command, what is wrong with the word, and the help that tells."""
    assert refused(capsys, words.split()) == f"{line}\n"


def test_a_file_that_looks_like_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file whose name begins with a dash is named in the way that works."""
    (tmp_path / "-x.pcap").write_bytes((CAPTURES / SHIPPED[0]).read_bytes())
    monkeypatch.chdir(tmp_path)
    assert "the file is ./-x.pcap (" in refused(capsys, ["explain", "-x.pcap"])
    assert main(["explain", "./-x.pcap"]) == 0


def test_the_kernel_of_a_script_needs_root(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the right to make a namespace it says what is needed."""

    def refuse() -> NoReturn:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("lastack.lab.script_kernel.ScriptKernel", refuse)
    script = PROJECT / "tests" / "sim" / "scripts" / "linger_zero.pkt"
    line = refused(capsys, ["sim", "script", "--kernel", str(script)])
    assert line == "lastack: sim script --kernel needs root (CAP_NET_ADMIN)\n"


def test_options_between_files(capsys: pytest.CaptureFixture[str]) -> None:
    """Files behind an option are files as those before it are."""
    files = [str(CAPTURES / name) for name in SHIPPED[:3]]
    assert main(["explain", "--jsonl", *files]) == 0
    together = capsys.readouterr().out
    assert main(["explain", files[0], "--jsonl", *files[1:]]) == 0
    assert capsys.readouterr().out == together


def test_a_word_with_an_escape(capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is told without what a terminal would obey."""
    line = refused(capsys, ["explain", "--\x1b[31m"])
    assert line.rstrip("\n").isprintable()
