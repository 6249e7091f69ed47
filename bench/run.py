"""`make bench`: speed and memory of explain beside other tools, in one run.

    python bench/run.py [--rounds N] [--slow-rounds N]

Machines are noisy, so only ratios count: each other tool runs alternately with
`lastack explain`, and the median of the ratios of such pairs is printed, with the
lowest, the highest, and the ratio of the best times. Beside a run of seconds, which
has the noise of all of them, explain's is the median of three in a row. Whole
processes are timed, from start to end, with a warm cache and output to /dev/null;
lastack's verdicts are part of its time. It runs as pip installs it, from a copy
with its bytecode, and without the variables that tell Python otherwise. "plain" is
the same Python code uncompiled. Captures are made by bench/generate.py. What must
be reached is told once more at the end.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from compileall import compile_dir
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import lastack
from lastack.connections import scan

GENERATE: Final = Path(__file__).with_name("generate.py")
START: Final = "from lastack.cli import main; raise SystemExit(main())"
"""What the installed command does, for any interpreter and any sources."""
LONGEST_START: Final = 150
"""In how many milliseconds 200 packets have to be explained."""
RESET_OR_FIN: Final = "tcp[tcpflags] & (tcp-rst|tcp-fin) != 0"


class Cost(NamedTuple):
    """What one run took: wall clock and CPU in seconds, peak memory in octets."""

    wall: float
    cpu: float
    memory: int


class Rival(NamedTuple):
    """Another tool; `target` is how many times faster explain has to be, if any."""

    name: str
    command: list[str]
    target: float
    slow: bool = False


class Pairs(NamedTuple):
    """The wall times of alternating runs, in seconds."""

    theirs: list[float]
    ours: list[float]

    def ratios(self) -> list[float]:
        """Return how many times faster we were, pair by pair."""
        return [one / other for one, other in zip(self.theirs, self.ours, strict=True)]

    def best(self) -> float:
        """Return how many times faster our best run was than theirs."""
        return min(self.theirs) / min(self.ours)


class Goal(NamedTuple):
    """What must be reached, what was, and whether that is enough."""

    what: str
    wanted: str
    measured: str
    reached: bool


def run(command: list[str], path: Path | None = None) -> Cost:
    """Run a program to its end with its output thrown away.

    `path` is where it finds lastack. Raises CalledProcessError if it fails.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON")
    }
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def cached(profile: str) -> Path:
    """Return the capture of a profile, made by a process of its own.

    This one stays small: Linux counts what a process held before fork() towards
    the peak of its child.
    """
    command = [sys.executable, str(GENERATE), profile]
    return Path(subprocess.check_output(command, text=True).rstrip("\n"))


def installed(folder: Path, *without: str) -> Path:
    """Return `folder` with a copy of lastack, as pip leaves one: with its bytecode.

    Files that match one of the patterns `without` are left out.
    """
    package = Path(lastack.__file__).parent
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns(*without, "*.c", "*.html", "__pycache__")
    shutil.copytree(package, folder / "lastack", ignore=ignored)
    compile_dir(folder, quiet=2)
    return folder


def explain(capture: Path) -> list[str]:
    """Return the command that explains a capture, its own interpreter named."""
    return [sys.executable, "-c", START, "explain", str(capture)]


def pairs(
    rounds: int, other: list[str], capture: Path, home: Path, in_a_row: int
) -> Pairs:
    """Run another tool and explain alternately, which of them first in turn.

    Of explain's runs `in_a_row` the median counts.
    """
    run(other)
    run(explain(capture), home)
    found = Pairs([], [])
    for number in range(rounds):
        if number % 2:
            found.theirs.append(run(other).wall)
        ours = [run(explain(capture), home).wall for _ in range(in_a_row)]
        found.ours.append(median(ours))
        if not number % 2:
            found.theirs.append(run(other).wall)
    return found


def rivals(capture: Path) -> list[Rival]:
    """Return the tools to compare with on one capture."""
    name = str(capture)
    return [
        Rival(
            "tshark -q -z conv,tcp", ["tshark", "-qnzconv,tcp", "-r", name], 40, True
        ),
        Rival("tcptrace -n", ["tcptrace", "-n", name], 4),
        Rival(
            "tcpdump -w, FIN or RST only",
            ["tcpdump", "-nr", name, "-w", "/dev/null", RESET_OR_FIN],
            0,
        ),
        Rival("cat", ["cat", name], 0),
    ]


def speed(capture: Path, home: Path, fast: int, slow: int) -> list[Goal]:
    """Print how many times faster explain is than each other tool."""
    size = capture.stat().st_size
    costs = [run(explain(capture), home) for _ in range(fast)]
    wall, cpu, octets = (median(each) for each in zip(*costs, strict=True))
    print(f"lastack explain: {wall:.3f} s wall, {cpu:.3f} s CPU, ", end="")
    print(f"{size / wall / 1e6:.0f} MB/s, {octets / 1e6:.0f} MB of memory (medians)")
    print(f"\n{'their time / ours':<30}{'median':>8}  {'(range)':<18}best times")
    goals = []
    for rival in rivals(capture):
        if shutil.which(rival.command[0]) is None:
            print(f"{rival.name:<30}is not installed")
            continue
        rounds, in_a_row = (slow, 3) if rival.slow else (fast, 1)
        found = pairs(rounds, rival.command, capture, home, in_a_row)
        ratios = found.ratios()
        middle = median(ratios)
        between = f"({min(ratios):.2f} - {max(ratios):.2f})"
        times = f"{min(found.theirs):.3f} / {min(found.ours):.3f} = {found.best():.2f}"
        print(f"{rival.name:<30}{middle:>8.2f}  {between:<18}{times}", flush=True)
        if rival.target:
            goals.append(
                Goal(
                    f"times as fast as {rival.name}",
                    f">= {rival.target:g}",
                    f"{middle:.1f}",
                    middle >= rival.target,
                )
            )
    return goals


def latency(homes: dict[str, Path], rounds: int) -> list[Goal]:
    """Print the time from the start of the process to its last verdict."""
    capture = cached("t200")
    walls: dict[str, list[float]] = {name: [] for name in homes}
    bare = []
    for _ in range(rounds):
        bare.append(run([sys.executable, "-c", "pass"]).wall)
        for name, home in homes.items():
            walls[name].append(run(explain(capture), home).wall)
    print("\n200 packets, from process start to the end, text and all: median, best")
    print(f"{'bare python':<30}{median(bare) * 1e3:>8.0f} {min(bare) * 1e3:.0f} ms")
    goals = []
    for name, times in walls.items():
        middle = median(times) * 1e3
        print(
            f"{f'lastack explain, {name}':<30}{middle:>8.0f} {min(times) * 1e3:.0f} ms"
        )
        goals.append(
            Goal(
                f"ms for 200 packets, {name}",
                f"<= {LONGEST_START}",
                f"{middle:.0f}",
                middle <= LONGEST_START,
            )
        )
    return goals


def memory(home: Path) -> None:
    """Print what a connection costs, from two captures of different size."""
    small, large = cached("t200"), cached("a100")
    costs = [
        min(run(explain(capture), home).memory for _ in range(3))
        for capture in (small, large)
    ]
    count = connections(large)
    each = (costs[1] - costs[0]) / count
    print(f"\nmemory: {each:.0f} octets a connection ({count} connections)")


def connections(capture: Path) -> int:
    """Return how many connections a capture has."""
    count = (
        "import sys; from lastack.sources.read_capture import read_capture as read; "
        "print(len(read(sys.argv[1]).scan.table.connections))"
    )
    command = [sys.executable, "-c", count, str(capture)]
    return int(subprocess.check_output(command, text=True))


def main() -> int:
    """Print all measurements; ratios missed do not make it fail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--slow-rounds", type=int, default=5)
    arguments = parser.parse_args()
    compiled = str(scan.__file__).endswith(tuple(EXTENSION_SUFFIXES))
    cache = cached("t200").parent
    plain = installed(cache / "plain", "*.so", "*.pyd")
    home = plain
    homes = {"plain": plain}
    if compiled:
        home = installed(cache / "compiled")
        homes = {"compiled": home, "plain": plain}
    else:
        print("lastack is not compiled: only its plain form is measured")
    load = os.getloadavg()[0]
    print(
        f"{os.cpu_count()} processors, load {load:.1f}, Python {sys.version.split()[0]}"
    )
    capture = cached("a100" if compiled else "s20k")
    megabytes = capture.stat().st_size / 1e6
    print(f"{capture.name}: {megabytes:.0f} MB, {connections(capture)} connections\n")
    goals = speed(capture, home, arguments.rounds, arguments.slow_rounds)
    goals += latency(homes, 3 * arguments.rounds)
    if compiled:
        memory(home)
        small = cached("s20k")
        slow = min(run(explain(small), plain).wall for _ in range(3))
        print(f"\nplain: {79_700 / slow:,.0f} packets/s on {small.name}")
    print(f"\n{'goal':<48}{'wanted':>8}{'reached':>10}")
    for goal in goals:
        verdict = "yes" if goal.reached else "NO"
        print(f"{goal.what:<48}{goal.wanted:>8}{goal.measured:>10}  {verdict}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
