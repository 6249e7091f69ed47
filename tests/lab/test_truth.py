"""Whether the kernel's words contradict a label; pure, no kernel needed."""

import pytest

from lastack.endings import endings
from lastack.lab.truth import (
    ENDINGS_OF_REASON,
    NEEDS_A_RESET,
    Label,
    Reason,
    against_scenario,
    disagreements,
)
from lastack.tcp.scenario import HostName, Scenario, Truth
from lastack.tcp.segment import Address

CLIENT, SERVER = Address("10.0.0.2", 40001), Address("10.0.0.130", 8080)
Counters = dict[HostName, dict[str, int]]


def label(truth: Truth, *reasons: Reason) -> Label:
    return Label("a", CLIENT, SERVER, truth, reasons)


def counted(**client: int) -> Counters:
    return {"client": client, "server": {}}


@pytest.mark.parametrize(
    ("truth", "reason", "counters"),
    [
        (
            Truth("linger-zero", "client"),
            Reason(0, "client", "TCP_STATE"),
            counted(TCPAbortOnData=1),
        ),
        (
            Truth("socket-destroyed", "client"),
            Reason(0, "client", "TCP_STATE"),
            counted(),
        ),
        (
            Truth("injected-reset", "path"),
            Reason(0, "client", "NO_SOCKET"),
            counted(),
        ),
    ],
)
def test_agreement(truth: Truth, reason: Reason, counters: Counters) -> None:
    """A reason that stands for the ending, at its side, contradicts nothing."""
    assert disagreements(label(truth, reason), (), counters, kernel_spoke=True) == []


@pytest.mark.parametrize(
    ("truth", "reason", "counters"),
    [
        # The reason stands for something else.
        (
            Truth("linger-zero", "client"),
            Reason(0, "client", "TCP_ABORT_ON_CLOSE"),
            counted(TCPAbortOnData=1),
        ),
        # The other host sent it.
        (
            Truth("data-after-close", "server"),
            Reason(0, "client", "TCP_TIMEWAIT_SOCKET"),
            counted(),
        ),
        # TCP_STATE without the counter of SO_LINGER is another abort.
        (
            Truth("linger-zero", "client"),
            Reason(0, "client", "TCP_STATE"),
            counted(),
        ),
        # A reason that no table knows.
        (
            Truth("unknown", "unknown"),
            Reason(0, "client", "TCP_NEW_REASON"),
            counted(),
        ),
    ],
)
def test_contradiction(truth: Truth, reason: Reason, counters: Counters) -> None:
    """Each of reason, side and counter alone refuses a label."""
    found = disagreements(label(truth, reason), (), counters, kernel_spoke=True)
    assert len(found) == 1


@pytest.mark.parametrize("ending", sorted(NEEDS_A_RESET))
def test_no_reset_contradicts_an_ending_by_reset(ending: str) -> None:
    """An ending that a kernel makes by a reset cannot do without a reason."""
    counters: Counters = {
        "client": {
            "TCPAbortOnClose": 1,
            "TCPAbortOnData": 1,
            "TCPAbortOnTimeout": 1,
        },
        "server": {},
    }
    one = label(Truth(ending, "client"))
    assert len(disagreements(one, (), counters, kernel_spoke=True)) == 1
    assert disagreements(one, (), counters, kernel_spoke=False) == []


def test_every_reason_of_the_catalogue_is_in_the_table() -> None:
    """What a page of an ending claims as its kernel reason, the lab allows."""
    claimed = {
        (reason, slug)
        for slug, ending in endings().items()
        for reason in ending.kernel_reasons
        if not reason.startswith("MPTCP_")
    }
    allowed = {
        (reason, slug) for reason, slugs in ENDINGS_OF_REASON.items() for slug in slugs
    }
    assert claimed - allowed == set()


def scenario(*reasons: str) -> Scenario:
    return Scenario("x", list, {}, reasons=reasons)


@pytest.mark.parametrize(
    ("named", "said", "agrees"),
    [
        (["client:TCP_STATE"], ["client:TCP_STATE"], True),
        (["client:TCP_STATE"], ["client:TCP_STATE", "server:NO_SOCKET"], True),
        (["client:TCP_STATE"], ["server:NO_SOCKET", "client:TCP_STATE"], False),
        (["client:TCP_STATE"], [], False),
        ([], ["server:NO_SOCKET"], False),
        (["client:TCP_STATE"], ["client:TCP_STATE", "server:TCP_STATE"], False),
    ],
)
def test_stragglers(*, named: list[str], said: list[str], agrees: bool) -> None:
    """Only answers to what was on its way may follow what a scenario names."""
    reasons = []
    for time, it in enumerate(said):
        host, _, reason = it.partition(":")
        reasons.append(Reason(time, "client" if host == "client" else "server", reason))
    found = against_scenario(
        scenario(*named), reasons, {"client": {}, "server": {}}, kernel_spoke=True
    )
    assert (found == []) == agrees
