"""A scenario's call in strace's words: its name and its arguments."""

from typing import Final

from lastack.tcp import scenario as plot

_NAMES: Final = {
    "Send": "sendto",
    "Receive": "recvfrom",
    "Option": "setsockopt",
    "SocketError": "getsockopt",
    "Disconnect": "connect",
    "Exit": "exit_group",
}


def name_of(step: plot.Call) -> str:
    """Return the system call of a step, as strace names it."""
    kind = type(step).__name__
    return _NAMES.get(kind, kind.lower())


def arguments_of(step: plot.Call) -> str:
    """Return the arguments of a step, as a person would shorten strace's."""
    match step:
        case plot.Listen(port=port, backlog=backlog):
            return f"{step.socket}, port {port}, {backlog}"
        case plot.Connect(port=port) | plot.Bind(port=port):
            return f"{step.socket}, port {port}"
        case plot.Accept(listener=listener):
            return listener
        case plot.Send(count=count, out_of_band=oob):
            return f"{step.socket}, {count}{', MSG_OOB' if oob else ''}"
        case plot.Receive():
            flags = [
                name
                for name, given in (
                    ("MSG_PEEK", step.peek),
                    ("MSG_OOB", step.out_of_band),
                    ("MSG_DONTWAIT", not step.wait),
                )
                if given
            ]
            return ", ".join([step.socket, str(step.count), *flags])
        case plot.Shutdown(how=how):
            return f"{step.socket}, SHUT_{how}"
        case plot.Option(name="SO_LINGER", value=value):
            on = "{1, " + str(value) + "}" if value >= 0 else "{0, 0}"
            return f"{step.socket}, SO_LINGER, {on}"
        case plot.Option(name=name, value=value):
            return f"{step.socket}, {name}, {value}"
        case plot.SocketError():
            return f"{step.socket}, SO_ERROR"
        case plot.Disconnect():
            return f"{step.socket}, AF_UNSPEC"
        case _:
            return step.socket
