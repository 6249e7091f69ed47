"""A scenario in a mirror: each side plays the other's part after the handshake."""

import pytest

from lastack import scenarios
from lastack.tcp.scenario import Scenario, Truth, client, server
from lastack.tcp.scenario.mirror import mirrored

MIRRORED = [it.removesuffix("-mirrored") for it in scenarios.mirrors()]


def mirror_of(slug: str) -> Scenario:
    """The scenario, mirrored; it has a mirror."""
    found = mirrored(scenarios.load(slug))
    assert found is not None
    return found


@pytest.mark.parametrize("slug", MIRRORED)
def test_the_mirror_of_a_mirror_is_the_scenario(slug: str) -> None:
    """Steps and truths come back as they were."""
    scenario = scenarios.load(slug)
    again = mirrored(mirror_of(slug))
    assert again is not None
    assert again.steps() == scenario.steps()
    assert again.truth == scenario.truth
    assert again.counters == scenario.counters


def test_the_server_closes_where_the_client_did() -> None:
    """The same calls with the same results, after an opening that stays."""
    scenario = scenarios.load("unread-answer")
    steps, others = scenario.steps(), mirror_of("unread-answer").steps()
    assert client.close().gives("0") in steps
    assert others[:3] == steps[:3]
    assert server.close().gives("0") in others
    assert client.close().gives("0") not in others


def test_the_truth_is_of_the_other_side() -> None:
    """Side, vantages, reasons and counters all change hosts."""
    mirror = mirror_of("unread-answer")
    assert mirror.truth["a"] == Truth("unread-data-at-close", "server")
    assert mirror.reasons == ("server:TCP_ABORT_ON_CLOSE",)
    assert mirror.counters == ("server:TCPAbortOnClose",)
    seen = scenarios.load("one-way-path").truth["a"].at
    swap = {"client": "server", "server": "client"}
    assert mirror_of("one-way-path").truth["a"].at == {
        swap.get(vantage, vantage): (ending, swap.get(by, by))
        for vantage, (ending, by) in seen.items()
    }


def test_a_host_that_listens_names_another_reason() -> None:
    """The client knows no socket; the server's listener sees wrong flags."""
    assert scenarios.load("reboot-client").reasons == ("client:NO_SOCKET",)
    assert mirror_of("reboot-client").reasons == ("server:NO_SOCKET",)
    assert scenarios.load("repair-close").reasons == ("client:NO_SOCKET",)
    assert mirror_of("repair-close").reasons == ("server:TCP_FLAGS",)


@pytest.mark.parametrize(
    "slug", ["listener-closed", "connection-refused", "nat-forgot", "happy-eyeballs"]
)
def test_what_happens_to_the_listener_or_a_syn_has_no_mirror(slug: str) -> None:
    """Who listens, who connects and what a NAT knows are not equal."""
    assert mirrored(scenarios.load(slug)) is None
    with pytest.raises(LookupError, match="has no mirror"):
        scenarios.load(f"{slug}-mirrored")


def test_parameters_are_those_of_the_scenario() -> None:
    """`unread` of unread-data sets how much lies unread on the other side."""
    mirror = scenarios.load("unread-answer-mirrored")
    assert scenarios.parameters(mirror) == scenarios.parameters(
        scenarios.load("unread-answer")
    )
    assert client.send(7) in scenarios.steps_of(mirror, answer=7)
