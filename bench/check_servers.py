"""Run `lastack check` on real servers and write what it found as docs/check.md.

Each server runs on loopback with a configuration and a port of its own and is
stopped afterwards: nginx, lighttpd, Apache httpd and Node from Debian, uvicorn and
gunicorn from PyPI, Python's http.server. One that is not installed is left out, and
the page says so. Each probe runs under tcpdump, and a bad verdict stands beside the
packets of the connection which it is about.

    sudo python bench/check_servers.py --write docs/check.md

It takes about ten minutes, most of them waiting for servers to close of their own
accord. Root is for tcpdump and the vanished client.
"""

import argparse
import contextlib
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

SRC = Path(__file__).parents[1] / "src"
PROBES = SRC / "lastack" / "check" / "probes"
BEGIN = "<!-- results: written by bench/check_servers.py -->"
END = "<!-- end of the results -->"
ANSWER_BYTES = 50_000
"""Length of the answer of each server: longer than a stalled client's window."""

WORK_SECONDS = 0.02
"""What the applications take for an answer."""

ASGI = f"""
import asyncio
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    status, body = 200, b"x" * {ANSWER_BYTES}
    if scope["method"] == "POST":
        status, body = 413, b"too large"
    else:
        await asyncio.sleep({WORK_SECONDS})
    length = str(len(body)).encode()
    await send({{"type": "http.response.start", "status": status,
                "headers": [(b"content-length", length)]}})
    await send({{"type": "http.response.body", "body": body}})
"""

WSGI = f"""
import time
def app(environ, start_response):
    status, body = "200 OK", b"x" * {ANSWER_BYTES}
    if environ["REQUEST_METHOD"] == "POST":
        status, body = "413 Content Too Large", b"too large"
    else:
        time.sleep({WORK_SECONDS})
    start_response(status, [("Content-Length", str(len(body)))])
    return [body]
"""

NODE = f"""
const http = require("http");
http.createServer((request, response) => {{
  const large = request.method === "POST";
  const body = large ? "too large" : "x".repeat({ANSWER_BYTES});
  const answer = () => {{
    response.writeHead(large ? 413 : 200, {{"Content-Length": body.length}});
    response.end(body);
  }};
  if (large) answer(); else setTimeout(answer, {WORK_SECONDS * 1000});
}}).listen(Number(process.argv[2]), "127.0.0.1");
"""

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
worker_processes 1;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""

LIGHTTPD = """
server.document-root = "{folder}/www"
server.bind = "127.0.0.1"
server.port = {port}
index-file.names = ( "index.html" )
server.upload-dirs = ( "{folder}" )
server.errorlog = "{folder}/error.log"
"""

APACHE = """
ServerRoot {folder}
ServerName localhost
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
DefaultRuntimeDir {folder}
Listen 127.0.0.1:{port}
User www-data
Group www-data
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
LoadModule reqtimeout_module /usr/lib/apache2/modules/mod_reqtimeout.so
DirectoryIndex index.html
DocumentRoot {folder}/www
"""


class Subject(NamedTuple):
    """A server to be checked."""

    name: str
    installed: bool
    setting: str
    """What was configured, for the page."""
    files: dict[str, str]
    """Configuration by file name; {folder} and {port} are filled in."""
    command: str
    """What starts it; {python}, {folder} and {port} are filled in."""
    version: str


def _program(name: str) -> bool:
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is not None


def _module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _words(command: str, **places: str) -> list[str]:
    return [word.format(python=sys.executable, **places) for word in command.split()]


def subjects() -> Iterator[Subject]:
    """Yield all servers, installed or not."""
    refuses = "POST is answered 413 with the body unread"
    yield Subject(
        "nginx",
        _program("nginx"),
        "a static file; its defaults",
        {"nginx.conf": NGINX},
        "nginx -c {folder}/nginx.conf -p {folder}",
        "nginx -v",
    )
    yield Subject(
        "lighttpd",
        _program("lighttpd"),
        "a static file; its defaults",
        {"lighttpd.conf": LIGHTTPD},
        "lighttpd -D -f {folder}/lighttpd.conf",
        "lighttpd -v",
    )
    yield Subject(
        "Apache httpd",
        _program("apache2"),
        "a static file, mpm_event, mod_reqtimeout; its defaults",
        {"apache.conf": APACHE},
        "apache2 -D FOREGROUND -f {folder}/apache.conf",
        "apache2 -v",
    )
    yield Subject(
        "Node http",
        _program("node"),
        f"http.createServer; its defaults; {refuses}",
        {"server.js": NODE},
        "node {folder}/server.js {port}",
        "node --version",
    )
    yield Subject(
        "uvicorn",
        _module("uvicorn"),
        f"an ASGI application; its defaults; {refuses}",
        {"asgi.py": ASGI},
        "{python} -m uvicorn --app-dir {folder} --port {port} --log-level critical "
        "asgi:app",
        "{python} -m uvicorn --version",
    )
    for worker in ("sync", "gthread --threads 8"):
        name = worker.split()[0]
        yield Subject(
            f"gunicorn, {name} worker",
            _module("gunicorn"),
            f"a WSGI application, -k {worker}; {refuses}",
            {"wsgi.py": WSGI},
            "{python} -m gunicorn --chdir {folder} -b 127.0.0.1:{port} -k "
            + worker
            + " --log-level critical wsgi:app",
            "{python} -m gunicorn --version",
        )
    yield Subject(
        "Python http.server",
        True,
        "python -m http.server with a file",
        {},
        "{python} -m http.server -b 127.0.0.1 -d {folder}/www {port}",
        "{python} --version",
    )


@contextlib.contextmanager
def running(subject: Subject) -> Iterator[int]:
    """Start a server in a folder and process group of its own; yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # Apache's workers are another user
        (Path(folder) / "www").mkdir()
        (Path(folder) / "www" / "index.html").write_text("x" * ANSWER_BYTES)
        for name, text in subject.files.items():
            if "{folder}" in text:
                text = text.format(folder=folder, port=port)
            (Path(folder) / name).write_text(text)
        environment = dict(os.environ)
        environment["PATH"] += ":/usr/sbin"
        process = subprocess.Popen(
            _words(subject.command, folder=folder, port=str(port)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        try:
            _wait_until_listening(port, process)
            yield port
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


def _wait_until_listening(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(400):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.025)
        else:
            time.sleep(0.5)  # its workers start after it listens
            return
    raise RuntimeError("the server did not listen within 10 s")


CHECK = """
import argparse, sys
from lastack.cli import check
parser = argparse.ArgumentParser()
check.add_arguments(parser)
sys.exit(check.run(parser.parse_args()))
"""


def check(port: int, wait: float, *more: str) -> dict[str, Any]:
    """Run `lastack check --json` in a process of its own and return its report."""
    command = [sys.executable, "-c", CHECK, f"127.0.0.1:{port}", "--json"]
    done = subprocess.run(
        [*command, "--wait", str(wait), *more],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SRC)},
        check=False,
    )
    if not done.stdout:
        raise RuntimeError(done.stderr.strip())
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def captured(port: int, action: Callable[[], object]) -> list[str]:
    """Return tcpdump's lines of all packets of `port` during `action`."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        file = f"{folder}/packets.pcap"
        process = subprocess.Popen(
            [
                "tcpdump",
                "--immediate-mode",
                "-i",
                "lo",
                "-U",
                "-s",
                "128",
                "-w",
                file,
                f"tcp port {port}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            assert process.stderr is not None
            process.stderr.readline()  # "listening on lo": it captures from here on
            time.sleep(0.3)
            action()
            time.sleep(0.5)
        finally:
            process.terminate()
            process.communicate()
        done = subprocess.run(
            ["tcpdump", "-n", "-ttttt", "-r", file],
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout.splitlines()


LINE = re.compile(
    r"\s*00:(\d\d):(\d+\.\d+) IP [\d.]+\.(\d+) > [\d.]+\.(\d+): "
    r"(Flags \[[^]]+\](?:, seq [\d:]+)?(?:, ack \d+)?(?:, win \d+)?).*?"
    r"(, length \d+).*"
)


def evidence(port: int, lines: list[str], probe: str) -> list[str]:
    """Return the packets of the one connection that a bad verdict is about.

    That is the first with a reset; for the accept queue the one that took longest;
    else the second, after the normal exchange. Its middle is left out.
    """
    streams: dict[int, list[tuple[float, str]]] = {}
    for line in lines:
        if (found := LINE.match(line)) is None:
            continue
        source, target = int(found[3]), int(found[4])
        client = target if source == port else source
        way = "C > S" if source == client else "S > C"
        text = f"{way}: {found[5]}{found[6]}"
        at = 60 * int(found[1]) + float(found[2])
        streams.setdefault(client, []).append((at, text))
    chosen = list(streams.values())[1:]
    if not chosen:
        return []
    resets = [each for each in chosen if any("[R" in text for _, text in each)]
    stream = (resets or chosen)[0]
    if probe == "accept-queue":
        stream = max(chosen, key=lambda each: each[-1][0] - each[0][0])
    begun = stream[0][0]
    shown = [f"{at - begun:9.6f} {text}" for at, text in stream]
    if len(shown) > 14:
        shown = [*shown[:5], f"     ... {len(shown) - 13} more ...", *shown[-8:]]
    return shown


def version(subject: Subject) -> str:
    """Return the number that the server names as its version."""
    done = subprocess.run(
        _words(subject.version),
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"},
        check=False,
    )
    found = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
    return found[0] if found else "version unknown"


PATIENT = ("idle-close-race", "silent-client", "vanished-client")
"""Probes that mostly wait: they run on all servers at once."""


class Result(NamedTuple):
    """What one probe told of one server, and the packets of a bad one."""

    server_did: str
    verdict: str
    why: str
    packets: list[str]


def examined(port: int, name: str, wait: float) -> Result:
    """Run one probe under tcpdump."""
    reports: list[dict[str, Any]] = []
    lines = captured(port, lambda: reports.append(check(port, wait, "--probe", name)))
    finding = reports[0]["findings"][0]
    bad = finding["verdict"] == "bad"
    return Result(
        finding["server_did"],
        finding["verdict"],
        finding["why"],
        evidence(port, lines, name) if bad else [],
    )


def main() -> int:
    """Check all servers and write what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="write into this page")
    parser.add_argument("--only", help="only servers whose name has this in it")
    parser.add_argument("--wait", type=float, default=125.0)
    arguments = parser.parse_args()
    names = sorted(path.stem.replace("_", "-") for path in PROBES.glob("[a-z]*.py"))
    chosen = [each for each in subjects() if (arguments.only or "") in each.name]
    results: dict[str, dict[str, Result]] = {each.name: {} for each in chosen}
    with contextlib.ExitStack() as stack:
        ports = {
            each.name: stack.enter_context(running(each))
            for each in chosen
            if each.installed
        }
        for server, port in ports.items():
            for name in names:
                if name not in PATIENT:
                    sys.stderr.write(f"{server}: {name}\n")
                    results[server][name] = examined(port, name, 10.0)

        def wait_for(server: str) -> None:
            for name in PATIENT:
                found = examined(ports[server], name, arguments.wait)
                results[server][name] = found
                sys.stderr.write(f"{server}: {name}\n")

        with ThreadPoolExecutor(len(ports)) as pool:
            list(pool.map(wait_for, ports))
    text = page(chosen, names, results)
    if arguments.write is None:
        sys.stdout.write(text)
        return 0
    before, _, rest = arguments.write.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    arguments.write.write_text(f"{before}{BEGIN}\n{text}{END}{after}")
    return 0


def page(
    chosen: list[Subject], names: list[str], results: dict[str, dict[str, Result]]
) -> str:
    """Return the legend, one table, and each bad verdict with its packets."""
    lines = [""]
    letters = dict(zip((each.name for each in chosen), "ABCDEFGH", strict=False))
    for subject in chosen:
        about = version(subject) if subject.installed else "not installed"
        text = f"- {letters[subject.name]}: {subject.name} {about}; {subject.setting}"
        lines += textwrap.wrap(text, 80, subsequent_indent="  ")
    header = " " * 26 + "".join(f"{letter:<6}" for letter in letters.values())
    lines += ["", "```text", header.rstrip()]
    marks = {"good": "good", "bad": "BAD", "not told": "-", "skipped": "skip"}
    for name in names:
        cells = [results[each.name].get(name) for each in chosen]
        row = "".join(f"{marks[c.verdict] if c else '':<6}" for c in cells)
        lines.append(f"{name:<26}{row}".rstrip())
    lines += ["```", ""]
    for name in names:
        lines += [f"### {name}", "", "```text"]
        for subject in chosen:
            if (found := results[subject.name].get(name)) is None:
                continue
            did = (
                f"{letters[subject.name]} {marks[found.verdict]:<5} {found.server_did}"
            )
            lines += textwrap.wrap(did, 80, subsequent_indent=" " * 8)
        lines += ["```", ""]
        for subject in chosen:
            found = results[subject.name].get(name)
            if found is not None and found.packets:
                lines += [f"{subject.name}, the packets (C the client, S the server):"]
                lines += ["", "```text", *found.packets, "```", ""]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
