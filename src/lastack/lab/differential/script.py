"""A sequence and what this kernel did as a packetdrill script.

It says what the kernel does, so it passes on the kernel and fails where the
simulator is wrong. Its last line is where the two part.
"""

from collections.abc import Iterator
from typing import Final

from lastack.lab.differential.shrink import Case
from lastack.lab.differential.steps import MS, Call, Planned
from lastack.lab.differential.wire import FIRST, options
from lastack.sim.packetdrill.subject import ERRNO
from lastack.tcp.flags import ACK, SYN, flags_text
from lastack.tcp.options import laid_out

_LISTENER: Final = 3
_CONNECTION: Final = 4
_SOON: Final = 3 * MS
_SLACK: Final = 8 * MS
_POLL: Final = "POLLIN|POLLPRI|POLLOUT|POLLRDHUP"
_LEVELS: Final = {"SO": "SOL_SOCKET", "TC": "SOL_TCP"}
_ERRORS: Final = {number: name for name, number in ERRNO.items()}


_STATES: Final = {
    "ESTABLISHED": "TCP_ESTABLISHED",
    "SYN_SENT": "TCP_SYN_SENT",
    "SYN_RECEIVED": "TCP_SYN_RECV",
    "FIN_WAIT_1": "TCP_FIN_WAIT1",
    "FIN_WAIT_2": "TCP_FIN_WAIT2",
    "TIME_WAIT": "TCP_CLOSE",
    "CLOSED": "TCP_CLOSE",
    "CLOSE_WAIT": "TCP_CLOSE_WAIT",
    "LAST_ACK": "TCP_LAST_ACK",
    "LISTEN": "TCP_LISTEN",
    "CLOSING": "TCP_CLOSING",
}


def script(case: Case, settings: dict[str, str]) -> str:
    """Return the script of a case; comments say how the kernels differ."""
    found = case.difference
    lines = [
        f"// {found.kind}",
        f"// sim     {found.simulated}",
        f"// kernel  {found.measured}",
    ]
    if case.measured.end > 900 * MS:
        pairs = " ".join(f"{name}={value}" for name, value in settings.items())
        lines.append(f"`sysctl -q {pairs}`")
    return "\n".join([*lines, *_lines(case)]) + "\n"


def size(text: str) -> int:
    """Return how many lines a script has without its comments."""
    return sum(not line.startswith("//") for line in text.splitlines())


def _lines(case: Case) -> Iterator[str]:
    measured, found = case.measured, case.difference
    time = base = 0
    first = True
    for index, step in enumerate(case.plan.steps):
        if isinstance(step.act, Call):
            texts = list(_call(case, index, step.act))
        else:
            texts = [_arriving(case, step.act)]
        for text in texts:
            when = "0" if first else _delta(time - base)
            if text.startswith("connect(") and text.endswith("= 0"):
                when += f"...{_delta(step.wait).removeprefix('+')}"
            yield f"{when} {text}"
            base, first = time, False
        for sent in measured.sent[index]:
            late = sent.time - measured.at[index]
            if late < _SOON:
                yield f"{_delta(time - base)} > {sent.script}"
                base = time
            else:
                early = max(time + late - base - _SLACK, 0)
                span = f"{_delta(early)}~{_delta(early + 2 * _SLACK)}"
                yield f"{span} > {sent.script}"
                base = time + late
        time += step.wait
    if ": state ->" in found.kind:
        yield f"+0 %{{ assert tcpi_state == {_STATES.get(found.measured, '?')} }}%"


def _delta(time: int) -> str:
    return "+" + (
        f"{max(time, 0) / 1e9:.3f}".rstrip("0").rstrip(".").lstrip("0") or "0"
    )


def _arriving(case: Case, act: Planned) -> str:
    flags = flags_text(act.flags) if act.flags else "-"
    text = f"< {flags} {act.seq}:{(act.seq + act.length) % (1 << 32)}({act.length})"
    if act.flags & ACK:
        text += f" ack {act.ack}"
    text += f" win {act.window}"
    echo = 0 if act.echo is None else FIRST + act.echo
    found = options(act, case.plan.sequence.offer, echo)
    written = ",".join(
        f"TS val {numbers[0]} ecr {numbers[1]}"
        if name == "TS"
        else " ".join([name, *map(str, numbers)])
        for name, numbers in laid_out(found)
    )
    return f"{text} <{written}>" if written else text


def _call(case: Case, index: int, act: Call) -> Iterator[str]:
    """Yield a call as C has it, with what the kernel returned."""
    result = case.measured.results[index]
    fd = _LISTENER if act.listener else _CONNECTION
    gives = f"-1 {result[1:]}" if result.startswith("-E") else result
    zero = gives if gives.startswith("-1") else "0"
    again = any(it == "-EAGAIN" for it in case.measured.results)
    quickly = "fcntl({}, F_SETFL, O_RDWR|O_NONBLOCK) = 0"
    match act.name:
        case "listen":
            yield f"socket(..., SOCK_STREAM, IPPROTO_TCP) = {_LISTENER}"
            yield f"bind({_LISTENER}, ..., ...) = 0"
            yield f"listen({_LISTENER}, 4) = {gives}"
            if _accept_fails(case):
                yield quickly.format(_LISTENER)
        case "socket" | "connect":
            if act.name == "socket" or not _has_socket(case, index):
                yield f"socket(..., SOCK_STREAM, IPPROTO_TCP) = {_CONNECTION}"
                if _waits(case, index):
                    yield f"connect({_CONNECTION}, ..., ...) = 0"
                    return
                yield quickly.format(_CONNECTION)
            if act.name == "connect":
                yield f"connect({_CONNECTION}, ..., ...) = {gives}"
        case "accept":
            good = result == "0"
            yield f"accept({_LISTENER}, ..., ...) = {_CONNECTION if good else gives}"
            if good and again:
                yield quickly.format(_CONNECTION)
        case "send":
            yield f"send({fd}, ..., {act.number}, MSG_NOSIGNAL) = {gives}"
        case "receive":
            flags = "|".join(filter(None, [act.option, "MSG_DONTWAIT"]))
            yield f"recv({fd}, ..., {act.number}, {flags}) = {gives}"
        case "shutdown":
            yield f"shutdown({fd}, {act.option}) = {gives}"
        case "setsockopt":
            level = _LEVELS[act.option[:2]]
            value = f"[{act.number}], 4"
            if act.option == "SO_LINGER":
                value = f"{{onoff=1, linger={act.number}}}, 8"
            yield f"setsockopt({fd}, {level}, {act.option}, {value}) = {gives}"
        case "SO_ERROR":
            value = _ERRORS.get(int(result), result) if result.isdecimal() else "0"
            yield f"getsockopt({fd}, SOL_SOCKET, SO_ERROR, [{value}], [4]) = {zero}"
        case "SIOCINQ" | "SIOCOUTQ" | "SIOCATMARK":
            value = result if result.isdecimal() else "0"
            yield f"ioctl({fd}, {act.name}, [{value}]) = {zero}"
        case "poll" if result.startswith("-"):
            return  # of no descriptor, which the language does not have
        case "poll":
            seen = "0" if result == "0" else result
            entry = f"[{{fd={fd}, events={_POLL}, revents={seen}}}]"
            yield f"poll({entry}, 1, 0) = {0 if result == '0' else 1}"
        case "close" if result == "waits":
            off = "{onoff=0, linger=0}, 8"  # for it would wait here
            yield f"setsockopt({fd}, SOL_SOCKET, SO_LINGER, {off}) = 0"
            yield f"close({fd}) = 0"
        case _:
            yield f"close({fd}) = {zero}"


def _waits(case: Case, index: int) -> bool:
    """Whether connect() may wait for the SYN-ACK, which is the next step."""
    steps = case.plan.steps
    if index + 1 >= len(steps) or "-EAGAIN" in case.measured.results:
        return False
    following = steps[index + 1].act
    return isinstance(following, Planned) and following.flags == SYN | ACK


def _accept_fails(case: Case) -> bool:
    return any(
        isinstance(step.act, Call) and step.act.name == "accept" and result != "0"
        for step, result in zip(case.plan.steps, case.measured.results, strict=True)
    )


def _has_socket(case: Case, index: int) -> bool:
    """Whether an earlier call made the connection's socket."""
    makers = {"socket", "connect", "accept"}
    return any(
        isinstance(step.act, Call) and step.act.name in makers and result != "-EAGAIN"
        for step, result in zip(
            case.plan.steps[:index], case.measured.results[:index], strict=True
        )
    )
