"""The lines that `lastack.check.traced_calls` prints."""

import io
import re
import socket

import pytest

from lastack.check.traced_calls import TracedCalls, named_address, named_events, quoted


def test_data_never_reach_the_terminal_raw() -> None:
    """Control bytes, escapes and quotes are shown as a C string does."""
    assert quoted(b'\x1b[2J\n"\\\xff') == r'"\x1b[2J\n\"\\\xff"'


def test_long_data_are_cut() -> None:
    """At most 16 bytes are shown, and an ellipsis says that there is more."""
    assert quoted(b"a" * 17) == '"aaaaaaaaaaaaaaaa"...'


def test_addresses_and_events_by_name() -> None:
    """An IPv6 address has brackets; a mask is spelled out."""
    assert named_address(("::1", 80, 0, 0)) == "[::1]:80"
    assert named_events(0x11) == "POLLIN|POLLHUP"
    assert named_events(0) == "0"


def test_a_failed_call_shows_its_errno_and_raises() -> None:
    """The line ends as truss's does, and the error still reaches the caller."""
    out = io.StringIO()
    calls = TracedCalls(out, clock=iter([5.0, 5.5, 6.0, 6.25]).__next__)
    sock = calls.open_socket(socket.AF_INET, socket.SOCK_STREAM)
    with pytest.raises(OSError, match="not connected"):
        calls.shutdown(sock, socket.SHUT_WR)
    number = sock.fileno()
    sock.close()
    lines = out.getvalue().splitlines()
    assert lines[0].split() == re.split(
        " ", f"0.0000 0.5000 socket(AF_INET, SOCK_STREAM, 0) = {number}"
    )
    assert lines[1].endswith(f"shutdown({number}, SHUT_WR) Err#107 ENOTCONN")
    assert lines[1].split()[:2] == ["1.0000", "0.2500"]


def test_without_output_nothing_is_written() -> None:
    """The calls work the same when no trace is wanted."""
    calls = TracedCalls(None)
    sock = calls.open_socket(socket.AF_INET, socket.SOCK_STREAM)
    calls.close(sock)
    assert sock.fileno() == -1
