"""`lastack lab` as a command: its list, its refusals, its JSON."""

import argparse
import asyncio
import json
import subprocess
from collections.abc import Callable

import pytest

from lastack import scenarios
from lastack.cli._lab_run import _of_connection, _play
from lastack.lab.opinions import Opinion
from lastack.lab.run import Run
from lastack.lab.truth import Label
from lastack.tcp.scenario import Scenario, Truth
from lastack.tcp.segment import Address
from tests.cli.process import command, environment, run, text
from tests.skipping import unavailable

pytest.importorskip("pyroute2")


def test_the_list_fits_a_terminal_and_leaves_none_out() -> None:
    """Every scenario is in it, and beside one that cannot run here stands why."""
    lines = text("lab", "list").splitlines()
    assert max(map(len, lines)) <= 80
    assert [it.split()[0] for it in lines if it[0] != " "] == scenarios.names()
    assert "(not here: tcp_max_orphans is one" in " ".join(map(str.strip, lines))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run"], "name one scenario, or --all (lastack lab list)"),
        (["run", "unread-data", "--all"], "name one scenario, or --all"),
        (["run", "unread-dat"], "did you mean unread-data"),
        (["run", "orphan-limit"], "does not run here: tcp_max_orphans"),
        (["run", "unread-data", "--unread", "pear"], "'pear' is no size, as 300k"),
        (["run", "unread-data", "--delay", "pear"], "'pear' is no time, as 50ms"),
        (["run", "unread-data", "--loss", "2"], "'2' is no share, as 1% or 0.01"),
        (["run", "--all", "--jobs", "0"], "'0' is no number from 1 on"),
        (["corpus", "x", "--connections", "-1"], "'-1' is no number from 1 on"),
        (["score", "nowhere"], "nowhere has no labels.tsv"),
        (["corpus", "/proc/x"], "/proc/x: no folder can be made there"),
        (["run", "linger-zero", "--pcap", "/proc/x"], "/proc/x: no folder can be made"),
        (["corpus", "/dev/null"], "/dev/null: no folder can be made there (File exis"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(words: list[str], says: str) -> None:
    """It says what is wrong, and the exit code is 2."""
    done = run("lab", *words)
    assert done.returncode == 2
    assert done.stdout == b""
    (error,) = done.stderr.decode().splitlines()
    assert says in error


def test_a_scenarios_parameters_are_in_its_help() -> None:
    """With their defaults, beside what the scenario teaches."""
    said = text("lab", "run", "linger-expires", "--help")
    assert "--linger 1" in said
    assert scenarios.page("linger-expires").splitlines()[0] in said


def test_json_holds_the_whole_run(needs_root: None) -> None:
    """Every kind of event, the label, and what explain says at each vantage."""
    document = json.loads(text("lab", "run", "reboot-write-listening", "--json"))
    assert {it["event"] for it in document["events"]} == {
        "call",
        "happening",
        "kernelreason",
        "sent",
        "socketstate",
    }
    [connection] = document["connections"]
    assert (connection["ending"], connection["by"]) == ("peer-lost-state", "server")
    assert connection["kernel_reasons"] == ["server:TCP_FLAGS"]
    assert set(document["explain"]) == {"client", "wire", "server"}
    assert document["disagreements"] == []


def test_without_privileges_it_plays_in_a_user_namespace(
    needs_tool: Callable[[str], str],
) -> None:
    """The scenario ends as it should, and that the kernel was not heard is said."""
    unshare = [needs_tool("unshare"), "--user", "--map-root-user"]
    if subprocess.run([*unshare, "true"], check=False).returncode:
        unavailable("the kernel lets no user make namespaces")
    done = subprocess.run(
        [*unshare, *command("lab", "run", "linger-zero")],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
    assert "The kernel's reasons are not here: reading its trace needs root." in (
        done.stdout
    )
    assert "tcp_send_reset" not in done.stdout
    assert "truth   linger-zero by client" in done.stdout


def test_each_of_two_connections_on_the_same_ports_has_its_own_verdict() -> None:
    """The first verdict is the first connection's; a stranger's is nobody's."""
    client, server = Address("10.0.0.2", 40001), Address("10.0.0.130", 8080)
    service = Address("10.0.0.1", 8080)
    a, b = (Label(it, client, server, Truth("x", "client"), ()) for it in "ab")
    first, second, stranger = (
        Opinion("c", client, it, "", (("x", "client", 1.0),))
        for it in (server, server, service)
    )
    said = [first, stranger, second]
    assert _of_connection(said, a, [a, b]) == [first]
    assert _of_connection(said, b, [a, b]) == [second]
    assert _of_connection([stranger], a, [a]) == [stranger]  # behind a NAT


class Rehearsed:
    """A laboratory whose runs are known: (disagreements, lateness in seconds)."""

    def __init__(self, *runs: tuple[list[str], float]) -> None:
        self.runs = list(runs)

    async def play(self, scenario: Scenario, *_: object, **__: object) -> Run:
        disagreements, lateness = self.runs.pop(0)
        played = Run(scenario, scenario.wire, ipv6=False)
        played.disagreements, played.lateness = disagreements, lateness
        return played


@pytest.mark.parametrize(
    ("runs", "left", "refused"),
    [
        ([([], 0.5)], 0, False),
        ([(["x"], 0.001), ([], 0.0)], 1, True),
        ([(["x"], 0.3), ([], 0.3)], 0, False),
        ([(["x"], 0.3)] * 4, 1, True),
    ],
    ids=["as it should", "wrong in time", "spoilt once", "spoilt each time"],
)
def test_only_what_a_busy_machine_spoilt_is_played_again(
    runs: list[tuple[list[str], float]],
    left: int,
    refused: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Three times at most, and each time is told; a quick machine has one."""
    lab = Rehearsed(*runs)
    options = argparse.Namespace(
        delay=None, jitter=None, loss=None, duplicate=None,
        ipv6=False, no_timestamps=False, seed=0,
    )  # fmt: skip
    scenario = scenarios.load("orderly-close")
    played = asyncio.run(_play(lab, scenario, options, {}, watch=False))  # type: ignore[arg-type]
    assert bool(played.disagreements) == refused
    assert len(lab.runs) == left
    told = capsys.readouterr().err.count("orderly-close is played again")
    assert told == len(runs) - left - 1
