"""The run of all probes and the table of what they told."""

import re
import socket
from collections.abc import Callable

import pytest
from tests.check.servers import SETTINGS, Behaviour, RunningServer

from lastack.check import probes
from lastack.check.connection import MAX_RECEIVED, End
from lastack.check.examination import (
    Finding,
    NoAnswerError,
    Report,
    examine,
    planned_connections,
)
from lastack.check.http import Http
from lastack.check.probe import Verdict
from lastack.check.probes import idle_close_race, unread_request_body
from lastack.check.server import Server, Settings, TooManyConnectionsError
from lastack.check.speech import Raw
from lastack.check.table import table

HEADINGS = ["## What it does", "## Why it matters", "## What to change"]


@pytest.mark.parametrize("name", probes.load())
def test_each_probe_is_a_page(name: str) -> None:
    """A probe's page says what it does, why it matters and what to change."""
    page = probes.page(name)
    assert re.findall("^## .*$", page, re.MULTILINE) == HEADINGS
    assert max(map(len, page.splitlines())) <= 80
    assert len(probes.load()[name].title) <= 54


def test_rough_probes_come_last() -> None:
    """What may shake a weak server runs after all that measures it."""
    rough = [probe.rough for probe in probes.load().values()]
    assert rough == sorted(rough)
    assert any(rough)


def test_too_many_connections_are_refused_before_the_first() -> None:
    """A plan beyond the limit is refused with nothing sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = ("127.0.0.1", listener.getsockname()[1])
        server = Server(socket.AF_INET, address, Http("x"), SETTINGS, limit=40)
        with pytest.raises(TooManyConnectionsError, match="at most 40"):
            examine(server, probes.load(), "x")
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_the_default_plan_is_within_the_limit() -> None:
    """What a check does by default stays below 200 connections."""
    server = Server(socket.AF_INET, ("127.0.0.1", 1), Http("x"), Settings())
    assert planned_connections(server, probes.load().values()) <= 200


def test_a_probe_cannot_open_more_than_the_limit() -> None:
    """The limit holds for each connection, whatever the plan said."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = ("127.0.0.1", listener.getsockname()[1])
        server = Server(socket.AF_INET, address, Http("x"), SETTINGS, limit=1)
        server.connect().sock.close()
        with pytest.raises(TooManyConnectionsError):
            server.connect()


def test_no_server_is_one_line() -> None:
    """A refused connection and a mute server end the check with a sentence."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = ("127.0.0.1", listener.getsockname()[1])
        mute = Server(socket.AF_INET, address, Http("x"), Settings(patience=0.2))
        with pytest.raises(NoAnswerError, match="said nothing more"):
            examine(mute, {}, "x")
    gone = Server(socket.AF_INET, address, Http("x"), SETTINGS)
    with pytest.raises(NoAnswerError, match="ECONNREFUSED"):
        examine(gone, {}, "x")


def test_an_endless_answer_is_cut_off(
    start: Callable[[Behaviour], RunningServer],
) -> None:
    """A server that never stops sending costs bounded memory and time."""

    class Endless(Behaviour):
        def answer(self, sock: socket.socket, *, close: bool) -> None:
            del close
            sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while True:
                sock.sendall(b"1\r\nx\r\n" * 10000)

    address = ("127.0.0.1", start(Endless()).port)
    server = Server(socket.AF_INET, address, Http("x"), Settings(patience=60))
    with pytest.raises(NoAnswerError, match="no whole answer"):
        examine(server, {}, "x")
    with server.connect() as connection:
        server.ask(connection)
        got = connection.receive(60)
    assert MAX_RECEIVED < len(got.data) < MAX_RECEIVED + (1 << 20)


def test_a_raw_protocol_is_learnt_from_its_first_answer(
    start: Callable[[Behaviour], RunningServer],
) -> None:
    """With bytes of the user's own, an answer is whole at the first one's length."""

    class Echo(Behaviour):
        def converse(self, sock: socket.socket) -> None:
            while data := sock.recv(1000):
                sock.sendall(data)

    address = ("127.0.0.1", start(Echo()).port)
    server = Server(socket.AF_INET, address, Raw(b"PING\r\n"), SETTINGS)
    chosen = ("half-close-after-request", "client-closes-first", "close-after-answer")
    report = examine(server, {name: probes.load()[name] for name in chosen}, "x")
    assert isinstance(server.speech, Raw)
    assert (server.speech.answer_length, server.speech.persistent) == (6, True)
    told = {each.probe: each.verdict for each in report.findings}
    assert told == {
        "half-close-after-request": Verdict.GOOD,
        "client-closes-first": Verdict.GOOD,
        "close-after-answer": Verdict.NOT_TOLD,  # nothing obliges it to close
    }


def test_the_table_keeps_to_80_columns() -> None:
    """Rows, reasons and summary wrap; each verdict of the report is in it."""
    long = "word " * 40
    findings = [
        Finding(
            probe=verdict.name,
            did=long,
            server_did=long,
            verdict=verdict,
            why=long,
            change=long,
            observed=None,
        )
        for verdict in Verdict
    ]
    report = Report(1, "h" * 60 + ":80", "192.0.2.1:80", "HTTP/1.1 GET /", 7, findings)
    text = table(report)
    assert max(map(len, text.splitlines())) <= 80
    assert "1 good, 1 bad, 1 not told, 1 skipped; 7 connections opened" in text
    assert "\x1b" not in text
    assert "\x1b[1;31mBAD\x1b[0m" in table(report, colour=True)


def test_the_table_line_by_line() -> None:
    """Two columns side by side, the verdict in the first line, reasons below."""
    finding = Finding(
        probe="x",
        did="connects, says nothing, and waits",
        server_did="closes after 5.0 s",
        verdict=Verdict.BAD,
        why="because " * 9,
        change="",
        observed=None,
    )
    speech = "HTTP/1.1 GET /"
    report = Report(1, "host:80", "192.0.2.1:80", speech, 2, [finding])
    assert table(report).splitlines() == [
        "host:80 (192.0.2.1:80), HTTP/1.1 GET /",
        "",
        f"{'lastack':<28}  {'the server':<40}  verdict",
        f"{'-' * 28}  {'-' * 40}  {'-' * 8}",
        f"{'connects, says nothing, and':<28}  {'closes after 5.0 s':<40}  BAD",
        "waits",
        "  why it matters: because because because because because because because",
        "                  because because",
        "",
        "1 bad; 2 connections opened",
    ]
    same = Report(1, "192.0.2.1:80", "192.0.2.1:80", speech, 2, [finding])
    assert table(same).startswith("192.0.2.1:80, HTTP/1.1 GET /\n")


RACE = {
    "closed late enough": (60.0, None, True, Verdict.GOOD),
    "short and silent": (5.0, None, True, Verdict.BAD),
    "short, announced": (5.0, 5.0, True, Verdict.GOOD),
    "short, lingers": (5.0, None, False, Verdict.GOOD),
    "announced too long": (5.0, 6.0, False, Verdict.BAD),
}


@pytest.mark.parametrize(
    ("after", "announced", "late_reset", "verdict"), RACE.values(), ids=list(RACE)
)
def test_judgement_of_an_idle_close(
    after: float, announced: float | None, late_reset: bool, verdict: Verdict
) -> None:
    """A race that clients can neither avoid nor lose cleanly is bad, no other."""
    seen = idle_close_race.Race(
        persistent=True, closed_after=after, announced=announced, late_reset=late_reset
    )
    assert idle_close_race.judge(seen, Settings()).verdict is verdict


def test_judgement_of_many_raw_requests() -> None:
    """For a protocol without framing a stalled sender proves nothing."""
    seen = unread_request_body.BodySent(
        5, 10, False, "answered", True, End.OPEN, 1.0, framed=False
    )
    verdict = unread_request_body.judge(seen, Settings()).verdict
    assert verdict is Verdict.NOT_TOLD
