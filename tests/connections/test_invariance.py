"""Sequence numbers may begin anywhere: what is told of a connection stays."""

from dataclasses import replace
from functools import cache
from typing import Final

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lastack.endings import endings, page
from lastack.tcp.icmp import IcmpError
from lastack.tcp.notation import CLIENT_ISN, SERVER_ISN, Traced, parse_trace
from lastack.tcp.segment import Segment
from tests.connections.traced import answers, facts_of, written
from tests.endings.pages import sections
from tests.judged import verdicts

MODULUS: Final = 1 << 32


@cache
def traces() -> list[str]:
    """Return the first trace of every example and look-alike of the catalogue."""
    return [
        section.traces[0]
        for slug in endings()
        for section in sections(page(slug))
        if section.traces
    ]


any_trace = st.sampled_from(traces())
isn = st.integers(0, MODULUS - 1) | st.integers(1, 200_000).map(lambda n: MODULUS - n)


def moved(trace: list[Traced], client: int, server: int) -> list[Traced]:
    """Return a trace whose client and server begin to count further on.

    Zero stays zero: a number that was no copy of anything says so.
    """
    return [_moved(one, client, server) for one in trace]


def _moved(one: Traced, client: int, server: int) -> Traced:
    if isinstance(one, IcmpError):
        quoted = _moved(one.quoted, client, server)
        assert isinstance(quoted, Segment)
        return replace(one, quoted=quoted)
    mine, other = (client, server) if one.source.port > 1024 else (server, client)
    options = replace(
        one.options,
        sack=tuple(
            ((a + other) % MODULUS, (b + other) % MODULUS) for a, b in one.options.sack
        ),
    )
    return replace(
        one,
        seq=(one.seq + mine) % MODULUS if one.seq else 0,
        ack=(one.ack + other) % MODULUS if one.ack else 0,
        options=options,
    )


def zero_by_chance(usual: list[Traced], shifted: list[Traced]) -> bool:
    """Return whether a number is 0 that was no zero: it would say something."""
    return any(
        isinstance(old, Segment)
        and isinstance(new, Segment)
        and new.seq == 0
        and old.seq != 0
        for old, new in zip(usual, shifted, strict=True)
    )


@settings(max_examples=300, deadline=None)
@given(any_trace, isn, isn)
def test_sequence_numbers_may_begin_anywhere(
    trace: str, client: int, server: int
) -> None:
    """No fact depends on the ISNs; numbers wrap in the middle of data or at a FIN."""
    usual = parse_trace(trace)
    shifted = moved(usual, client, server)
    assume(not zero_by_chance(usual, shifted))
    assert answers(facts_of(written(shifted))) == answers(facts_of(written(usual)))


@settings(max_examples=300, deadline=None)
@given(any_trace, st.integers(1, 60), st.integers(0, 60))
def test_wrapping_in_the_middle(trace: str, before: int, above: int) -> None:
    """Octets, FIN and acknowledgements count on where the numbers wrap."""
    client, server = MODULUS - before, MODULUS - above - 1
    usual = parse_trace(trace)
    wrapped = moved(usual, client - CLIENT_ISN, server - SERVER_ISN)
    assume(not zero_by_chance(usual, wrapped))
    assert verdicts(written(wrapped)) == verdicts(written(usual))
