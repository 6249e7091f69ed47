"""explain on the simulator's captures: right where the packets decide it.

The judge and the model are strangers to one another, so each agreement is
evidence for both. Where explain names another ending than the truth, a twin
(`twins.py`) must prove that the packets allow both.
"""

import pytest

from lastack import scenarios
from lastack.sim import personalities
from lastack.sim.run import Run, play
from lastack.sim.stage import CLIENT_ADDRESS
from lastack.sim.trace import pcap
from lastack.tcp.scenario import Scenario, Truth
from tests.judged import judged

from .twins import look_alike

_PLACES = ("client", "wire", "server")
_SURE = 0.9
_Said = tuple[str, str, float]

_ON_LINUX = {
    ("mtu-black-hole", "client"): "nothing of what is lost comes that far",
}
"""Where a scenario's truth cannot be seen from a place."""

_LATE_ACK = "an answer is acknowledged after 100 ms, when the path is cut already"
_AJAR = "a client's window is whole segments less what came: 24 octets stay open"
_QUEUE = "its accept queue holds one connection less"
_ELSEWHERE = {
    ("illumos", "blackhole-user-timeout"): _LATE_ACK,
    ("illumos", "blackhole-write"): _LATE_ACK,
    ("illumos", "icmp-established"): _LATE_ACK,
    ("illumos", "keepalive-timeout"): _LATE_ACK,
    ("illumos", "keepalive-timeout-one-way"): _LATE_ACK,
    ("freebsd", "zero-window-stall-mirrored"): _AJAR,
    ("macos", "zero-window-stall-mirrored"): _AJAR,
    ("illumos", "accept-queue-drop"): _QUEUE,
    ("illumos", "accept-queue-recovers"): _QUEUE,
    ("macos", "accept-queue-drop"): _QUEUE,
    ("macos", "accept-queue-recovers"): _QUEUE,
    ("windows", "accept-queue-recovers"): "a full queue refuses",
}
"""Where another system's ways make another story of a scenario."""


def _simulated() -> list[str]:
    return [it for it in scenarios.names() if not scenarios.load(it).not_in_sim]


def _played(slug: str, system: str) -> tuple[Scenario, Run]:
    scenario = scenarios.load(slug)
    return scenario, play(scenario, scenario.steps(), client=personalities.load(system))


def _said(run: Run, where: str) -> dict[str, _Said]:
    """What explain says at a place, by the connection's name."""
    explained = judged(pcap(run.events, where=where, client=CLIENT_ADDRESS))
    names: dict[frozenset[int], list[str]] = {}
    for name, ends in run.ends.items():
        ports = frozenset((ends.client.port, ends.server.port))
        names.setdefault(ports, []).append(name)
    found: dict[str, _Said] = {}
    for stream, connection in enumerate(explained.connections):
        waiting = names.get(frozenset((connection.port0, connection.port1)))
        if waiting:
            first = explained.judgements[stream].first
            found[waiting.pop(0)] = (first.slug, first.by, first.probability)
    return found


def _allowed(truth: Truth, where: str, said: _Said) -> bool:
    """Whether it is the truth at that place, or looks like it octet by octet."""
    ending, by, _ = said
    wanted = truth.at.get(where, (truth.ending, truth.by))
    if (ending, by) == wanted or (ending, by) in truth.also:
        return True
    return ending != wanted[0] and look_alike(ending, wanted[0])


def _mirrored() -> list[str]:
    return [it for it in scenarios.mirrors() if not scenarios.load(it).not_in_sim]


@pytest.mark.parametrize("slug", _simulated() + _mirrored())
def test_explain_is_right_on_linux_or_a_twin_proves_that_it_cannot_be(
    slug: str,
) -> None:
    """Each connection that a scenario names, wherever something of it is seen."""
    scenario, run = _played(slug, "linux")
    for where in _PLACES:
        if (slug, where) in _ON_LINUX:
            continue
        for name, said in _said(run, where).items():
            if name in scenario.truth:
                assert _allowed(scenario.truth[name], where, said), (where, name, said)


@pytest.mark.parametrize(
    "system", [it for it in personalities.names() if it != "linux"]
)
def test_explain_is_never_sure_and_wrong_on_another_system(system: str) -> None:
    """At the wire, of each scenario's first connection: right, or doubtful."""
    sure_and_wrong = []
    for slug in _simulated() + _mirrored():
        scenario, run = _played(slug, system)
        truth = scenario.elsewhere.get(system) or scenario.truth.get("a")
        said = _said(run, "wire").get("a")
        stories = {(system, slug), (system, slug.removesuffix("-mirrored"))}
        if truth is None or said is None or stories & _ELSEWHERE.keys():
            continue
        if said[2] >= _SURE and not _allowed(truth, "wire", said):
            sure_and_wrong.append((slug, said))
    assert sure_and_wrong == []


@pytest.mark.parametrize("system", personalities.names())
def test_explain_is_mostly_right_on_every_system(system: str) -> None:
    """At the wire, 80 of 100 scenarios are named right, or a twin has both."""
    right = wrong = 0
    for slug in _simulated():
        scenario, run = _played(slug, system)
        truth = scenario.elsewhere.get(system) or scenario.truth.get("a")
        said = _said(run, "wire").get("a")
        if truth is not None and said is not None:
            right += _allowed(truth, "wire", said)
            wrong += not _allowed(truth, "wire", said)
    assert right >= 4 * wrong


def test_a_wrong_verdict_is_not_allowed() -> None:
    """So that the tests above can fail: an orderly close looks like no reset."""
    truth = Truth("orderly-close", "client")
    assert not _allowed(truth, "wire", ("linger-zero", "client", 0.5))
    assert not _allowed(truth, "wire", ("orderly-close", "server", 0.5))
    assert _allowed(truth, "wire", ("orderly-close", "client", 0.5))
