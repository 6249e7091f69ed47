"""Where `lastack.check.http` sees the end of an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.check.http import Http

HTTP = Http("example:80", "/path")
OK = b"HTTP/1.1 200 OK\r\n"

WHOLE = {
    "length": OK + b"Content-Length: 5\r\n\r\nhello",
    "no length, lower case": b"HTTP/1.1 200 \r\ncontent-length:0\r\n\r\n",
    "chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\n\r\n",
    "chunks with a trailer": OK
    + b"Transfer-Encoding: chunked\r\n\r\n1\r\nh\r\n0\r\nA: b\r\nC: d\r\n\r\n",
    "no body": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n",
    "after an interim one": b"HTTP/1.1 100 Continue\r\n\r\n"
    + OK
    + b"Content-Length: 1\r\n\r\nx",
}


@pytest.mark.parametrize("data", WHOLE.values(), ids=list(WHOLE))
def test_an_answer_is_complete_at_its_last_byte(data: bytes) -> None:
    """Each framing is whole with its last byte and not one byte before."""
    assert HTTP.first(data, ended=False).complete
    assert HTTP.first(data, ended=False).length == len(data)
    for cut in range(len(data)):
        assert not HTTP.first(data[:cut], ended=False).complete
        assert not HTTP.first(data[:cut], ended=True).complete


def test_without_framing_the_end_is_the_fin() -> None:
    """An answer without a length is whole when a FIN followed, not when cut off."""
    data = OK + b"\r\nhello"
    assert not HTTP.first(data, ended=False).complete
    assert HTTP.first(data, ended=True).complete
    assert not HTTP.first(data, ended=True).persistent


@given(st.lists(st.sampled_from(list(WHOLE.values())), max_size=6), st.data())
def test_answers_are_counted_in_a_row(parts: list[bytes], data: st.DataObject) -> None:
    """As many as came whole are counted, wherever the bytes are cut off."""
    stream = b"".join(parts)
    cut = data.draw(st.integers(0, len(stream)))
    ends = [sum(map(len, parts[: n + 1])) for n in range(len(parts))]
    assert HTTP.count(stream[:cut], ended=False) == sum(end <= cut for end in ends)


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_break_it(data: bytes, ended: bool) -> None:
    """Whatever a server sends, the parser returns."""
    for prefix in (b"", OK, OK + b"Transfer-Encoding: chunked\r\n\r\n"):
        assert HTTP.first(prefix + data, ended=ended).length >= 0
        assert HTTP.count(prefix + data, ended=ended) >= 0


@pytest.mark.parametrize(
    ("version", "connection", "persistent"),
    [
        (b"1", b"", True),
        (b"1", b"Connection: Close\r\n", False),
        (b"0", b"", False),
        (b"0", b"Connection: keep-alive\r\n", True),
    ],
)
def test_persistence(version: bytes, connection: bytes, persistent: bool) -> None:
    """HTTP/1.1 persists unless it says close, HTTP/1.0 only if it says so."""
    data = b"HTTP/1." + version + b" 200 OK\r\nContent-Length: 0\r\n" + connection
    assert HTTP.first(data + b"\r\n", ended=False).persistent is persistent


def test_announced_idle_time() -> None:
    """The timeout of Keep-Alive is read in seconds; its absence is None."""
    head = OK + b"Content-Length: 0\r\n"
    announced = HTTP.first(head + b"Keep-Alive: max=9, timeout=5\r\n\r\n", ended=False)
    assert announced.announced_idle == 5.0
    assert HTTP.first(head + b"\r\n", ended=False).announced_idle is None


def test_an_oversized_body_has_the_length_that_it_announces() -> None:
    """The POST's Content-Length equals the bytes that follow its head."""
    data = b"".join(HTTP.oversized(100_000))
    head, _, body = data.partition(b"\r\n\r\n")
    assert b"Content-Length: 100000\r\n" in head
    assert len(body) == 100_000
