"""The order in which a timeline is told."""

from lastack.render.moments import Begun, Resumed, moments
from lastack.tcp.events import Call, KernelReason, SocketState, TimelineEvent

MS = 1_000_000


def told(*events: TimelineEvent) -> list[str]:
    """Return the names of the calls, and the states, as they are told."""
    names = []
    for _, what in moments(events):
        match what:
            case Begun(call):
                names.append(f"{call.name}(")
            case Resumed(call):
                names.append(f"{call.name})")
            case Call():
                names.append(f"{what.name}()")
            case SocketState():
                names.append(what.state)
            case KernelReason():
                names.append(what.reason)
    return names


def call(time: int, name: str, lasted: int = 0, host: str = "client") -> Call:
    """Return a call that began and lasted so many milliseconds."""
    return Call(time * MS, host, host, name, "a", "0", lasted * MS)


def state(time: int, name: str, host: str = "client") -> SocketState:
    """Return a change of state at that millisecond."""
    return SocketState(time * MS, host, "1.1.1.1.1", "1.1.1.2.2", name)


def test_a_call_that_lasted_is_told_twice() -> None:
    """Strace's two lines: one where it began, one where it ended."""
    assert told(call(0, "connect", 10), state(5, "SYN-SENT")) == [
        "connect(",
        "SYN-SENT",
        "connect)",
    ]


def test_a_call_is_resumed_behind_what_woke_it() -> None:
    """At one instant the state changes first, then the call returns."""
    assert told(call(0, "connect", 10), state(10, "ESTAB")) == [
        "connect(",
        "ESTAB",
        "connect)",
    ]


def test_a_call_is_resumed_before_the_next_one() -> None:
    """A program's next call at that instant, and what it does, come after."""
    assert told(
        call(0, "recv", 10), state(10, "ESTAB"), call(10, "close"), state(10, "FIN")
    ) == ["recv(", "ESTAB", "recv)", "close()", "FIN"]


def test_what_happens_to_the_other_host_wakes_nobody() -> None:
    """The end of a call does not wait for the other host's events."""
    assert told(
        call(0, "recv", 10), state(10, "ESTAB"), state(10, "LAST-ACK", "server")
    ) == ["recv(", "ESTAB", "recv)", "LAST-ACK"]


def test_the_counters_come_last() -> None:
    """A call that never returned is told before the counters at the end."""
    counter = KernelReason(10 * MS, "client", "counter", "TcpExtTW +1")
    assert told(call(0, "recv", 10), counter) == ["recv(", "recv)", "TcpExtTW +1"]


def test_a_killed_program_is_told_once() -> None:
    """How long it took to die is of no interest."""
    assert told(call(0, "kill", 10)) == ["kill()"]
