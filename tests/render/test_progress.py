"""The bar on standard error: on a terminal, after a second, and safe to look at."""

import io
import os
import pty
import sys

import pytest

from lastack.render import progress
from lastack.render.progress import Progress


def shown(monkeypatch: pytest.MonkeyPatch, name: str, *, wanted: bool) -> bytes:
    """Return what a terminal gets of a bar that waits for nothing."""
    terminal, end = pty.openpty()
    with os.fdopen(end, "w") as stderr, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stderr)
        patch.setattr(progress, "_QUIET_FOR", -1.0)
        patch.setenv("TERM", "xterm")
        with Progress(name, wanted=wanted) as bar:
            bar.moved(5, 10)
        stderr.write("end")
        stderr.flush()
        octets = b""
        while not octets.endswith(b"end"):
            octets += os.read(terminal, 1 << 16)
    os.close(terminal)
    return octets


def test_a_bar_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """It bears the file's name."""
    assert b"a.pcap" in shown(monkeypatch, "a.pcap", wanted=True)


def test_a_hostile_name_is_shown_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    """An escape in a file's name does not reach the terminal."""
    octets = shown(monkeypatch, "\x1b]0;gone\x07.pcap", wanted=True)
    assert rb"\x1b]0;gone\x07.pcap" in octets
    assert b"\x1b]" not in octets


def test_quiet_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """With --quiet nothing is shown."""
    assert shown(monkeypatch, "a.pcap", wanted=False) == b"end"


def test_no_terminal_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where standard error is a file nothing is shown."""
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr(progress, "_QUIET_FOR", -1.0)
    with Progress("a.pcap", wanted=True) as bar:
        bar.moved(5, 10)
    assert not stderr.getvalue()
