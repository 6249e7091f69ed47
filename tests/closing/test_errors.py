"""explain_error and retry_safe."""

import asyncio
import errno
import http.client
import os
import socket
import subprocess
import sys
import time

import pytest

from lastack.closing import RequestNotDoneError, abort, explain_error, retry_safe
from lastack.closing.errors import TABLE, main

from .namespaces import Pair


def error_of(call: object) -> OSError:
    assert callable(call)
    with pytest.raises(OSError) as caught:  # noqa: PT011
        call()
    return caught.value


def test_a_reset_read(pair: Pair) -> None:
    """A real ECONNRESET is explained by its name."""
    abort(pair.server)
    error = error_of(lambda: pair.client.recv(1))
    assert explain_error(error).name == "ECONNRESET"


@pytest.mark.skipif(sys.platform != "linux", reason="a claim about Linux")
def test_after_eof_only_epipe_tells(pair: Pair) -> None:
    """The claim in EPIPE's text: after EOF and RST, reads go on saying EOF."""
    pair.server.close()
    assert pair.client.recv(1) == b""
    pair.client.send(b"into the void")
    time.sleep(0.05)
    assert pair.client.recv(1) == b""
    error = error_of(lambda: pair.client.send(b"again"))
    assert explain_error(error).name == "EPIPE"
    assert any("only sign" in text for text in explain_error(error).proves)


def test_a_refused_connection() -> None:
    """A closed port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    error = error_of(lambda: socket.create_connection(address))
    assert explain_error(error).name == "ECONNREFUSED"


def test_one_s_own_timeout_is_not_the_kernel_s(pair: Pair) -> None:
    """settimeout() raises TimeoutError too, but the connection lives."""
    pair.client.settimeout(0.01)
    error = error_of(lambda: pair.client.recv(1))
    assert isinstance(error, TimeoutError)
    assert explain_error(error).name == "LOCAL TIMEOUT"
    assert explain_error(TimeoutError(errno.ETIMEDOUT, "x")).name == "ETIMEDOUT"


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (None, "EOF"),
        (EOFError(), "EOF"),
        (asyncio.IncompleteReadError(b"", 1), "EOF"),
        (http.client.RemoteDisconnected("x"), "EOF"),
        (ConnectionResetError("Connection lost"), "LOST"),
        (OSError(errno.ENETDOWN, "x"), "ENETUNREACH"),
        (errno.EPIPE, "EPIPE"),
        ("econnreset", "ECONNRESET"),
        (os.strerror(errno.EHOSTUNREACH), "EHOSTUNREACH"),
    ],
)
def test_what_is_understood(error: BaseException | int | str | None, name: str) -> None:
    """Exceptions, numbers, names, strerror's text, None for end of file."""
    assert explain_error(error).name == name


def test_the_cause_below_a_library_s_error_is_found() -> None:
    """requests, httpx, aiohttp wrap the OSError: it is looked for."""
    below = ConnectionResetError(errno.ECONNRESET, "x")
    error = RuntimeError("connection pool")
    error.__cause__ = below
    assert explain_error(error).name == "ECONNRESET"


@pytest.mark.parametrize(
    "error", [ValueError("x"), "EFOO", 99999, OSError(errno.EPERM, "x")]
)
def test_what_is_no_error_of_a_connection(error: BaseException | int | str) -> None:
    """LookupError, in one line."""
    with pytest.raises(LookupError):
        explain_error(error)


def test_the_table_fits_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Every explanation has all its parts, within 80 columns."""
    assert main([]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    for label in ("proves", "not", "do"):
        assert text.count(f"\n  {label:<8} ") >= len(TABLE)
    for explanation in TABLE.values():
        assert explanation.proves
        assert explanation.does_not_prove
        assert explanation.do


def test_the_command() -> None:
    """`python -m lastack.closing.errors`: names, and a one-line error with 2."""
    words = [sys.executable, "-m", "lastack.closing.errors"]
    good = subprocess.run(
        [*words, "EPIPE", "104"], check=False, capture_output=True, text=True
    )
    assert good.returncode == 0
    assert good.stdout.startswith("EPIPE: ")
    bad = subprocess.run(
        [*words, "\x1b[31mEFOO"], check=False, capture_output=True, text=True
    )
    assert bad.returncode == 2
    assert bad.stdout == ""
    assert len(bad.stderr.splitlines()) == 1
    assert "\x1b" not in bad.stderr


RESET = ConnectionResetError(errno.ECONNRESET, "reset")


@pytest.mark.parametrize(
    ("error", "sent", "total", "safe"),
    [
        (RESET, 0, None, True),
        (RESET, 10, None, False),
        (RESET, 9, 10, True),
        (RESET, 10, 10, False),
        (BrokenPipeError(errno.EPIPE, "x"), 10, 10, False),
        (EOFError(), 10, 10, False),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), 10, 10, True),
        (TimeoutError(), 10, 10, False),
        (RequestNotDoneError(), 10, 10, True),
    ],
)
def test_retry_only_what_is_proved(
    error: Exception, sent: int, total: int | None, safe: bool
) -> None:
    """True only where the peer cannot have acted on a whole request."""
    assert retry_safe(error, sent, total=total) is safe
    assert retry_safe(error, sent, total=total, idempotent=True)


def test_impossible_counts_are_refused() -> None:
    """More sent than there is."""
    with pytest.raises(ValueError, match="impossible"):
        retry_safe(RESET, 11, total=10)
