"""HTTP/1.1 as far as a probe needs it: a request, and where an answer ends.

Framing is RFC 9112 section 6: no body for 1xx, 204 and 304, else chunks, else
Content-Length, else all until the end of the connection.
"""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from lastack.check.speech import Answer

MAX_HEAD: Final = 65536
"""Bytes in which an answer's head must end; more is not HTTP."""

MAX_CHUNKS: Final = 16384
"""Chunks that are stepped over; an answer with more is never called complete."""

_STATUS: Final = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: |\r?$)")
_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
_TIMEOUT: Final = re.compile(rb"timeout\s*=\s*\"?(\d{1,6})\b")
_INCOMPLETE: Final = Answer(complete=False)


class Http(msgspec.Struct, frozen=True):
    """GET requests for one path of one host."""

    host: str
    path: str = "/"

    @property
    def name(self) -> str:
        """How the report names it."""
        return f"HTTP/1.1 GET {self.path}"

    def request(self, *, close: bool) -> bytes:
        """Return a GET, with Connection: close if asked for."""
        return self._head("GET", "Connection: close\r\n" if close else "")

    def oversized(self, size: int) -> Iterable[bytes]:
        """Return a POST whose body of `size` bytes nobody asked for."""
        yield self._head(
            "POST",
            "Content-Type: application/octet-stream\r\n"
            f"Content-Length: {size}\r\nConnection: close\r\n",
        )
        while size > 0:
            yield b"x" * min(65536, size)
            size -= 65536

    def _head(self, method: str, fields: str) -> bytes:
        head = (
            f"{method} {self.path} HTTP/1.1\r\nHost: {self.host}\r\n"
            f"User-Agent: lastack-check\r\nAccept: */*\r\n{fields}\r\n"
        )
        return head.encode("ascii")

    def first(self, data: bytes, *, ended: bool) -> Answer:
        """Judge the first final answer; interim ones (1xx) are stepped over."""
        return _answer_at(data, 0, ended=ended)[0]

    def count(self, data: bytes, *, ended: bool) -> int:
        """Count whole final answers, one after another."""
        at = whole = 0
        while at < len(data):
            answer, at = _answer_at(data, at, ended=ended)
            if not answer.complete:
                break
            whole += 1
        return whole


def _answer_at(data: bytes, start: int, *, ended: bool) -> tuple[Answer, int]:
    """Return the answer that begins at `start`, and where it ends."""
    at = start
    while True:
        body = data.find(b"\r\n\r\n", at, at + MAX_HEAD) + 4
        if body == 3:
            return Answer(complete=False, length=len(data) - start), len(data)
        lines = data[at : body - 4].split(b"\r\n")
        status = _STATUS.match(lines[0])
        if status is None:
            return _INCOMPLETE, len(data)
        code = int(status[2])
        if code >= 200 or code == 101:
            break
        at = body
    fields = _fields(lines[1:])
    connection = fields.get(b"connection", b"").lower()
    persistent = b"close" not in connection and (
        status[1] == b"1" or b"keep-alive" in connection
    )
    end: int | None
    if code in {204, 304}:
        end = body
    elif b"chunked" in fields.get(b"transfer-encoding", b"").lower():
        end = _end_of_chunks(data, body)
    elif (length := fields.get(b"content-length", b"")).isdigit() and len(length) < 16:
        end = body + int(length)
    else:  # the body is all until the end of the connection
        end = len(data) if ended else None
        persistent = False
    complete = end is not None and end <= len(data)
    upto = end if complete and end is not None else len(data)
    timeout = _TIMEOUT.search(fields.get(b"keep-alive", b"").lower())
    answer = Answer(
        complete=complete,
        length=upto - start,
        status=code,
        persistent=persistent,
        announced_idle=float(timeout[1]) if timeout else None,
    )
    return answer, upto


def _fields(lines: list[bytes]) -> dict[bytes, bytes]:
    """Return header fields by lower-case name; the last of equal names."""
    named = (line.partition(b":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in named}


def _end_of_chunks(data: bytes, at: int) -> int | None:
    """Return where a chunked body ends; None while it has not (RFC 9112 7.1)."""
    for _ in range(MAX_CHUNKS):
        if (size := _CHUNK_SIZE.match(data, at)) is None:
            return None
        at = size.end() + int(size[1], 16) + 2
        if int(size[1], 16) == 0:
            at -= 2
            while (line := data.find(b"\r\n", at)) >= 0:  # the trailer's fields
                if line == at:
                    return at + 2
                at = line + 2
            return None
    return None
