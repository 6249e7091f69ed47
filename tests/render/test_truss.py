"""A timeline in the words of truss and netstat."""

import pytest

from lastack.cli import main
from lastack.render.timeline import timeline_lines
from lastack.tcp.error_numbers import ERROR_NUMBERS
from lastack.tcp.events import Call, SocketState

_LOCAL, _PEER = "192.0.2.1.40001", "192.0.2.129.8080"


def _lines(event: Call | SocketState, system: str = "illumos") -> list[str]:
    lines = timeline_lines([event], truss={"client": ERROR_NUMBERS[system]})
    return [line.split("client  ")[1] for line in lines]


@pytest.mark.parametrize(
    ("system", "text"),
    [
        ("linux", "Err#104 ECONNRESET"),
        ("freebsd", "Err#54 ECONNRESET"),
        ("macos", "Err#54 ECONNRESET"),
        ("illumos", "Err#131 ECONNRESET"),
        ("windows", "Err#10054 ECONNRESET"),
    ],
)
def test_an_error_has_its_system_s_number(system: str, text: str) -> None:
    """The same error is another number on each."""
    call = Call(0, "client", "client", "recvfrom", "a, 100", "-ECONNRESET")
    assert _lines(call, system) == [f"recvfrom(a, 100)            {text}"]


def test_a_call_that_blocks_sleeps_and_is_told_again() -> None:
    """Once when it begins to sleep, as truss prints it, and once when it returns."""
    call = Call(0, "client", "client", "recvfrom", "a, 9", "9", 2_000_000)
    assert _lines(call) == [
        "recvfrom(a, 9)              (sleeping...)",
        "recvfrom(a, 9)              = 9",
    ]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("ESTAB", "ESTABLISHED"),
        ("SYN-RECV", "SYN_RCVD"),
        ("FIN-WAIT-2", "FIN_WAIT_2"),
        ("CLOSE-WAIT", "CLOSE_WAIT"),
        ("gone", "(gone)"),
    ],
)
def test_a_socket_is_a_line_of_netstat(state: str, shown: str) -> None:
    """Protocol, Recv-Q, Send-Q, both ends, and netstat's name of the state."""
    event = SocketState(0, "client", _LOCAL, _PEER, state, 1, 201)
    assert _lines(event) == [f"tcp4     1   201 {_LOCAL} {_PEER} {shown}"]


def test_a_listener_has_any_peer() -> None:
    """What ss prints as one star is two in netstat: any address, any port."""
    event = SocketState(0, "client", _LOCAL, "*", "LISTEN", 0, 128)
    assert _lines(event) == [f"tcp4     0   128 {_LOCAL} *.* LISTEN"]


def test_a_run_speaks_so_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """--truss, each host with its own system's numbers, at 80 columns."""
    words = ["--client-os", "illumos", "--server-os", "freebsd", "--truss"]
    assert main(["sim", "run", "killed-client", *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("server  recvfrom(a, 65536)          Err#54" in line for line in lines)
    assert any("client  tcp4" in line for line in lines)
    assert not any("<unfinished" in line for line in lines)
    assert all(len(line) <= 80 for line in lines)
