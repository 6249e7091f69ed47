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
