"""Run the commands that pages of docs/ show, and compare or write what they print.

    python bench/seed_pages.py [--write] [PAGE ...]

Without PAGE: docs/lab.md, docs/sim.md and docs/seeds/*.md. A block is fenced as
`console`; its first lines, which begin with `$ ` or `> `, are a script for bash, and
the rest is what it printed. `lastack` in it is this interpreter's, and the network
is an empty namespace, so that ports are free. Run as root.

A comment before a block says which lines of the output are shown:

    <!-- show
    from: client  close          the first line that is shown
    to: server .gone             the last
    only: Flags|close            of these, lines where this is found
    without: ESTAB               but none where this is
    -->

Each is a regular expression. `...` stands before the first and after the last line;
a choice by `only` and `without` is named above the lines chosen. The verdict at
the end is always shown, unless `to` comes before it. A run on a real
kernel never prints the same times and ports twice, and a socket's state may be
seen or missed; so a block is compared by its facts: flags and numbers of SYN, FIN
and RST, results of calls, states, the kernel's reasons, verdicts without their
odds. Every fact on the page must be in the new output, and every FIN, RST, error
and verdict of the new lines on the page. Exit status 1 where one is not.
"""

import argparse
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIMIT = 60  # seconds a block may take

BLOCK = re.compile(
    r"(?:<!-- show\n(?P<show>.*?)-->\n)?```console\n(?P<body>.*?)```\n", re.DOTALL
)
VERDICT = re.compile(r"^\w+: (\S+ > \S+|what explain says.*)$")
MOMENT = re.compile(r"^ *\d+\.\d{6} (client|server) +(?:\[\w+\] )?(.*)$")
CALL = re.compile(r"^(?:<\.\.\. )?(\w+)(?:\(.*\)| resumed>) = (.*?)(?: <[\d.]+>)?$")
SEGMENT = re.compile(r"^([<>]) (?:\w+: )?(Flags \[(\S+)\].*)$")
DATAGRAM = re.compile(r"^([<>]) (.*(?:UDP|ICMP).*)$")
STATE = re.compile(r"^([A-Z]+(?:-[A-Z0-9]+)*|\(gone\)) +\d+ > ")
OPINION = re.compile(r"^  +(\w+)  +([a-z0-9-]+(?: by \w+)?)(?:, | \(kernel|$)")
ODDS = re.compile(r"(?:[<>] )?\d+ %")
# What a poll() of lastack nc finds ready depends on who was faster.
POLLED = re.compile(r"^ *\d+\.\d{4} +\d+\.\d{4}  poll\(")
DECISIVE = re.compile(r"\[[SP]*[FR]|\bE[A-Z]{3,}\b| by ")


@dataclass(frozen=True)
class Block:
    """One fenced block: its script, what the page shows, which lines it wants."""

    script: str
    shown: list[str]
    wanted: dict[str, str]


def parse(body: str, show: str | None) -> Block:
    """Take a block apart; ValueError for a directive that does not exist."""
    lines = body.splitlines()
    end = next(
        (i for i, line in enumerate(lines) if not line.startswith(("$ ", "> "))),
        len(lines),
    )
    wanted = {}
    for line in (show or "").splitlines():
        key, _, value = line.partition(": ")
        if key not in {"from", "to", "only", "without"}:
            msg = f"no such directive: {line}"
            raise ValueError(msg)
        wanted[key] = value
    script = "\n".join(line[2:] for line in lines[:end])
    return Block(script, lines[end:], wanted)


def blocks(page: Path) -> Iterator[Block]:
    """Every block of a page, in order."""
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield parse(found["body"], found["show"])


def execute(script: str) -> list[str]:
    """What the script prints on both streams, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for linked in ("examples", "tests"):
            (folder / linked).symlink_to(ROOT / linked)
        shims = folder / ".bin"
        shims.mkdir()
        for command, words in (("lastack", "-m lastack"), ("python", "")):
            shim = shims / command
            shim.write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n')
            shim.chmod(0o755)
        running = subprocess.Popen(
            ["unshare", "--net", "bash", "-c", f"ip link set lo up\n{script}\nwait"],
            cwd=folder,
            env={
                **os.environ,
                "PATH": f"{shims}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT / "src"),
                "COLUMNS": "80",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            output, _ = running.communicate(timeout=LIMIT)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    return [line.rstrip() for line in output.decode().splitlines()]


def entries(lines: list[str]) -> list[list[str]]:
    """Lines with those that they were wrapped into: deep indentation goes on."""
    found: list[list[str]] = []
    for line in lines:
        if found and found[-1] != [""] and line.startswith(" " * 11):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def find(heads: list[str], pattern: str, start: int) -> int:
    """The first line from `start` where `pattern` is found; LookupError if none."""
    for i in range(start, len(heads)):
        if re.search(pattern, heads[i]):
            return i
    msg = f"no line is {pattern!r} after line {start} of:\n" + "\n".join(heads)
    raise LookupError(msg)


def select(lines: list[str], wanted: dict[str, str]) -> list[str]:
    """The lines that a page asks for, `...` for each stretch left out."""
    whole = entries(lines)
    heads = [entry[0] for entry in whole]
    verdict = next((i for i, h in enumerate(heads) if VERDICT.match(h)), len(heads))
    first = find(heads, wanted.get("from", ""), 0)
    last = find(heads, wanted["to"], first) if "to" in wanted else len(heads) - 1
    chosen = [f"... lines with: {wanted['only']}"] if "only" in wanted else []
    if "without" in wanted:
        chosen.append(f"... lines without: {wanted['without']}")
    shown = [*chosen] or (["..."] if first else [])
    for i in range(first, last + 1):
        text = "\n".join(whole[i])
        if i >= verdict or not text:
            keep = bool(text) or (bool(shown) and shown[-1] not in {"", *chosen})
        else:
            keep = bool(re.search(wanted.get("only", ""), text)) and not (
                "without" in wanted and re.search(wanted["without"], text)
            )
        if keep:
            shown += whole[i]
    while shown and not shown[-1]:
        shown.pop()
    return shown + (["..."] if last < len(heads) - 1 else [])


def fact(entry: list[str]) -> str:
    """What must be the same in every run; "" if the line holds nothing such."""
    line = " ".join(part.strip() if i else part for i, part in enumerate(entry))
    moment = MOMENT.match(line)
    opinion = OPINION.match(line)
    if opinion:
        return f"{opinion[1]}: {opinion[2]}"
    if VERDICT.match(line) or POLLED.match(line):
        return ""
    if not moment:
        line = ODDS.sub("# %", line)
        return " ".join(re.sub(r"\d+(\.\d+)*", "#", line).split())
    who, what = moment.groups()
    if found := SEGMENT.match(what):
        if not set(found[3]) & set("SFR"):
            return f"{who} {found[1]} [{found[3]}]"
        return f"{who} {found[1]} " + re.sub(r", win \d+", "", found[2])
    if found := STATE.match(what):
        return f"{who} {found[1]}" + (" orphan" if "orphan" in what else "")
    if found := CALL.match(what):
        positive = re.fullmatch(r"[1-9]\d*", found[2])
        return f"{who} {found[1]} = {'n' if positive else found[2]}"
    if what.startswith(("+++", "---", "#")):
        return f"{who} {what}"
    if found := DATAGRAM.match(what):
        return f"{who} {found[1]} " + re.sub(r"\d+(\.\d+)*", "#", found[2])
    if what.startswith(("kernel:", "counter:")):
        return f"{who} " + re.sub(r" \+\d+", "", what)
    return ""


def facts(lines: list[str]) -> set[str]:
    """The facts of some lines of output."""
    output = [line for line in lines if not line.startswith("...")]
    return {fact(entry) for entry in entries(output)} - {""}


def differences(block: Block, printed: list[str]) -> list[str]:
    """What the page says and the run does not, and the other way round."""
    missing = facts(block.shown) - facts(printed)
    try:
        selected = select(printed, block.wanted)
    except LookupError as error:
        return str(error).splitlines()
    decisive = {f for f in facts(selected) if DECISIVE.search(f)}
    new = decisive - facts(block.shown)
    return [f"only on the page: {f}" for f in sorted(missing)] + [
        f"only in the run: {f}" for f in sorted(new)
    ]


def rewritten(page: Path) -> str:
    """The page with what its commands print now."""

    def renew(found: re.Match[str]) -> str:
        block = parse(found["body"], found["show"])
        printed = select(execute(block.script), block.wanted)
        head, _, body = found[0].partition("```console\n")
        commands = body.splitlines()[: len(block.script.splitlines())]
        return "\n".join([f"{head}```console", *commands, *printed, "```", ""])

    return BLOCK.sub(renew, page.read_text(encoding="utf-8"))


def main() -> int:
    """Compare or write each page; 1 if one differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="replace the output")
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGE")
    options = parser.parse_args()
    pages = options.pages or [
        ROOT / "docs" / "lab.md",
        ROOT / "docs" / "sim.md",
        *sorted((ROOT / "docs" / "seeds").glob("*.md")),
    ]
    wrong = 0
    for page in pages:
        if options.write:
            page.write_text(rewritten(page), encoding="utf-8")
            print(f"{page.name}: written")
            continue
        for block in blocks(page):
            different = differences(block, execute(block.script))
            wrong += bool(different)
            command = block.script.partition("\n")[0]
            print(f"{page.name}: {command}: {'differs' if different else 'as shown'}")
            for line in different:
                print(f"    {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
