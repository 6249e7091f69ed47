"""A simulated run takes its circumstances from a measured one, and no more."""

from lastack.lab.aspects import compare
from lastack.sim.circumstances import Circumstances, Passage
from lastack.sim.personalities import load
from lastack.sim.run import Run, play
from lastack.tcp.events import Call, Sent, TimelineEvent
from lastack.tcp.scenario import Scenario, Step, Truth, Wire, client, server, wait

_MS = 1_000_000


def _steps() -> list[Step]:
    return [
        server.listen(),
        client.connect(),
        server.accept(),
        client.send(10),
        server.receive(10),
        wait(0.1),
        server.close(),
        client.receive(),
        client.close(),
    ]


_SCENARIO = Scenario(
    slug="short", steps=_steps, truth={"a": Truth("orderly-close", "server")}
)


def _play(circumstances: Circumstances | None = None, system: str = "linux") -> Run:
    return play(_SCENARIO, _steps(), client=load(system), circumstances=circumstances)


def _arrivals(run: Run, where: str) -> list[int]:
    return [it.time for it in run.events if isinstance(it, Sent) and it.where == where]


def test_a_segment_sent_when_it_was_measured_arrives_when_it_did() -> None:
    """The SYN leaves at 2 ms as measured, and arrives at 33 ms, not after 10 ms."""
    measured = Passage(2 * _MS, 20 * _MS, 33 * _MS)
    moments = [0, 2 * _MS, *[200 * _MS] * 8]
    run = _play(Circumstances(0, moments, {(40001, 8080): [measured]}))
    assert _arrivals(run, "server")[0] == 33 * _MS


def test_a_segment_sent_at_another_time_is_as_long_on_its_way() -> None:
    """Measured at 2 ms and sent at 52 ms: it arrives 50 ms later than measured."""
    moved = Passage(2 * _MS, 20 * _MS, 33 * _MS).moved_to(52 * _MS)
    assert (moved.sent, moved.tapped, moved.arrived) == (52 * _MS, 70 * _MS, 83 * _MS)


def test_a_step_begins_no_earlier_than_measured() -> None:
    """connect() was called at 7 ms."""
    run = _play(Circumstances(0, [0, 7 * _MS, *[300 * _MS] * 8]))
    calls = [it for it in run.events if isinstance(it, Call)]
    assert calls[1].name == "connect"
    assert calls[1].time == 7 * _MS


def test_two_runs_of_the_same_are_equal() -> None:
    """There is nothing to tell, in any aspect."""
    differences = compare(_play().events, _play().events)
    assert not any(differences.values())


def test_each_aspect_is_seen_to_differ() -> None:
    """Another wire, another system, another end: each is told where it shows."""
    ours = _play().events
    slow = play(
        Scenario(
            slug="slow", steps=_steps, truth=_SCENARIO.truth, wire=Wire(delay=0.03)
        ),
        _steps(),
        client=load("linux"),
    ).events
    assert compare(ours, slow)["timers"]
    assert compare(ours, _play(system="freebsd").events)["segments"]
    calls: list[TimelineEvent] = [it for it in ours if not isinstance(it, Call)]
    assert compare(ours, calls)["calls"]
    nothing: list[TimelineEvent] = []
    assert compare(ours, nothing)["states"]
