"""What a simulated run tells of one instant: a cause before its effect."""

from lastack import scenarios
from lastack.render.moments import Resumed, moments
from lastack.sim.personalities import load
from lastack.sim.run import play
from lastack.sim.world import World
from lastack.tcp.events import Call, Happening, Sent
from lastack.tcp.flags import FIN, RST


def test_a_call_stands_before_the_segment_that_it_sent() -> None:
    """close() before its FIN, a kill before its reset, though their times are equal."""
    for slug, name, flag in (
        ("orderly-close", "close", FIN),
        ("killed-with-unread-data", "kill", RST),
    ):
        scenario = scenarios.load(slug)
        run = play(scenario, scenario.steps(), client=load("linux"))
        called = next(
            it for it in run.events if isinstance(it, Call) and it.name == name
        )
        sent = next(
            it
            for it in run.events
            if isinstance(it, Sent)
            and it.segment.flags & flag
            and it.where == called.host
        )
        assert called.time == sent.time, slug
        assert run.events.index(called) < run.events.index(sent), slug


def test_a_segment_stands_before_the_call_that_it_woke() -> None:
    """recv() returns end of file behind the FIN that it means."""
    scenario = scenarios.load("orderly-close")
    run = play(scenario, scenario.steps(), client=load("linux"))
    told = moments(run.events)
    arrived = next(
        place
        for place, (_, it) in enumerate(told)
        if isinstance(it, Sent) and it.where == "server" and it.segment.flags & FIN
    )
    end_of_file = next(
        place
        for place, (_, it) in enumerate(told)
        if isinstance(it, Resumed)
        and it.call.result == "0"
        and it.call.host == "server"
        and it.call.name == "recvfrom"
    )
    assert told[arrived][0] == told[end_of_file][0]
    assert arrived < end_of_file


def test_calls_that_began_together_stand_in_the_order_of_their_returns() -> None:
    """Nothing came between the two, so that neither can have caused the other."""
    world = World()
    for name in ("first", "second"):
        world.tell(Call(0, "client", "client", name, "", "0"), since=0)
    world.tell(Happening(0, "wire", "third"))
    told = [it.name for it in world.story() if isinstance(it, Call)]
    assert told == ["first", "second"]
    assert world.story()[-1] == Happening(0, "wire", "third")
