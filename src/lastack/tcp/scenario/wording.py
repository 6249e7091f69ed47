"""A step of a scenario in the words of strace."""

from collections.abc import Sequence
from typing import Final

from lastack.tcp import scenario as plot

_LONGEST_WORD: Final = 32
"""Of a string, strace shows as many characters by default."""


def step_text(step: plot.Step) -> str:
    """What is being done, for a message."""
    if isinstance(step, plot.Call):
        return f"{step.program.name}'s {call_name(step)}({call_arguments(step)})"
    return type(step).__name__.lower()


def call_name(step: plot.Call) -> str:
    """The system call of a step, as strace names it."""
    names = {
        "Send": "sendto",
        "Receive": "recvfrom",
        "Option": "setsockopt",
        "SocketError": "getsockopt",
        "Disconnect": "connect",
        "Exit": "exit_group",
        "Run": "execve",
    }
    kind = type(step).__name__
    return names.get(kind, kind.lower())


def call_arguments(step: plot.Call) -> str:
    """The arguments of a step, as a person would shorten strace's."""
    match step:
        case plot.Listen(port=port, backlog=backlog):
            return f"{step.socket}, port {port}, {backlog}"
        case plot.Connect(port=port):
            return f"{step.socket}, port {port}"
        case plot.Bind(port=port):
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
        case plot.Run(command=command):
            return command_text(command)
        case _:
            return step.socket


def happening(step: plot.HostStep | plot.NetworkStep) -> str:
    """What happens to a host or on the path, for a line of a timeline."""
    match step:
        case plot.Vanish():
            return "power off"
        case plot.Reboot():
            return "power off and on: a new kernel that knows nothing"
        case plot.Sysctl(name=name, value=value):
            return f"sysctl {name}={value}"
        case plot.Unplug(what=what):
            return f"the {what} is gone"
        case plot.HostReject(how=how):
            return f"nft: the host refuses all TCP that comes in: {how}"
        case plot.Cut(towards=towards):
            return f"cut: nothing gets through {_towards(towards)}"
        case plot.Heal():
            return "healed: everything gets through again"
        case plot.Lose(towards=towards, kind=kind, count=count):
            return f"to be lost {_towards(towards)}: {_next(kind, count)}"
        case plot.Duplicate(towards=towards, kind=kind, count=count):
            return f"to arrive twice {_towards(towards)}: {_next(kind, count)}"
        case plot.Delay(seconds=seconds):
            return f"the delay is {seconds * 1000:g} ms from now on"
        case plot.Reject(towards=towards, how=how):
            return f"nft: a firewall refuses TCP {_towards(towards)}: {how}"
        case plot.Track(how=how):
            return f"nft: a firewall refuses what it does not know: {how}"
        case plot.Forget():
            return "conntrack -F: the table is empty"
        case plot.Translate():
            return "nft: a NAT stands for the server: dnat"
        case plot.Narrow(mtu=mtu):
            return f"packets of more than {mtu} octets are lost from now on"
        case _:
            return type(step).__name__.lower()


def _towards(direction: plot.Direction) -> str:
    return "both ways" if direction == "both" else f"towards the {direction}"


def _next(kind: plot.Kind, count: int) -> str:
    what = "segment" if kind == "any" else kind
    return f"the next {what}" if count == 1 else f"the next {count}: {what}"


def command_text(command: Sequence[str]) -> str:
    """A command in one line: its program by name, text as strace quotes it."""
    program, *words = command
    return " ".join([_name(program), *map(_word, words)])


def _word(word: str) -> str:
    if word.startswith("/"):
        return _name(word)
    if word.isprintable() and " " not in word:
        return word
    more = "..." if len(word) > _LONGEST_WORD else ""
    text = word[:_LONGEST_WORD].encode("unicode_escape").decode()
    return '"' + text.replace('"', '\\"') + f'"{more}'


def _name(path: str) -> str:
    return path.rpartition("/")[2]
