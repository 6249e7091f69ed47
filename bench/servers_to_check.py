"""Real servers for `bench/check_servers.py`: how each is configured and started.

Each runs on loopback with a configuration, a folder and a port of its own. A
server is added by a `Subject` more.
"""

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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
