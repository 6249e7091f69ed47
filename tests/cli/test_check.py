"""The arguments, output and exit codes of `lastack check`."""

import argparse
import http.server
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import NoReturn

import pytest

from lastack.cli import check


class Quiet(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def target() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    check.add_arguments(parser)
    return check.run(parser.parse_args(words))


def test_good_is_exit_code_0(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A table on standard output, nothing on standard error, exit code 0."""
    assert run(target, "--probe", "close-after-answer") == 0
    out, err = capsys.readouterr()
    assert "then FIN" in out
    assert "1 good; 2 connections opened" in out
    assert err == ""


def test_bad_is_exit_code_1(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Something bad gives exit code 1, also as JSON, which names the reasons."""
    assert run(target, "--probe", "unread-request-body", "--json") == 1
    report = json.loads(capsys.readouterr().out)
    (finding,) = report["findings"]
    assert report["version"] == 1
    assert report["address"] == target
    assert finding["verdict"] == "bad"
    assert finding["probe"] == "unread-request-body"
    assert finding["change"]
    assert finding["observed"]["reset"] is True


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give HOST:PORT"),
        (["localhost"], "not HOST:PORT"),
        (["::1:80"], "not HOST:PORT"),
        (["127.0.0.1:0"], "not HOST:PORT"),
        (["127.0.0.1:80", "--path", "x"], "--path begins with /"),
        (["127.0.0.1:80", "--path", "/\r\nA: b"], "--path begins with /"),
        (["127.0.0.1:80", "--send", ""], "--send takes"),
        (["127.0.0.1:80", "--send", "\\q"], "unknown escape"),
        (["127.0.0.1:80", "--send", "@/nonexistent"], "nonexistent"),
        (["127.0.0.1:80", "--probe", "no-such"], "no probe 'no-such'"),
        (["127.0.0.1:80", "--burst", "200"], "at most 200 are allowed"),
        ([f"{'a' * 64}.example:80"], "no host can have that name\n"),
        (["192.0.2.1:80"], "say --yes"),
        (["[2001:db8::1]:80"], "say --yes"),
    ],
)
def test_wrong_usage_is_exit_code_2(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot or must not be done is refused in one line, before any packet."""
    assert run(*words) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert (out, err.count("\n")) == ("", 1)


def test_no_such_host(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads nowhere is told in the resolver's words, without numbers."""

    def unknown(*_: object, **__: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert run("nowhere.invalid:80") == 2
    said = capsys.readouterr().err
    assert said == "lastack check: 'nowhere.invalid': Name or service not known\n"


def test_nobody_listens(capsys: pytest.CaptureFixture[str]) -> None:
    """A refused connection is exit code 1 and one line."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert run(f"127.0.0.1:{port}") == 1
    assert "ECONNREFUSED" in capsys.readouterr().err


def test_without_privilege_a_probe_is_skipped(target: str, needs_root: None) -> None:
    """Without CAP_NET_ADMIN the vanished client is skipped with the reason."""
    unprivileged = [
        "setpriv",
        "--bounding-set",
        "-net_admin",
        "--inh-caps",
        "-net_admin",
    ]
    check_it = f"-m lastack check {target} --probe vanished-client --wait 0.2".split()
    done = subprocess.run(
        [*unprivileged, sys.executable, *check_it],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "skipped" in done.stdout or "not told" in done.stdout
    if "skipped" in done.stdout:
        assert "CAP_NET_ADMIN" in done.stdout


def test_escapes_of_send() -> None:
    r"""The escapes \n \r \t \0 \xHH and \\ become their bytes."""
    assert check._unescaped(rb"a\r\n\x00\0\\n\t") == b"a\r\n\0\0\\n\t"


def test_list_and_page(capsys: pytest.CaptureFixture[str]) -> None:
    """The probes are listed by name, and each explains itself."""
    assert run("--list") == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert "idle-close-race" in names
    assert run("--page", "idle-close-race") == 0
    assert "## What to change" in capsys.readouterr().out
