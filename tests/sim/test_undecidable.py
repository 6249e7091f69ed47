"""The simulator's proof of what no capture can tell: equal octets, another cause."""

import pytest

from lastack.sim.stage import CLIENT_ADDRESS
from lastack.sim.trace import pcap
from tests.judged import verdicts

from .story import tell
from .twins import TWINS, Cause

_PLACES = ("client", "wire", "server")
_PAIRS = [
    pytest.param(name, system, id=f"{name} on {system}")
    for name, twin in TWINS.items()
    for system in twin.systems
]


def _captures(cause: Cause, system: str) -> dict[str, bytes]:
    """What is captured of a cause, at each place."""
    events = tell(cause.steps(), client=system).run.events
    return {
        where: pcap(events, where=where, client=CLIENT_ADDRESS) for where in _PLACES
    }


@pytest.mark.parametrize(("name", "system"), _PAIRS)
def test_the_causes_of_a_twin_send_the_same_octets(name: str, system: str) -> None:
    """Every frame, with its time, at the client, on the wire and at the server."""
    causes = iter(TWINS[name].causes.items())
    first, cause = next(causes)
    expected = _captures(cause, system)
    for other, cause in causes:
        actual = _captures(cause, system)
        for where in _PLACES:
            assert actual[where] == expected[where], f"{first} and {other} at {where}"


@pytest.mark.parametrize("name", TWINS)
def test_explain_lists_every_cause_that_sends_these_octets(name: str) -> None:
    """Each ending of a twin is among what explain holds possible, on the wire."""
    twin = TWINS[name]
    cause = next(iter(twin.causes.values()))
    ranked = verdicts(_captures(cause, twin.systems[0])["wire"])[0]
    listed = {said.partition("/")[0] for said, _ in ranked}
    assert twin.endings <= listed


@pytest.mark.parametrize(
    "name", [it for it, twin in TWINS.items() if len(twin.endings) > 1]
)
def test_explain_is_not_sure_of_one_among_several(name: str) -> None:
    """Below 90 %, since another ending sends the very same octets."""
    twin = TWINS[name]
    cause = next(iter(twin.causes.values()))
    ranked = verdicts(_captures(cause, twin.systems[0])["wire"])[0]
    assert ranked[0][1] < 0.9


def test_another_cause_with_other_octets_is_no_twin() -> None:
    """The comparison sees a difference: close() without unread data is a FIN."""
    unread = TWINS["a live socket resets"].causes["close() with unread data"]
    read = TWINS["an end in order"].causes["close()"]
    assert _captures(unread, "linux") != _captures(read, "linux")
