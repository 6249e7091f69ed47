"""A scenario's steps in the words of strace."""

import pytest

from lastack import scenarios
from lastack.tcp import scenario as plot
from lastack.tcp.scenario import Call, client, network, server, server_host
from lastack.tcp.scenario.wording import (
    call_arguments,
    call_name,
    command_text,
    happening,
)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (server.listen(), "listen(listener, port 8080, 128)"),
        (client.connect(), "connect(a, port 8080)"),
        (server.accept("b"), "accept(listener)"),
        (client.send(5, out_of_band=True), "sendto(a, 5, MSG_OOB)"),
        (
            client.receive(9, peek=True, wait=False),
            "recvfrom(a, 9, MSG_PEEK, MSG_DONTWAIT)",
        ),
        (client.shutdown("RD"), "shutdown(a, SHUT_RD)"),
        (client.linger(0), "setsockopt(a, SO_LINGER, {1, 0})"),
        (client.linger(-1), "setsockopt(a, SO_LINGER, {0, 0})"),
        (client.error(), "getsockopt(a, SO_ERROR)"),
        (client.disconnect(), "connect(a, AF_UNSPEC)"),
        (client.close(), "close(a)"),
    ],
)
def test_a_call_is_written_as_strace_writes_it(step: Call, words: str) -> None:
    """The system call's name, and the arguments that matter."""
    assert f"{call_name(step)}({call_arguments(step)})" == words


def test_a_command_is_one_line() -> None:
    """Programs by name, and text quoted, escaped and cut as by strace."""
    assert command_text(["/usr/bin/python3", "/a/b.py", "10.0.0.1", "80"]) == (
        "python3 b.py 10.0.0.1 80"
    )
    program = 'import socket\nprint("\x1b[31m")\n' + "x" * 30
    text = command_text(["python3", "-c", program])
    assert text == r'python3 -c "import socket\nprint(\"\x1b[31m\")\nxxx"...'
    assert text.isprintable()


def test_what_happens_is_told_in_a_few_words() -> None:
    """To whom, and what will come of it."""
    assert [
        happening(it)
        for it in (
            server_host.sysctl("tcp_retries2", 3),
            network.cut("client"),
            network.lose("server", "FIN"),
            network.duplicate("client", "any", 2),
            network.delay(0.05),
        )
    ] == [
        "sysctl net.ipv4.tcp_retries2=3",
        "cut: nothing gets through towards the client",
        "to be lost towards the server: the next FIN",
        "to arrive twice towards the client: the next 2: segment",
        "the delay is 50 ms from now on",
    ]


def test_every_step_of_the_scenarios_has_words() -> None:
    """None falls back on the name of its class, but what is told by what it does."""
    steps = {
        type(step): step
        for slug in scenarios.names()
        for step in scenarios.load(slug).steps()
        if isinstance(step, plot.HostStep | plot.NetworkStep)
    }
    wordless = {
        kind for kind, step in steps.items() if happening(step) == kind.__name__.lower()
    }
    assert wordless == {plot.DestroySocket, plot.Forge}
