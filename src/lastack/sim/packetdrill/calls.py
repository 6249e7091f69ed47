"""A script's call as a request to a kernel; what is not known is refused there.

packetdrill's arguments are C's: `setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1,
linger=0}, 8)`. What the script writes into a pointer is what it expects there.
"""

from collections.abc import Callable, Mapping
from typing import Final

from lastack.sim.packetdrill.script import (
    Anything,
    Argument,
    Call,
    ScriptError,
    Symbol,
)
from lastack.sim.packetdrill.subject import ERRNO, PORT, Answer, Request

OPTIONS: Final = {
    "SO_REUSEADDR",
    "SO_REUSEPORT",
    "SO_KEEPALIVE",
    "SO_LINGER",
    "SO_RCVBUF",
    "SO_SNDBUF",
    "TCP_NODELAY",
    "TCP_KEEPIDLE",
    "TCP_KEEPINTVL",
    "TCP_KEEPCNT",
    "TCP_LINGER2",
    "TCP_DEFER_ACCEPT",
    "TCP_USER_TIMEOUT",
    "IP_TTL",
    "IP_TOS",
}
_LEVELS: Final = {"SOL_SOCKET", "SOL_TCP", "IPPROTO_TCP", "SOL_IP", "IPPROTO_IP"}
_O_RDWR: Final = 2
_O_NONBLOCK: Final = 2048
_ALWAYS: Final = {"POLLERR", "POLLHUP"}
_MOST: Final = 1 << 26


class Calls:
    """Reads the calls of one script; keeps which descriptor it calls what."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.descriptors: dict[int, int] = {}

    def request(self, call: Call, at: int) -> Request:
        """Return what the call asks; raises ScriptError where it is not known."""
        build = _BUILDERS.get(call.name)
        if build is None:
            known = ", ".join(sorted(_BUILDERS))
            raise ScriptError(
                self.text, at, f"{call.name}() is not known here; there are {known}"
            )
        return build(self, _Arguments(self, call, at))

    def returned(self, call: Call, answer: Answer) -> str:
        """Learn a new descriptor; return what differs from the script, or nothing."""
        result = answer.pending.result or "0"
        if call.name in {"socket", "accept"} and not result.startswith("-"):
            if call.result is not None and call.result >= 0:
                self.descriptors[call.result] = int(result)
            return "" if call.result != -1 else f"a descriptor, not -1 {call.errno}"
        wanted = None if call.result is None else str(call.result)
        if call.errno:
            wanted = f"-{call.errno}"
        if call.name == "poll":
            return self._polled(call, answer, wanted)
        if wanted is not None and not _same(wanted, result):
            return _shown(result)
        return self._filled_in(call, answer)

    def _filled_in(self, call: Call, answer: Answer) -> str:
        """Compare what getsockopt() and ioctl() wrote with the script's `[value]`."""
        place = {"getsockopt": 3, "ioctl": 2}.get(call.name)
        if place is None or len(call.arguments) <= place:
            return ""
        inner = call.arguments[place].value
        if not isinstance(inner, list) or not inner:
            return ""
        wanted = inner[0].value
        if isinstance(wanted, Symbol):
            wanted = ERRNO.get(str(wanted), -1)
        if isinstance(wanted, int) and wanted != answer.value:
            names = {number: name for name, number in ERRNO.items()}
            return f"[{names.get(answer.value, answer.value)}]"
        return ""

    def _polled(self, call: Call, answer: Answer, wanted: str | None) -> str:
        entry = _Arguments(self, call, 0).poll_entry()
        asked, expected = _names(entry, "events"), _names(entry, "revents")
        seen = set(answer.events.split("|")) & (asked | _ALWAYS)
        count = str(int(bool(seen)))
        if wanted not in (None, count) or seen != expected:
            return f"{count}, revents={'|'.join(sorted(seen)) or 0}"
        return ""


def _names(entry: Mapping[str, Argument], field: str) -> set[str]:
    value = entry[field].value if field in entry else 0
    return set(value.names) if isinstance(value, Symbol) else set()


def _same(wanted: str, result: str) -> bool:
    again = {"-EWOULDBLOCK", "-EAGAIN"}
    return wanted == result or (wanted in again and result in again)


def _shown(result: str) -> str:
    return f"-1 {result[1:]}" if result.startswith("-") else result


class _Arguments:
    """The arguments of one call, each read as what it must be."""

    def __init__(self, calls: Calls, call: Call, at: int) -> None:
        self.calls = calls
        self.call = call
        self.at = at

    def error(self, message: str, argument: Argument | None = None) -> ScriptError:
        at = self.at if argument is None else argument.at
        return ScriptError(self.calls.text, at, message)

    def get(self, place: int) -> Argument:
        arguments = self.call.arguments
        if place >= len(arguments):
            raise self.error(f"{self.call.name}() has {place + 1} arguments or more")
        return arguments[place]

    def number(self, place: int, *, least: int = 0) -> int:
        argument = self.get(place)
        value = argument.value
        if not isinstance(value, int) or not least <= value <= _MOST:
            raise self.error(f"expected a number of {least}..{_MOST}", argument)
        return value

    def descriptor(self) -> int:
        number = self.number(0)
        return self.calls.descriptors.get(number, -1)

    def names(self, place: int) -> tuple[str, ...]:
        argument = self.get(place)
        if argument.value == 0:
            return ()
        if not isinstance(argument.value, Symbol):
            raise self.error("expected a name", argument)
        return argument.value.names

    def one_of(self, place: int, known: set[str], what: str) -> str:
        names = self.names(place)
        if len(names) != 1 or names[0] not in known:
            raise self.error(
                f"this {what} is not known here; there are {', '.join(sorted(known))}",
                self.get(place),
            )
        return names[0]

    def port(self, place: int) -> int:
        """The port of a socket address, or packetdrill's own for `...`."""
        argument = self.get(place)
        if isinstance(argument.value, Anything):
            return PORT
        if isinstance(argument.value, dict) and "sin_port" in argument.value:
            port = argument.value["sin_port"].value
            if isinstance(port, int) and 0 < port < 1 << 16:
                return port
        raise self.error("expected `...` or {..., sin_port=htons(PORT), ...}", argument)

    def poll_entry(self) -> dict[str, Argument]:
        """The one entry of poll()'s array."""
        argument = self.get(0)
        if isinstance(argument.value, list) and len(argument.value) == 1:
            entry = argument.value[0].value
            if isinstance(entry, dict) and "fd" in entry:
                return entry
        raise self.error("expected [{fd=4, events=POLLIN, revents=POLLIN}]", argument)


def _socket(_: Calls, given: _Arguments) -> Request:
    kind = given.get(1).value
    if isinstance(kind, Symbol) and "SOCK_STREAM" not in kind.names:
        raise given.error("only SOCK_STREAM is known here", given.get(1))
    return Request("socket")


def _bind(_: Calls, given: _Arguments) -> Request:
    return Request("bind", given.descriptor(), given.port(1))


def _connect(_: Calls, given: _Arguments) -> Request:
    return Request("connect", given.descriptor(), given.port(1))


def _listen(_: Calls, given: _Arguments) -> Request:
    return Request("listen", given.descriptor(), given.number(1))


def _plain(name: str) -> "Callable[[Calls, _Arguments], Request]":
    return lambda _, given: Request(name, given.descriptor())


def _send(_: Calls, given: _Arguments) -> Request:
    flags: tuple[str, ...] = ()
    if given.call.name in {"send", "sendto"}:
        flags = given.names(3)
        for name in flags:
            if name not in {"MSG_NOSIGNAL", "MSG_DONTWAIT", "MSG_OOB"}:
                raise given.error(f"{name} is not known here", given.get(3))
    option = "MSG_OOB" if "MSG_OOB" in flags else ""
    return Request("send", given.descriptor(), given.number(2), option)


def _receive(_: Calls, given: _Arguments) -> Request:
    flags: tuple[str, ...] = ()
    if given.call.name in {"recv", "recvfrom"}:
        flags = given.names(3)
        for name in flags:
            if name not in {"MSG_PEEK", "MSG_DONTWAIT", "MSG_OOB"}:
                raise given.error(f"{name} is not known here", given.get(3))
    return Request("receive", given.descriptor(), given.number(2), "|".join(flags))


def _shutdown(_: Calls, given: _Arguments) -> Request:
    how = given.one_of(1, {"SHUT_RD", "SHUT_WR", "SHUT_RDWR"}, "way to shut down")
    return Request("shutdown", given.descriptor(), option=how)


def _setsockopt(_: Calls, given: _Arguments) -> Request:
    given.one_of(1, _LEVELS, "level")
    option = given.one_of(2, OPTIONS, "option")
    argument = given.get(3)
    value = argument.value
    if option == "SO_LINGER":
        if not isinstance(value, dict) or not {"onoff", "linger"} <= set(value):
            raise given.error("expected {onoff=1, linger=0}", argument)
        on, seconds = value["onoff"].value, value["linger"].value
        if not isinstance(on, int) or not isinstance(seconds, int):
            raise given.error("expected numbers in {onoff=1, linger=0}", argument)
        return Request("setsockopt", given.descriptor(), seconds if on else -1, option)
    if isinstance(value, list) and len(value) == 1:
        value = value[0].value
    if not isinstance(value, int) or abs(value) > _MOST:
        raise given.error("expected the option's value, as [1]", argument)
    return Request("setsockopt", given.descriptor(), value, option)


def _getsockopt(_: Calls, given: _Arguments) -> Request:
    given.one_of(1, _LEVELS, "level")
    option = given.one_of(2, {"SO_ERROR"}, "option")
    return Request(option, given.descriptor())


def _fcntl(_: Calls, given: _Arguments) -> Request:
    what = given.one_of(1, {"F_GETFL", "F_SETFL"}, "command")
    if what == "F_GETFL":
        return Request("F_GETFL", given.descriptor())
    argument = given.get(2)
    if isinstance(argument.value, int):
        on = bool(argument.value & _O_NONBLOCK)
    else:
        on = "O_NONBLOCK" in given.names(2)
    return Request("setsockopt", given.descriptor(), int(on), "O_NONBLOCK")


def _ioctl(_: Calls, given: _Arguments) -> Request:
    names = {"SIOCINQ", "SIOCOUTQ", "SIOCATMARK", "FIONREAD"}
    what = given.one_of(1, names, "request")
    what = "SIOCINQ" if what == "FIONREAD" else what
    return Request(what, given.descriptor())


def _poll(calls: Calls, given: _Arguments) -> Request:
    entry = given.poll_entry()
    number = entry["fd"].value
    if not isinstance(number, int):
        raise given.error("expected a descriptor", entry["fd"])
    if given.number(2, least=-1) != 0:
        raise given.error("poll() with a timeout other than 0 is not known here")
    return Request("poll", calls.descriptors.get(number, -1))


_BUILDERS: Final[Mapping[str, Callable[[Calls, _Arguments], Request]]] = {
    "socket": _socket,
    "bind": _bind,
    "connect": _connect,
    "listen": _listen,
    "accept": _plain("accept"),
    "close": _plain("close"),
    "read": _receive,
    "recv": _receive,
    "recvfrom": _receive,
    "write": _send,
    "send": _send,
    "sendto": _send,
    "shutdown": _shutdown,
    "setsockopt": _setsockopt,
    "getsockopt": _getsockopt,
    "fcntl": _fcntl,
    "ioctl": _ioctl,
    "poll": _poll,
}
