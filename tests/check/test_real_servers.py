"""Probes on real servers: what docs/check.md says of them is what they do."""

import socket

import pytest
from bench.servers_to_check import Subject, running, subjects
from tests.skipping import unavailable

from lastack.check import probes
from lastack.check.examination import examine
from lastack.check.http import Http
from lastack.check.probe import Verdict
from lastack.check.server import Server, Settings

SUBJECTS = {subject.name: subject for subject in subjects()}
SETTINGS = Settings(wait=0.5, patience=2.0)

TOLD = [
    ("nginx", "unread-request-body", Verdict.GOOD, "answered 413"),
    ("nginx", "half-close-after-request", Verdict.GOOD, "answered 200"),
    ("lighttpd", "data-after-server-fin", Verdict.GOOD, "lingers"),
    ("Apache httpd", "data-after-server-fin", Verdict.GOOD, "lingers"),
    ("Node http", "half-close-after-request", Verdict.BAD, "without a whole answer"),
    ("Node http", "unread-request-body", Verdict.BAD, "reset"),
    ("uvicorn", "half-close-after-request", Verdict.BAD, "without a whole answer"),
    ("uvicorn", "unread-request-body", Verdict.BAD, "reset"),
    ("gunicorn, sync worker", "silent-client", Verdict.BAD, "nobody else"),
    ("gunicorn, gthread worker", "half-close-after-request", Verdict.GOOD, "200"),
    ("Python http.server", "unread-request-body", Verdict.BAD, "answered 501"),
    ("Python http.server", "accept-queue", Verdict.BAD, "retry of TCP's"),
]


@pytest.mark.parametrize(
    ("name", "probe", "verdict", "said"), TOLD, ids=[f"{n}-{p}" for n, p, _, _ in TOLD]
)
def test_a_real_server(
    name: str,
    probe: str,
    verdict: Verdict,
    said: str,
) -> None:
    """A server from Debian or PyPI gets the verdict that its packets confirm."""
    subject: Subject = SUBJECTS[name]
    if not subject.installed:
        unavailable(f"needs {name}, which is not installed")
    with running(subject) as port:
        speech = Http(f"127.0.0.1:{port}")
        server = Server(socket.AF_INET, ("127.0.0.1", port), speech, SETTINGS)
        report = examine(server, {probe: probes.load()[probe]}, name)
    (finding,) = report.findings
    assert (finding.verdict, said in finding.server_did) == (verdict, True), finding
