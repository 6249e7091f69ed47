"""Run `lastack check` on real servers and write what it found as docs/check.md.

Each server runs on loopback with a configuration and a port of its own and is
stopped afterwards: nginx, lighttpd, Apache httpd and Node from Debian, uvicorn and
gunicorn from PyPI, Python's http.server. One that is not installed is left out, and
the page says so. Each probe runs under tcpdump, and a bad verdict stands beside the
packets of the connection which it is about.

    sudo python -m bench.check_servers --write docs/check.md

It takes about ten minutes, most of them waiting for servers to close of their own
accord. Root is for tcpdump and the vanished client.
"""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from bench.servers_to_check import Subject, running, subjects, version

SRC = Path(__file__).parents[1] / "src"
PROBES = SRC / "lastack" / "check" / "probes"
BEGIN = "<!-- results: written by bench/check_servers.py -->"
END = "<!-- end of the results -->"


def check(port: int, wait: float, *more: str) -> dict[str, Any]:
    """Run `lastack check --json` in a process of its own and return its report."""
    command = [sys.executable, "-m", "lastack", "check", f"127.0.0.1:{port}"]
    done = subprocess.run(
        [*command, "--json", "--wait", str(wait), *more],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SRC)},
        check=False,
    )
    if not done.stdout:
        raise RuntimeError(done.stderr.strip())
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def captured(port: int, action: Callable[[], object]) -> list[str]:
    """Return tcpdump's lines of all packets of `port` during `action`."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        file = f"{folder}/packets.pcap"
        process = subprocess.Popen(
            [
                "tcpdump",
                "--immediate-mode",
                "-i",
                "lo",
                "-U",
                "-s",
                "128",
                "-w",
                file,
                f"tcp port {port}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            assert process.stderr is not None
            process.stderr.readline()  # "listening on lo": it captures from here on
            time.sleep(0.3)
            action()
            time.sleep(0.5)
        finally:
            process.terminate()
            process.communicate()
        done = subprocess.run(
            ["tcpdump", "-n", "-ttttt", "-r", file],
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout.splitlines()


LINE = re.compile(
    r"\s*00:(\d\d):(\d+\.\d+) IP [\d.]+\.(\d+) > [\d.]+\.(\d+): "
    r"(Flags \[[^]]+\](?:, seq [\d:]+)?(?:, ack \d+)?(?:, win \d+)?).*?"
    r"(, length \d+).*"
)


def evidence(port: int, lines: list[str], probe: str) -> list[str]:
    """Return the packets of the one connection that a bad verdict is about.

    That is the first with a reset; for the accept queue the one that took longest;
    else the second, after the normal exchange. Its middle is left out.
    """
    streams: dict[int, list[tuple[float, str]]] = {}
    for line in lines:
        if (found := LINE.match(line)) is None:
            continue
        source, target = int(found[3]), int(found[4])
        client = target if source == port else source
        way = "C > S" if source == client else "S > C"
        text = f"{way}: {found[5]}{found[6]}"
        at = 60 * int(found[1]) + float(found[2])
        streams.setdefault(client, []).append((at, text))
    chosen = list(streams.values())[1:]
    if not chosen:
        return []
    resets = [each for each in chosen if any("[R" in text for _, text in each)]
    stream = (resets or chosen)[0]
    if probe == "accept-queue":
        stream = max(chosen, key=lambda each: each[-1][0] - each[0][0])
    begun = stream[0][0]
    shown = [f"{at - begun:9.6f} {text}" for at, text in stream]
    if len(shown) > 14:
        shown = [*shown[:5], f"     ... {len(shown) - 13} more ...", *shown[-8:]]
    return shown


PATIENT = ("idle-close-race", "silent-client", "vanished-client")
"""Probes that mostly wait: they run on all servers at once."""


class Result(NamedTuple):
    """What one probe told of one server, and the packets of a bad one."""

    server_did: str
    verdict: str
    why: str
    packets: list[str]


def examined(port: int, name: str, wait: float) -> Result:
    """Run one probe under tcpdump."""
    reports: list[dict[str, Any]] = []
    lines = captured(port, lambda: reports.append(check(port, wait, "--probe", name)))
    finding = reports[0]["findings"][0]
    bad = finding["verdict"] == "bad"
    return Result(
        finding["server_did"],
        finding["verdict"],
        finding["why"],
        evidence(port, lines, name) if bad else [],
    )


def main() -> int:
    """Check all servers and write what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="write into this page")
    parser.add_argument("--only", help="only servers whose name has this in it")
    parser.add_argument("--wait", type=float, default=125.0)
    arguments = parser.parse_args()
    names = sorted(path.stem.replace("_", "-") for path in PROBES.glob("[a-z]*.py"))
    chosen = [each for each in subjects() if (arguments.only or "") in each.name]
    results: dict[str, dict[str, Result]] = {each.name: {} for each in chosen}
    with contextlib.ExitStack() as stack:
        ports = {
            each.name: stack.enter_context(running(each))
            for each in chosen
            if each.installed
        }
        for server, port in ports.items():
            for name in names:
                if name not in PATIENT:
                    sys.stderr.write(f"{server}: {name}\n")
                    results[server][name] = examined(port, name, 10.0)

        def wait_for(server: str) -> None:
            for name in PATIENT:
                found = examined(ports[server], name, arguments.wait)
                results[server][name] = found
                sys.stderr.write(f"{server}: {name}\n")

        with ThreadPoolExecutor(len(ports)) as pool:
            list(pool.map(wait_for, ports))
    text = page(chosen, names, results)
    if arguments.write is None:
        sys.stdout.write(text)
        return 0
    before, _, rest = arguments.write.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    arguments.write.write_text(f"{before}{BEGIN}\n{text}{END}{after}")
    return 0


def page(
    chosen: list[Subject], names: list[str], results: dict[str, dict[str, Result]]
) -> str:
    """Return the legend, one table, and each bad verdict with its packets."""
    lines = [""]
    letters = dict(zip((each.name for each in chosen), "ABCDEFGH", strict=False))
    for subject in chosen:
        about = version(subject) if subject.installed else "not installed"
        text = f"- {letters[subject.name]}: {subject.name} {about}; {subject.setting}"
        lines += textwrap.wrap(text, 80, subsequent_indent="  ")
    header = " " * 26 + "".join(f"{letter:<6}" for letter in letters.values())
    lines += ["", "```text", header.rstrip()]
    marks = {"good": "good", "bad": "BAD", "not told": "-", "skipped": "skip"}
    for name in names:
        cells = [results[each.name].get(name) for each in chosen]
        row = "".join(f"{marks[c.verdict] if c else '':<6}" for c in cells)
        lines.append(f"{name:<26}{row}".rstrip())
    lines += ["```", ""]
    for name in names:
        lines += [f"### {name}", "", "```text"]
        for subject in chosen:
            if (found := results[subject.name].get(name)) is None:
                continue
            did = (
                f"{letters[subject.name]} {marks[found.verdict]:<5} {found.server_did}"
            )
            lines += textwrap.wrap(did, 80, subsequent_indent=" " * 8)
        lines += ["```", ""]
        for subject in chosen:
            found = results[subject.name].get(name)
            if found is not None and found.packets:
                lines += [f"{subject.name}, the packets (C the client, S the server):"]
                lines += ["", "```text", *found.packets, "```", ""]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
