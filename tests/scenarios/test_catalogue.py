"""The folder of scenarios keeps what it promises, before anything runs."""

import errno
import re
from pathlib import Path
from statistics import median

import pytest
from tests.reset_reasons import NOT_OF_TCP, TCP_REASONS

from lastack import scenarios
from lastack.endings import endings
from lastack.tcp import scenario as plot
from lastack.tcp.scenario import Scenario, Truth

SLUGS = scenarios.names()
FOLDER = Path(scenarios.__file__).parent
ROWS_WITH_A_LABORATORY = set(range(1, 24))
"""Of the list of what must work: each of its rows runs on the real kernel."""
SYSTEMS = {"linux", "freebsd", "illumos", "macos", "windows"}

SIDE_OF_ENDING = {
    "orderly-close": {"client", "server", "both"},
    "listener-closed": {"server"},
    "connection-refused": {"server"},
    "accept-queue-overflow": {"server"},
    "handshake-abandoned": {"client"},
    "handshake-incomplete": {"client"},
    "connect-timeout": {"client"},
    "stale-connection-reused": {"client"},
    "injected-reset": {"path"},
    "firewall-reset": {"path"},
    "icmp-rejected": {"path"},
    "still-open": {"none"},
    "unknown": {"unknown"},
}
"""The sides that the vocabulary of verdicts allows; else client or server."""
RESET_REASONS = {*TCP_REASONS, *NOT_OF_TCP}

everyone = pytest.mark.parametrize("slug", SLUGS)


def calls_of(scenario: Scenario) -> list[plot.Call]:
    return [it for it in scenario.steps() if isinstance(it, plot.Call)]


def truths_of(scenario: Scenario) -> list[Truth]:
    return [*scenario.truth.values(), *scenario.elsewhere.values()]


def test_there_are_enough() -> None:
    """Every ending with its variants is more than ninety scenarios."""
    assert len(SLUGS) >= 90


def test_they_are_short() -> None:
    """A scenario is read at a glance: half of the files have under 50 lines."""
    lines = [
        len((FOLDER / f"{slug.replace('-', '_')}.py").read_text().splitlines())
        for slug in SLUGS
    ]
    assert median(lines) < 50


def test_what_they_share_is_none_of_them() -> None:
    """The folder's packages are there, and are not taken for scenarios."""
    packages = {it.parent.name for it in FOLDER.glob("*/__init__.py")}
    assert packages == {"endgames", "openings", "programs"}
    assert not packages & set(SLUGS)


@everyone
def test_slug_is_the_name_of_the_file(slug: str) -> None:
    """What `lab run NAME` finds calls itself by that name."""
    assert scenarios.load(slug).slug == slug


@everyone
def test_page_fits_a_terminal(slug: str) -> None:
    """`lab run NAME` prints the docstring, in 80 columns."""
    assert max(map(len, scenarios.page(slug).splitlines())) <= 80


@everyone
def test_title_fits_a_line(slug: str) -> None:
    """`lab list` prints the docstring's first line, a sentence that fits."""
    title = scenarios.page(slug).splitlines()[0]
    assert 0 < len(title) <= 72
    assert title.endswith(".")


@everyone
def test_truth_is_of_the_vocabulary(slug: str) -> None:
    """Each ending of a truth is one of the catalogue, by a side that it allows."""
    for truth in truths_of(scenarios.load(slug)):
        said = [(truth.ending, truth.by), *truth.also, *truth.at.values()]
        for ending, by in said:
            assert ending in endings()
            assert by in SIDE_OF_ENDING.get(ending, {"client", "server"})


@everyone
def test_truth_of_a_vantage_is_of_one_that_there_is(slug: str) -> None:
    """What a capture shows is said of the client's, the wire's or the server's."""
    for truth in truths_of(scenarios.load(slug)):
        assert set(truth.at) <= {"client", "wire", "server"}


@everyone
def test_truth_is_of_a_connection_that_is_made(slug: str) -> None:
    """Each connection of the truth is one that a program or a forger begins.

    Those that a real client makes are named in order of their SYNs: `a`, `b`.
    """
    scenario = scenarios.load(slug)
    if any(isinstance(it, plot.Run) and it.waits for it in scenario.steps()):
        assert sorted(scenario.truth) == list("ab"[: len(scenario.truth)])
        return
    made = {it.socket for it in scenario.steps() if isinstance(it, plot.Connect)} | {
        it.connection for it in scenario.steps() if isinstance(it, plot.Forge)
    }
    assert set(scenario.truth) <= made


@everyone
def test_other_systems_are_known(slug: str) -> None:
    """Truth and results elsewhere are those of systems that are simulated."""
    scenario = scenarios.load(slug)
    named = set(scenario.elsewhere) | {
        system for call in calls_of(scenario) for system, _ in call.elsewhere
    }
    assert named <= SYSTEMS


@everyone
def test_another_truth_elsewhere_has_a_truth_to_differ_from(slug: str) -> None:
    """Where another system ends connection `a` otherwise, it says something new."""
    scenario = scenarios.load(slug)
    for truth in scenario.elsewhere.values():
        here = scenario.truth["a"]
        assert (truth.ending, truth.by) != (here.ending, here.by)


@everyone
def test_results_are_written_as_in_a_timeline(slug: str) -> None:
    """An expected result is a count, an errno that exists, events, or unfinished."""
    events = r"(POLL(IN|OUT|ERR|HUP|RDHUP))(\|POLL(IN|OUT|ERR|HUP|RDHUP))*"
    for call in calls_of(scenarios.load(slug)):
        for result in (*call.expected, *(it for _, it in call.elsewhere)):
            if result.startswith("-"):
                assert hasattr(errno, result[1:])
            else:
                assert re.fullmatch(rf"\d+|{events}|{plot.UNFINISHED}", result)


@everyone
def test_reasons_are_the_kernel_s(slug: str) -> None:
    """Each reset reason is a host's and a member of `enum sk_rst_reason`."""
    reasons = scenarios.load(slug).reasons
    assert len(set(reasons)) == len(reasons)
    for reason in reasons:
        host, _, name = reason.partition(":")
        assert host in {"client", "server"}
        assert name in RESET_REASONS


@everyone
def test_counters_are_a_host_s(slug: str) -> None:
    """Each counter is named with the host on which it moves."""
    for counter in scenarios.load(slug).counters:
        assert re.fullmatch(r"(client|server):[A-Z]\w+", counter)


@everyone
def test_parameters_vary_around_their_defaults(slug: str) -> None:
    """A range is of a parameter, of its type, and holds its default."""
    scenario = scenarios.load(slug)
    defaults = scenarios.parameters(scenario)
    for name, (low, high) in scenario.varies.items():
        default = defaults[name]
        assert isinstance(default, int | float)
        assert low <= default <= high
        if isinstance(default, int):
            assert isinstance(low, int)
            assert isinstance(high, int)


@everyone
def test_steps_can_be_made_at_both_ends_of_each_range(slug: str) -> None:
    """The lowest and the highest values of all parameters make steps."""
    scenario = scenarios.load(slug)
    for end in (0, 1):
        given = {name: both[end] for name, both in scenario.varies.items()}
        assert scenarios.steps_of(scenario, **given)


@everyone
def test_a_firewall_needs_a_router(slug: str) -> None:
    """Rules on the path are only where the wire is routed."""
    scenario = scenarios.load(slug)
    rules = plot.Reject | plot.Track | plot.Forget
    if any(isinstance(step, rules) for step in scenario.steps()):
        assert scenario.wire.routed


@everyone
def test_real_programs_are_kept_from_the_simulator(slug: str) -> None:
    """A scenario with a real program says why it cannot be simulated."""
    scenario = scenarios.load(slug)
    if any(isinstance(step, plot.Run) for step in scenario.steps()):
        assert scenario.not_in_sim


def test_no_two_are_the_same() -> None:
    """Two scenarios differ in more than their names."""
    seen: dict[str, str] = {}
    for slug in SLUGS:
        scenario = scenarios.load(slug)
        steps = repr((scenario.steps(), scenario.wire))
        assert steps not in seen, f"{slug} is {seen[steps]} again"
        seen[steps] = slug


def test_every_ending_is_made_in_the_laboratory() -> None:
    """No ending of the catalogue is without a scenario on the real kernel."""
    made = {
        truth.ending
        for slug in SLUGS
        if not (scenario := scenarios.load(slug)).not_in_lab
        for truth in scenario.truth.values()
    }
    assert endings().keys() - made == set()


def test_every_row_that_must_run_is_named() -> None:
    """Each row of the list of what must work has a scenario in the laboratory."""
    named = {
        row
        for slug in SLUGS
        if not (scenario := scenarios.load(slug)).not_in_lab
        for row in scenario.seeds
    }
    assert named == ROWS_WITH_A_LABORATORY
