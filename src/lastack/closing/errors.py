"""What an error of a connection proves, and what it does not, on this system.

`python -m lastack.closing.errors` prints the whole table; with names
(`ECONNRESET`, `104`, `EOF`, `"Broken pipe"`) only those.
"""

import errno
import os
import sys
from dataclasses import dataclass

LINUX = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One error: what happened, what is certain, what is not, what to do."""

    name: str
    """`ECONNRESET`, ..., `EOF`; `LOCAL TIMEOUT`, `LOST` for a library's own."""
    happened: str
    proves: tuple[str, ...]
    does_not_prove: tuple[str, ...]
    do: str

    def __str__(self) -> str:
        from textwrap import fill

        def point(label: str, text: str) -> str:
            return fill(
                text,
                width=80,
                initial_indent=f"  {label:<8} ",
                subsequent_indent=" " * 11,
            )

        lines = [fill(f"{self.name}: {self.happened}", width=80)]
        lines += [point("proves", text) for text in self.proves]
        lines += [point("not", text) for text in self.does_not_prove]
        lines.append(point("do", self.do))
        return "\n".join(lines)


_REQUEST_MAYBE_DONE = (
    "whether the peer's program did what was asked: the answer may be lost alone"
)

EOF = Explanation(
    "EOF",
    "The peer's kernel sent FIN: its program closed, half-closed, or ended.",
    (
        "Every byte that the peer sent before has arrived, in order.",
        "The path worked in that direction a moment ago.",
    ),
    (
        (
            "that the peer reads on: after close() it does not (RST answers the next"
            " write), after shutdown(SHUT_WR) it does; the FIN looks the same"
        ),
        "that the peer's program meant it: a killed process also ends in FIN"
        + (" (on Windows in RST)" if not LINUX else ""),
        "that it got what was written here last",
    ),
    "Close too, now; going on leaves the socket in CLOSE_WAIT. An end in the"
    " middle of a message is an error of the protocol above: treat it as one.",
)

_ECONNRESET = Explanation(
    "ECONNRESET",
    "A RST arrived that fits this connection.",
    (
        "The connection is gone; nothing written from now on arrives.",
        "No FIN had been received before (reads would say EOF, writes EPIPE)."
        if LINUX
        else "The peer, or a box on the path, sent a RST.",
        "Linux gave out all data received before the RST first; asyncio did not"
        " (see read_final)."
        if LINUX
        else "Data received before the RST may have been thrown away.",
    ),
    (
        (
            "who sent it: the peer's program (close() with unread data, SO_LINGER 0),"
            " its kernel (program ended, host rebooted), a firewall or load balancer"
        ),
        _REQUEST_MAYBE_DONE,
        (
            "a fault of the network: most resets are a close with unread data or the"
            " idle close racing a request"
        ),
    ),
    "Read what is left (read_final); repeat only what retry_safe allows."
    " To learn who: lastack explain on a capture.",
)

_EPIPE = Explanation(
    "EPIPE",
    "A write on a connection that can no longer send.",
    (
        (
            "The kernel knew before this call: an earlier RST, timeout or"
            " shutdown(SHUT_WR) here."
        ),
        "Not one byte of this write left this host.",
        "After an EOF, on Linux it is the only sign of the peer's RST: reads go"
        " on returning EOF."
        if LINUX
        else "The peer's end of the connection is closed, or this one is.",
    ),
    (
        (
            "what became of the writes before this one: they were in flight when the"
            " RST was caused"
        ),
        "that the peer crashed: mostly it closed and this program wrote on",
    ),
    "Read to the end first: an answer sent before the RST may still be there."
    " Watch for EOF before each write (a reused idle connection above all).",
)

_ETIMEDOUT = Explanation(
    "ETIMEDOUT",
    "The kernel gave up: unacknowledged data or probes (or SYNs) went unanswered.",
    (
        (
            "No acceptable segment came back for the whole time: host down, path cut,"
            " firewall dropping, or packets lost in either direction."
        ),
        "The connection is gone on this side."
        + (" Linux sends no RST for it, except after keepalive." if LINUX else ""),
    ),
    (
        "that the data did not arrive: the acknowledgements may be what is lost",
        "that the peer knows: it holds the connection until it writes or probes",
        "that the peer's host is down",
    ),
    "Notice it sooner with detect_dead_peer_within (Linux's own limit is about"
    " 15 minutes sending, never when idle). Repeat only what retry_safe allows.",
)

_ECONNABORTED = Explanation(
    "ECONNABORTED",
    "This side's system ended the connection, not the peer.",
    (
        "On Linux: an administrator or program destroyed the socket (ss -K,"
        " SOCK_DESTROY), or accept() met a connection that was gone already."
        if LINUX
        else "Windows: the local stack gave up (timeout, interface lost)."
        " BSD, macOS: accept() met a connection that was reset in the queue.",
    ),
    ("anything about the peer or the network", _REQUEST_MAYBE_DONE),
    "From accept(): go on accepting. Else connect anew; ask who runs ss -K here.",
)

_ECONNREFUSED = Explanation(
    "ECONNREFUSED",
    "A RST answered the SYN"
    + (" (UDP: an ICMP port unreachable came back)." if LINUX else "."),
    ("No connection existed; no byte of a request was sent.", "The path works."),
    (
        "that the service is down: a firewall's REJECT looks the same",
        "that it is the host's answer: a box on the path can give it",
    ),
    "Retrying is safe. Check the port and the listener (ss -ltn) on the host.",
)

_EHOSTUNREACH = Explanation(
    "EHOSTUNREACH",
    "No way to the host: ICMP from a router or firewall, or ARP got no answer.",
    (
        (
            "The last thing known of the path is that a hop said no, or that the"
            " neighbour does not answer (host down or gone from this network)."
        ),
        "While connecting: nothing was sent to any program.",
    ),
    (
        "which hop said it: an administrator's REJECT uses the same message",
        (
            "on an established connection, that data was lost before: the kernel"
            " retried until its time limit and then reports the last ICMP"
        ),
    ),
    "ip route get ADDRESS; ip neigh; then the firewall. Connect anew later.",
)

_ENETUNREACH = Explanation(
    "ENETUNREACH",
    "This host has no route to the address, or a router said so by ICMP.",
    ("Nothing was sent to the peer by this call.",),
    ("that the peer is down",),
    "ip route get ADDRESS; an IPv6 address without IPv6 route is the usual case.",
)

_ENOTCONN = Explanation(
    "ENOTCONN",
    "The socket is not connected: never was, or the connection is over already.",
    (
        (
            "From shutdown() or getpeername() on a socket that was connected: a RST"
            " or a timeout has ended it."
        ),
    ),
    ("why it ended: the next read says it, once",),
    "Read once more for the data and the reason, then close.",
)

_EADDRNOTAVAIL = Explanation(
    "EADDRNOTAVAIL",
    "No local address or port for it: all ephemeral ports to this destination are"
    " taken, or the address is not this host's.",
    ("No packet was sent.",),
    ("anything about the peer",),
    "ss -s: many in TIME_WAIT means that this side closes first, often; keep"
    " connections open, or let the peer close.",
)

_EADDRINUSE = Explanation(
    "EADDRINUSE",
    "Another socket has this address and port.",
    ("No packet was sent.",),
    ("that a process listens: sockets in TIME_WAIT hold it too",),
    "Listeners: SO_REUSEADDR before bind(); ss -ltnp shows who has it.",
)

_EMFILE = Explanation(
    "EMFILE",
    "This process has no file descriptor left.",
    ("accept() took nothing: the connection waits in the queue, unharmed.",),
    ("too many clients: sockets in CLOSE_WAIT are a leak of this program",),
    "ss -tp state close-wait; close what is at EOF; then raise ulimit -n.",
)

_ENOBUFS = Explanation(
    "ENOBUFS",
    "The kernel had no memory for it, or an interface queue was full.",
    ("Not sent by this call.",),
    ("anything about the peer",),
    "Wait and retry; look at /proc/net/sockstat and tcp_mem.",
)

LOCAL_TIMEOUT = Explanation(
    "LOCAL TIMEOUT",
    "This program's own time limit (settimeout, asyncio.timeout) was over.",
    ("Nothing came within that time.", "The connection is still open."),
    ("that the peer or the path is dead: it may be slow", _REQUEST_MAYBE_DONE),
    "Either go on waiting or abort(); do not reuse the connection for another"
    " request, since the late answer would be taken for the next one's.",
)

LOST = Explanation(
    "LOST",
    "A library reports a lost connection without an error of the kernel.",
    ("The transport was closed before this call.",),
    ("the cause: it was given to whoever read or wrote at that moment",),
    "Look at the first error on this connection: reader.exception(), the"
    " protocol's connection_lost; read_final keeps it together with the data.",
)

TABLE: dict[str, Explanation] = {
    explanation.name: explanation
    for explanation in (
        EOF,
        _ECONNRESET,
        _EPIPE,
        _ETIMEDOUT,
        _ECONNABORTED,
        _ECONNREFUSED,
        _EHOSTUNREACH,
        _ENETUNREACH,
        _ENOTCONN,
        _EADDRNOTAVAIL,
        _EADDRINUSE,
        _EMFILE,
        _ENOBUFS,
        LOCAL_TIMEOUT,
        LOST,
    )
}
"""Every explanation by its name."""

_SAME = {
    "ESHUTDOWN": "EPIPE",
    "ENFILE": "EMFILE",
    "ENOMEM": "ENOBUFS",
    "ENETDOWN": "ENETUNREACH",
    "EHOSTDOWN": "EHOSTUNREACH",
    "ENETRESET": "ECONNABORTED",
}


_BY_TEXT = {
    os.strerror(number).upper(): TABLE[name]
    for number, name in errno.errorcode.items()
    if name in TABLE
}


def explain_error(error: BaseException | int | str | None) -> Explanation:
    """What `error` proves, does not prove, and what to do.

    Takes an exception (an OSError below it, by `__cause__` or `__context__`, is
    found: what HTTP libraries raise), an errno, a name ("ECONNRESET", "EOF") or
    None for end of file.

    Raises:
        LookupError: not an error that a connection ends with.
    """
    if error is None:
        return EOF
    if isinstance(error, str):
        return _by_name(error.upper())
    if isinstance(error, int):
        return _by_number(error)
    seen: set[int] = set()
    below: BaseException | None = error
    while below is not None and id(below) not in seen:
        seen.add(id(below))
        found = _of_exception(below)
        if found is not None:
            return found
        below = below.__cause__ or below.__context__
    raise LookupError(f"no error of a connection: {error!r}")


def _of_exception(error: BaseException) -> Explanation | None:
    if type(error).__name__ in {"RemoteDisconnected", "ServerDisconnectedError"}:
        return EOF  # http.client, aiohttp: end of file instead of an answer
    if isinstance(error, EOFError):  # also asyncio.IncompleteReadError
        return EOF
    if not isinstance(error, OSError):
        return None
    number = getattr(error, "winerror", None) or error.errno
    if number is not None:
        try:
            return _by_number(number)
        except LookupError:
            return None
    if isinstance(error, TimeoutError):
        return LOCAL_TIMEOUT
    if isinstance(error, ConnectionError):
        return LOST  # "Connection lost" of asyncio's drain()
    return None


def _by_number(number: int) -> Explanation:
    name = errno.errorcode.get(number, "")
    return _by_name(name.removeprefix("WSA")) if name else _unknown(str(number))


def _by_name(name: str) -> Explanation:
    if name.isdecimal() and len(name) < 6:
        return _by_number(int(name))
    found = TABLE.get(_SAME.get(name, name)) or _BY_TEXT.get(name)
    return found if found is not None else _unknown(name)


def _unknown(name: str) -> Explanation:
    known = ", ".join(TABLE)
    raise LookupError(f"{name[:40]!r} is not explained here; these are: {known}")


def main(arguments: list[str]) -> int:
    """Print the explanations named in `arguments`, or all; the exit status."""
    try:
        found = [explain_error(name) for name in arguments] or list(TABLE.values())
    except LookupError as unknown:
        print(unknown.args[0], file=sys.stderr)
        return 2
    print("\n\n".join(map(str, found)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
