"""Whether the kernel agrees with what a scenario says about itself.

The script's knowledge is the label, since it knows who killed whom. The kernel
is the witness: where its reasons, states, counters or the results of the calls
contradict the label, the run is refused; a label is never changed to fit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lastack.lab.tracing import Trace
from lastack.tcp.scenario import HostName, Scenario, Truth
from lastack.tcp.segment import Address

ENDINGS_OF_REASON: Final[dict[str, frozenset[str]]] = {
    reason: frozenset(endings.split())
    for reason, endings in {
        "TCP_ABORT_ON_CLOSE": "unread-data-at-close zero-window-stall",
        # The kernel's one name for every tcp_disconnect() and tcp_abort().
        "TCP_STATE": "linger-zero socket-destroyed listener-closed",
        "TCP_ABORT_ON_LINGER": "orphan-limit",
        "TCP_ABORT_ON_MEMORY": "orphan-limit",
        "TCP_DISCONNECT_WITH_DATA": "socket-destroyed linger-zero",
        "TCP_KEEPALIVE_TIMEOUT": "keepalive-timeout",
        # Data after shutdown; a negative TCP_LINGER2 when its FIN is
        # acknowledged; the real peer's data after a forged FIN.
        "TCP_ABORT_ON_DATA": "data-after-close orphan-limit injected-reset",
        "TCP_TIMEWAIT_SOCKET": "data-after-close",
        # A listener met a segment of a connection that it does not know ...
        "TCP_FLAGS": (
            "peer-lost-state fin-wait-2-expired data-after-close "
            "accept-queue-overflow handshake-abandoned handshake-incomplete "
            "listener-closed retransmission-timeout zero-window-stall "
            "injected-reset firewall-reset icmp-rejected orderly-close half-close "
            "still-open unknown"
        ),
        # ... and there was none.
        "NO_SOCKET": (
            "connection-refused peer-lost-state fin-wait-2-expired data-after-close "
            "handshake-abandoned handshake-incomplete listener-closed linger-zero "
            "accept-queue-overflow retransmission-timeout zero-window-stall "
            "injected-reset firewall-reset icmp-rejected orderly-close half-close "
            "connect-timeout socket-destroyed unknown"
        ),
        "INVALID_SYN": "accept-queue-overflow handshake-incomplete handshake-abandoned",
        # Of an old connection's ACK, or a forged one; the handshake goes on.
        "TCP_INVALID_ACK_SEQUENCE": (
            "stale-connection-reused handshake-abandoned orderly-close half-close"
        ),
        "TCP_RFC7323_PAWS": "stale-connection-reused handshake-abandoned",
        "TCP_OLD_ACK": "handshake-incomplete handshake-abandoned",
        "TCP_TOO_OLD_ACK": "handshake-incomplete handshake-abandoned",
        "TCP_ACK_UNSENT_DATA": "handshake-incomplete handshake-abandoned",
    }.items()
}
"""What a connection may have ended by, whose first reset has this reason."""

NEEDS_A_RESET: Final = frozenset(
    [
        "unread-data-at-close",
        "linger-zero",
        "socket-destroyed",
        "listener-closed",
        "keepalive-timeout",
        "data-after-close",
        "fin-wait-2-expired",
        "connection-refused",
        "peer-lost-state",
        "stale-connection-reused",
    ]
)
"""Endings which a kernel of ours makes by a reset, so it must have said why."""

_SENT_BY_ITS_SIDE: Final = NEEDS_A_RESET

# What tells the causes of TCP_STATE apart (tcp.c:__tcp_close counts its own).
_COUNTER_OF_ENDING: Final = {
    "linger-zero": "TCPAbortOnData",
    "unread-data-at-close": "TCPAbortOnClose",
    "keepalive-timeout": "TCPAbortOnTimeout",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reset that a host's kernel sent, and why."""

    time: int
    host: HostName
    reason: str

    def __str__(self) -> str:
        """Return it as scenarios write it."""
        return f"{self.host}:{self.reason}"


@dataclass(frozen=True, slots=True)
class Label:
    """The truth of one connection, and the kernel's reasons beside it.

    `unseen` are the vantages which a reset never reached, because the wire
    happened to lose it; of these the truth is not the truth. `disagreements`
    are what contradicts the truth, for which it is refused.
    """

    connection: str
    client: Address
    server: Address
    truth: Truth
    reasons: tuple[Reason, ...]
    unseen: frozenset[str] = frozenset()
    disagreements: tuple[str, ...] = ()


def disagreements(
    label: Label,
    states: Iterable[tuple[HostName, Trace]],
    counters: Mapping[HostName, Mapping[str, int]],
    *,
    kernel_spoke: bool,
) -> list[str]:
    """Return what of the kernel contradicts the label of one connection.

    `states` are the changes of state of this connection, in order of time.
    Unless the `kernel_spoke`, that it names no reset means nothing.
    """
    truth = label.truth
    found = []
    if label.reasons:
        first = label.reasons[0]
        allowed = ENDINGS_OF_REASON.get(first.reason, frozenset())
        if truth.ending not in allowed:
            found.append(
                f"{label.connection}: {truth.ending} is not what {first} stands for"
            )
        elif truth.ending in _SENT_BY_ITS_SIDE and not _sides_agree(first, truth):
            found.append(
                f"{label.connection}: {truth.ending} by {truth.by}, but {first.host} "
                "sent the reset"
            )
    elif kernel_spoke and truth.ending in NEEDS_A_RESET:
        found.append(f"{label.connection}: {truth.ending}, but no kernel sent a reset")
    counter = _COUNTER_OF_ENDING.get(truth.ending)
    if counter and truth.by in {"client", "server"}:
        host: HostName = "client" if truth.by == "client" else "server"
        if not counters[host].get(counter):
            found.append(f"{label.connection}: {counter} of the {host} did not move")
    if truth.ending in {"orderly-close", "half-close"}:
        found += _order_of_fins(label, states)
    return found


def _sides_agree(first: Reason, truth: Truth) -> bool:
    # The host with the new SYN resets what an old connection's ACK tells it.
    return truth.by in {first.host, "path", "none", "unknown"}


def _order_of_fins(label: Label, states: Iterable[tuple[HostName, Trace]]) -> list[str]:
    reached: dict[HostName, set[str]] = {"client": set(), "server": set()}
    for host, trace in states:
        reached[host].add(trace.fields["newstate"])
    if not reached["client"] and not reached["server"]:
        return []
    if all("TCP_CLOSING" in it for it in reached.values()):
        first = "both"
    else:
        closers = [it for it in reached if "TCP_CLOSE_WAIT" not in reached[it]]
        first = closers[0] if len(closers) == 1 else "both"
    if first == label.truth.by:
        return []
    return [
        (
            f"{label.connection}: {label.truth.ending} by {label.truth.by}, but the "
            f"states say that {first} sent the first FIN"
        )
    ]


def _answers_a_straggler(said: str) -> bool:
    """Whether what was still on its way can make a host say this after the end."""
    return said.partition(":")[2] in {"NO_SOCKET", "TCP_FLAGS"}


def against_scenario(
    scenario: Scenario,
    reasons: Sequence[Reason],
    counters: Mapping[HostName, Mapping[str, int]],
    *,
    kernel_spoke: bool,
) -> list[str]:
    """Return where the kernel's words are not those that the scenario names.

    After the first of them, resets that answer what was still on its way are
    left out: whether there is any depends on the wire.
    """
    said = list(dict.fromkeys(str(it) for it in reasons))
    found = []
    named = [it for it in said if it in scenario.reasons]
    others = [it for it in said if it not in scenario.reasons]
    stragglers = bool(scenario.reasons) and said[:1] == [*scenario.reasons[:1]]
    if not kernel_spoke:
        pass
    elif tuple(named) != scenario.reasons or (
        others and not (stragglers and all(map(_answers_a_straggler, others)))
    ):
        found.append(
            f"the kernel's reasons are {', '.join(said) or 'none'}, "
            f"not {', '.join(scenario.reasons) or 'none'}"
        )
    for expected in scenario.counters:
        host, _, name = expected.partition(":")
        side: HostName = "client" if host == "client" else "server"
        if not counters[side].get(name):
            found.append(f"the counter {name} of the {host} did not move")
    return found
