"""A scenario: its steps, its truth, and the wire that it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lastack.tcp.scenario.step import Step


@dataclass(frozen=True, slots=True)
class Truth:
    """How a connection ended: a slug of the catalogue, and the side.

    `also` are other pairs which the same packets would allow a judge to say,
    and which are true as well: `("orderly-close", "server")` beside a
    `half-close`, where the scenario leaves it to chance. `at` is the truth as
    far as a capture at `client`, `wire` or `server` has a trace of it, where it
    differs: a server that a firewall on the path keeps in the dark has seen no
    ending, `{"server": ("still-open", "none")}`.
    """

    ending: str
    by: str
    also: tuple[tuple[str, str], ...] = ()
    at: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wire:
    """What lies between the hosts.

    `delay` and `jitter` in seconds one way; `loss` and `duplication` as
    probabilities 0..1; `rate` in octets a second, 0 for any. `routed` puts a
    kernel router with a firewall there, which lowers the hop limit, and on which
    the times do not apply.
    """

    delay: float = 0.01
    jitter: float = 0.0
    loss: float = 0.0
    duplication: float = 0.0
    rate: int = 0
    routed: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario, its truth, and where it runs.

    `slug` is the file's name. `steps` takes the scenario's own parameters as
    typed keywords with defaults. `truth` is by connection. `reasons` are the
    kernel's reset reasons as `host:REASON`, each once, in order of their first
    appearance; `counters` those that must move, as `host:TCPAbortOnClose`.
    `seeds` are rows of the list of what must work. `varies` gives for a
    parameter the lowest and highest value for which the truth holds; labelled
    captures draw from it. `elsewhere` tells the truth of connection `a` on
    another operating system, where it differs. `not_in_lab` and `not_in_sim`
    give the reason why it cannot run there. After its last step it settles, and
    goes on for `epilogue` seconds; after `limit` seconds it is given up. Its
    truth needs a wire with a one-way delay of `least_delay` seconds or more, and
    without jitter where that is not 0.
    """

    slug: str
    steps: Callable[..., list[Step]]
    truth: Mapping[str, Truth]
    reasons: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    wire: Wire = Wire()
    varies: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    elsewhere: Mapping[str, Truth] = field(default_factory=dict)
    not_in_lab: str = ""
    not_in_sim: str = ""
    epilogue: float = 0.0
    least_delay: float = 0.0
    limit: float = 30.0
