"""A timeline as text: calls as strace prints them, segments as tcpdump does.

One line an event, readable from top to bottom at 80 columns:

    0.000214 client  connect(a, port 8080 <unfinished ...>
    0.000391 client  > Flags [S], seq 0, win 64240, length 0
    0.010602 wire    x lost: Flags [S], seq 0, win 64240, length 0
    0.020817 server  < Flags [S], seq 0, win 64240, length 0
    0.021014 server  SYN-RECV Recv-Q 0 Send-Q 0 8080 > 40001 timer:(on,1000ms,0)
    0.310220 server  kernel: tcp_send_reset TCP_ABORT_ON_CLOSE

`#` tells what happens to a host or on the path. `>` leaves the host, `<` arrives;
the wire is shown where it did not simply pass a segment on. Sequence numbers
count from each side's SYN, states are those of ss, and of a call that lasted
strace's two lines are shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lastack.render.moments import ENDS, Begun, Resumed, What, moments
from lastack.render.truss import returned, sleeping, socket_line
from lastack.tcp import flags as bits
from lastack.tcp.events import (
    Call,
    Datagram,
    Happening,
    KernelReason,
    Sent,
    SocketState,
    TimelineEvent,
)
from lastack.tcp.notation import tcpdump_line
from lastack.tcp.segment import Address, Options, Segment

_WIDTH: Final = 80
_NANOSECONDS: Final = 1_000_000_000
_LONG: Final = 10
"""So many seconds ss shows without milliseconds, and minutes without seconds."""
_FATES: Final = {"lost": "x", "duplicated": "2", "forged": "!"}
_INDENT: Final = " " * 19
_WILDCARDS: Final = {"", "0.0.0.0", "::"}  # noqa: S104
_SIGNALS: Final = {
    "SIGKILL": "+++ killed by SIGKILL +++",
    "SIGSTOP": "--- stopped by SIGSTOP ---",
    "SIGCONT": "--- SIGCONT ---",
}


def timeline_lines(
    events: Iterable[TimelineEvent],
    *,
    names: Mapping[Address, str] | None = None,
    truss: Mapping[str, Mapping[str, int]] | None = None,
    width: int = _WIDTH,
) -> Iterator[str]:
    """Yield the lines of a timeline, times in seconds from its first event.

    `names` gives the connection of a client's address a name, which is shown
    before its segments; without it, and for a single connection, none is. The
    hosts in `truss` are told in the words of truss and netstat, with these
    numbers for errors.
    """
    events = list(events)
    told = moments(it for it in events if not _passed_on(it))
    if not told:
        return
    start = told[0][0]
    writer = _Writer(names if names and len(names) > 1 else {}, truss or {})
    writer.know(it for it in events if isinstance(it, SocketState))
    for time, what in told:
        where, text = writer.write(what)
        seconds = (time - start) / _NANOSECONDS
        yield from _wrapped(f"{seconds:10.6f} {where:<7} {text}", width)


def _wrapped(line: str, width: int) -> Iterator[str]:
    """Break a line at its spaces; a word that is too long is broken too."""
    while len(line) > width:
        at = line.rfind(" ", len(_INDENT), width + 1)
        if at < 0:
            at = width
        yield line[:at].rstrip()
        line = _INDENT + line[at:].lstrip()
    yield line


def _passed_on(event: TimelineEvent) -> bool:
    """Whether the wire simply let it pass; the hosts tell of it."""
    if isinstance(event, Sent):
        return event.where == "wire" and not event.fate
    return isinstance(event, Datagram) and event.where == "wire"


class _Writer:
    """Writes one event; remembers each side's first sequence number."""

    def __init__(
        self, names: Mapping[Address, str], numbers: Mapping[str, Mapping[str, int]]
    ) -> None:
        self._names = names
        self._numbers = numbers
        self._origins: dict[tuple[Address, Address], int] = {}
        self._hosts: dict[str, str] = {}
        self._peers: dict[tuple[str, int, int], str] = {}

    def know(self, sockets: Iterable[SocketState]) -> None:
        """Learn from its sockets which address is whose."""
        for it in sockets:
            host = it.local.rpartition(".")[0]
            if host not in _WILDCARDS:
                self._hosts[host] = it.host

    def write(self, what: What) -> tuple[str, str]:
        """Return where it was and what it was."""
        trussed = self._trussed(what)
        if trussed is not None:
            return trussed
        if isinstance(what, Begun):
            call = what.call
            return (
                call.host,
                f"{_of(call)}{call.name}({call.arguments} <unfinished ...>",
            )
        if isinstance(what, Resumed):
            call = what.call
            lasted = call.duration / _NANOSECONDS
            return (
                call.host,
                (
                    f"{_of(call)}<... {call.name} resumed> = {_result(call)} "
                    f"<{lasted:.6f}>"
                ),
            )
        if isinstance(what, Call):
            return what.host, f"{_of(what)}{_call(what)}"
        if isinstance(what, Sent):
            return what.where, self._segment(what)
        if isinstance(what, Datagram):
            return what.where, _datagram(what)
        if isinstance(what, SocketState):
            return what.host, _socket(what)
        if isinstance(what, Happening):
            return what.where, f"# {what.text}"
        return what.host, _reason(what)

    def _trussed(self, what: What) -> tuple[str, str] | None:
        """Return a call or a socket in its host's other words, if it has any."""
        if isinstance(what, SocketState) and what.host in self._numbers:
            return what.host, socket_line(what)
        call = what.call if isinstance(what, Begun | Resumed) else what
        if not isinstance(call, Call) or call.host not in self._numbers:
            return None
        if call.name in ENDS:
            return None
        if isinstance(what, Begun):
            return call.host, f"{_of(call)}{sleeping(call)}"
        return call.host, f"{_of(call)}{returned(call, self._numbers[call.host])}"

    def _segment(self, sent: Sent) -> str:
        segment = sent.segment
        ends = segment.source, segment.destination
        if segment.flags & bits.SYN:
            self._origins[ends] = segment.seq
        origin = self._origins.setdefault(ends, segment.seq)
        if segment.flags & bits.ACK:
            other = self._origins.setdefault(ends[::-1], segment.ack)
        else:
            other = 0
        text = _shown(segment, (origin, other))
        if sent.where == "wire":
            return (
                f"{_FATES.get(sent.fate, '?')} {sent.fate}: {self._name(segment)}{text}"
            )
        if sent.where not in self._hosts.values():
            # The first segment that a host shows is one that it sent, or that
            # came to it from a host already known.
            known = {host: where for where, host in self._hosts.items()}
            mine = (
                segment.destination.host
                if segment.source.host in known.values()
                or segment.source.host in self._hosts
                else segment.source.host
            )
            self._hosts[mine] = sent.where
        leaves = self._hosts.get(segment.source.host) == sent.where
        way = ">" if leaves else "<"
        return f"{way} {self._stranger(sent, leaves)}{self._name(segment)}{text}"

    def _stranger(self, sent: Sent, leaves: bool) -> str:
        """The peer's address, where it is not the one that has these ports here."""
        ends = sent.segment.source, sent.segment.destination
        here, there = ends if leaves else ends[::-1]
        ports = sent.where, here.port, there.port
        if self._peers.setdefault(ports, there.host) == there.host:
            return ""
        return f"{'to' if leaves else 'from'} {there.host}: "

    def _name(self, segment: Segment) -> str:
        name = self._names.get(segment.source) or self._names.get(segment.destination)
        return f"{name}: " if name else ""


def _shown(segment: Segment, origin: tuple[int, int]) -> str:
    """The segment as tcpdump prints it, without addresses and options."""
    bare = Segment(
        segment.time,
        segment.source,
        segment.destination,
        segment.flags,
        # A SYN's number is the origin, which tcpdump shows as it is.
        0 if segment.flags & bits.SYN else segment.seq,
        (segment.ack - origin[1]) % (1 << 32)
        if segment.flags & bits.SYN and segment.flags & bits.ACK
        else segment.ack,
        segment.window,
        segment.payload,
        Options(),
    )
    return tcpdump_line(bare, origin=origin).partition(": ")[2]


def _datagram(what: Datagram) -> str:
    """UDP with both of its ports, since none is known; ICMP with who says it."""
    way = ">" if what.leaves else "<"
    if what.source.port:
        return f"{way} {what.source.port} > {what.destination.port}: {what.text}"
    other = what.destination if what.leaves else what.source
    return f"{way} {other.host}: {what.text}"


def _of(call: Call) -> str:
    return "" if call.process == call.host else f"[{call.process}] "


def _call(call: Call) -> str:
    if call.name == "kill":
        return _SIGNALS.get(call.arguments, f"--- {call.arguments} ---")
    if call.name == "exit_group":
        return f"+++ exited with {call.arguments or 0} +++"
    return f"{call.name}({call.arguments}) = {_result(call)}"


def _result(call: Call) -> str:
    """An errno as strace prints it: -1 and its name."""
    return f"-1 {call.result[1:]}" if call.result.startswith("-") else call.result


def _socket(state: SocketState) -> str:
    ends = f"{_port(state.local)} > {_port(state.peer)}"
    udp = " udp" if state.protocol == "udp" else ""
    if state.state == "gone":
        return f"{'(gone)':<10} {ends}{udp}"
    timer = f" timer:({_timer(state.timer)})" if state.timer else ""
    orphan = " orphan" if state.orphan else ""
    return (
        f"{state.state:<10} {ends}  Recv-Q {state.receive_queue} "
        f"Send-Q {state.send_queue}{timer}{orphan}{udp}"
    )


def _timer(text: str) -> str:
    """A timer in ss's form: a long one in seconds, minutes: `keepalive,119min,0`."""
    name, left, count = text.split(",")
    seconds = int(left.removesuffix("ms")) // 1000
    if seconds < _LONG:
        return text
    minutes, seconds = divmod(seconds, 60)
    shown = f"{minutes}min" if minutes else ""
    if seconds and minutes < _LONG:
        shown += f"{seconds}sec"
    return f"{name},{shown},{count}"


def _port(address: str) -> str:
    port = address.rpartition(".")[2]
    return "*" if port == "0" else port


def _reason(reason: KernelReason) -> str:
    if reason.kind == "counter":
        return f"counter: {reason.reason}"
    return f"kernel: {reason.kind} {reason.reason}".rstrip()
