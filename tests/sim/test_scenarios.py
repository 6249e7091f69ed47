"""The laboratory's scenarios, in virtual time on Linux, tell what they told there."""

import pytest

from lastack import scenarios
from lastack.sim.personalities import load, names
from lastack.sim.run import NotSimulatedError, play
from lastack.sim.stage import CLIENT_ADDRESS
from lastack.sim.trace import pcap
from lastack.tcp.events import Datagram, KernelReason, Sent
from tests.judged import verdicts

_DIFFERS = {
    "last-ack-unanswered": "1.34 s of the 1.4 that two rounds take: a matter of RTT",
}


def _frames(octets: bytes) -> list[bytes]:
    """The frames of a pcap file, which has nothing else behind its 24 octets."""
    frames, at = [], 24
    while at < len(octets):
        size = int.from_bytes(octets[at + 8 : at + 12], "little")
        frames.append(octets[at + 16 : at + 16 + size])
        at += 16 + size
    assert at == len(octets)
    return frames


def _simulated() -> list[str]:
    return [it for it in scenarios.names() if not scenarios.load(it).not_in_sim]


_MIRRORED = [it for it in scenarios.mirrors() if not scenarios.load(it).not_in_sim]


@pytest.mark.parametrize(
    "slug", [it for it in _simulated() + _MIRRORED if it not in _DIFFERS]
)
def test_linux_gives_the_results_reasons_and_counters_of_the_kernel(slug: str) -> None:
    """Calls as expected, reset reasons in order, counters moved."""
    scenario = scenarios.load(slug)
    run = play(scenario, scenario.steps(), client=load("linux"))
    reasons = []
    counters = set()
    for event in run.events:
        if isinstance(event, KernelReason):
            told = f"{event.host}:{event.reason}"
            if event.kind == "tcp_send_reset" and told not in reasons:
                reasons.append(told)
            elif event.kind == "counter":
                counters.add(told.partition(" ")[0])
    assert run.surprises == []
    assert tuple(reasons) == scenario.reasons
    assert set(scenario.counters) <= counters


@pytest.mark.parametrize("system", names())
def test_every_scenario_runs_on_every_system(system: str) -> None:
    """No step is unknown, and each leaves a timeline in order of time."""
    for slug in _simulated():
        scenario = scenarios.load(slug)
        run = play(
            scenario, scenario.steps(), client=load(system), server=load("linux")
        )
        times = [event.time for event in run.events]
        assert times == sorted(times), slug


def test_what_needs_a_real_program_says_so() -> None:
    """A scenario that is not for the simulator gives its reason."""
    needy = [it for it in scenarios.names() if scenarios.load(it).not_in_sim]
    for slug in needy:
        scenario = scenarios.load(slug)
        with pytest.raises(NotSimulatedError) as refusal:
            play(scenario, scenario.steps(), client=load("linux"))
        assert scenario.not_in_sim in str(refusal.value)


def test_a_capture_holds_what_passed_the_wire() -> None:
    """One record a segment, after the file's 24 octets."""
    scenario = scenarios.load("half-close")
    run = play(scenario, scenario.steps(), client=load("linux"))
    passed = [e for e in run.events if isinstance(e, Sent) and e.where == "wire"]
    octets = pcap(run.events, client="192.0.2.1")
    sizes = [len(frame) for frame in _frames(octets)]
    assert len(sizes) == len(passed)
    assert sum(sizes) > sum(len(e.segment.payload) for e in passed)


@pytest.mark.parametrize(
    "slug",
    [it for it in _simulated() if it.startswith("icmp-") and it != "icmp-established"],
)
def test_an_icmp_error_is_told_and_captured(slug: str) -> None:
    """The client's timeline has it, and its capture quotes the SYN that it is about."""
    scenario = scenarios.load(slug)
    run = play(scenario, scenario.steps(), client=load("linux"))
    (told,) = [e for e in run.events if isinstance(e, Datagram) and e.where == "client"]
    assert "unreachable" in told.text
    octets = pcap(run.events, where="client", client=CLIENT_ADDRESS)
    syn, error = _frames(octets)
    assert (error[23], error[34]) == (1, 3)  # ICMP, destination unreachable
    assert error[42:] == syn[14:]
    assert verdicts(octets)[0][0][0] == "icmp-rejected/path"


def test_a_host_without_power_captures_nothing() -> None:
    """After the power is off, the retransmissions are seen at the client alone."""
    scenario = scenarios.load("power-off")
    run = play(scenario, scenario.steps(), client=load("linux"))
    last = {
        where: max(
            e.time for e in run.events if isinstance(e, Sent) and e.where == where
        )
        for where in ("client", "server")
    }
    assert last["client"] - last["server"] > 1_000_000_000
