"""A scenario's steps in the words of strace."""

import pytest

from lastack.tcp.scenario import Call, client, server
from lastack.tcp.scenario.wording import call_arguments, call_name, command_text


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
