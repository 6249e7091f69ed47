"""`lastack sim run`: its timeline, its comparison, its capture, its refusals."""

import json
import re
from pathlib import Path

import pytest

from lastack import scenarios
from lastack.cli import main
from lastack.sim import personalities
from tests.judged import verdicts


def _lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_a_run_shows_the_truth_beside_what_explain_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The verdicts of three vantages stand below the scenario's truth."""
    assert main(["sim", "run", "delayed-close"]) == 0
    tail = _lines(capsys)[-4:]
    assert tail[0] == "  truth   fin-wait-2-expired by client"
    assert [line.split()[0] for line in tail[1:]] == ["client", "wire", "server"]
    assert all("fin-wait-2-expired by client" in line for line in tail)


def test_systems_are_compared_only_where_they_differ(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Linux resets unread data, FreeBSD sends FIN; the handshake is not shown."""
    assert main(["sim", "run", "unread-data", "--compare", "linux,freebsd"]) == 0
    lines = _lines(capsys)
    reset = next(line for line in lines if line.startswith("server > R."))
    assert reset.split()[-1] == "-"
    fin = next(line for line in lines if line.startswith("server > F."))
    assert fin.split()[-2] == "-"
    assert not any("connect(" in line for line in lines)
    assert all(len(line) <= 80 for line in lines)


def test_a_side_s_system_may_be_fixed_in_a_comparison(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With --server-os linux the server is Linux in every column."""
    words = ["sim", "run", "unread-data", "--compare", "linux,freebsd"]
    assert main([*words, "--server-os", "linux"]) == 0
    assert not any(line.startswith("server > F.") for line in _lines(capsys))


def test_a_call_may_wait_for_as_long_as_its_system_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Fifteen doublings take more than a quarter of an hour, and cost nothing."""
    assert main(["sim", "run", "gave-up-then-healed", "--retries", "15"]) == 0
    lines = _lines(capsys)
    (timeout,) = [line for line in lines if "resumed> = -1 ETIMEDOUT" in line]
    assert 900 < float(timeout.split()[0]) < 1000


def test_another_system_s_way_is_told_and_is_no_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """After a RST in CLOSE_WAIT a FreeBSD reader is told, and Linux's is not."""
    assert main(["sim", "run", "killed-client", "--os", "freebsd"]) == 0
    lines = _lines(capsys)
    assert lines[-1].startswith("unlike Linux: server: recvfrom(a, 65536) gave")
    assert main(["sim", "run", "killed-client"]) == 0
    assert not any(line.startswith("unlike") for line in _lines(capsys))


def test_a_surprise_on_linux_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """A path so slow that poll() finds nothing yet: exit code 1."""
    assert main(["sim", "run", "stale-pool-connection", "--delay", "1"]) == 1
    assert any(line.startswith("UNEXPECTED: ") for line in _lines(capsys))


def test_the_capture_is_what_explain_reads(tmp_path: Path) -> None:
    """--pcap writes a file whose verdict is the scenario's truth."""
    path = tmp_path / "a.pcap"
    assert main(["sim", "run", "unread-full-window", "--pcap", str(path)]) == 0
    assert verdicts(path.read_bytes())[0][0][0] == "unread-data-at-close/server"


def test_the_same_seed_gives_the_same_octets(tmp_path: Path) -> None:
    """Loss and jitter come from the seed alone; another seed differs."""
    written: list[bytes] = []
    for seed in ("7", "7", "8"):
        path = tmp_path / f"{len(written)}.pcap"
        words = ["lossy-transfer", "--seed", seed, "--jitter", "5ms"]
        main(["sim", "run", *words, "--pcap", str(path)])
        written.append(path.read_bytes())
    assert written[0] == written[1]
    assert written[0] != written[2]


def test_a_scenario_s_own_parameter_is_an_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """--late 3 lets the server close 2 s later than --late 1 does."""
    apart = []
    for late in ("1", "3"):
        assert main(["sim", "run", "delayed-close", "--late", late, "--json"]) == 0
        events = json.loads(capsys.readouterr().out)["events"]
        first, second = (e["time"] for e in events if e.get("name") == "close")
        apart.append(second - first)
    assert apart[1] - apart[0] == 2_000_000_000


def test_json_names_the_rule_of_each_transition(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each transition has a rule, and its clause in an RFC."""
    main(["sim", "run", "unread-data", "--json"])
    moves = json.loads(capsys.readouterr().out)["transitions"]
    rules = {move["rule"]: move["clause"] for move in moves}
    assert "RFC 2525 2.17" in rules["unread-data-at-close"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["no-such-thing"], "no scenario 'no-such-thing'"),
        (["unread-data", "--os", "beos"], "no system 'beos'"),
        (["unread-data", "--compare", "linux"], "--compare takes 2 to 6"),
        (["nc-half-close"], "nc is a real program"),
    ],
)
def test_a_wrong_request_is_one_line(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and one line that says what is wrong."""
    assert main(["sim", "run", *words]) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("system", personalities.names())
def test_every_scenario_at_once_is_as_it_should_be(
    system: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """--all: an entry each, with the reason where one is not simulated."""
    assert main(["sim", "run", "--all", "--os", system]) == 0
    lines = _lines(capsys)
    assert max(map(len, lines)) <= 80
    entries = [line for line in lines if not line.startswith(" ")]
    assert len(entries) == len(scenarios.names()) + 1
    assert any(
        line.startswith("-        nc-half-close: nc is a real") for line in entries
    )
    assert re.fullmatch(r"\d+ as they should be, 0 not, \d+ not simulated", lines[-1])


def test_each_change_of_state_is_told_with_its_rule(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """--rules: the states, the rule, its clause, and a habit's source."""
    assert main(["sim", "run", "unread-data", "--rules"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert (
        "server ESTABLISHED -> CLOSED: unread-data-at-close (RFC 9293 3.6.1; "
        "RFC 2525 2.17);"
    ) in text


@pytest.mark.parametrize(
    ("pair", "ending"),
    [
        (("linux", "freebsd"), "data-after-close by server"),
        (("freebsd", "linux"), "unread-data-at-close by server"),
    ],
)
def test_the_truth_is_that_of_the_system_that_acts(
    pair: tuple[str, str], ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The server closes with unread data: a FIN if it is FreeBSD, else a RST."""
    words = ["--client-os", pair[0], "--server-os", pair[1]]
    assert main(["sim", "run", "unread-data", *words]) == 0
    assert f"  truth   {ending}" in _lines(capsys)
