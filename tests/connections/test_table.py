"""A segment's connection, found at its place or in the whole table."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastack.tcp.flags import ACK, FIN, RST, SYN
from lastack.tcp.icmp import IcmpError
from lastack.tcp.notation import SERVER
from lastack.tcp.segment import Address, Segment
from tests import both_forms
from tests.connections.test_usual import connections, known
from tests.connections.traced import written

MS: Final = 1_000_000
HOSTS: Final = ("192.0.2.1", "192.0.2.2", "2001:db8::1")
SERVER_OF: Final = {"2001:db8::1": Address("2001:db8::2", SERVER.port)}


class Sent(NamedTuple):
    """One segment between a client and the server, or an ICMP error that quotes it."""

    host: str
    port: int
    by_client: bool
    flags: int
    isn: int
    quoted: bool


sent = st.lists(
    st.builds(
        Sent,
        host=st.sampled_from(HOSTS),
        port=st.sampled_from([40000, 40001, SERVER.port]),
        by_client=st.booleans(),
        flags=st.sampled_from([SYN, SYN, SYN | ACK, ACK, ACK, FIN | ACK, RST]),
        isn=st.sampled_from([100, 101, 5000]),
        quoted=st.sampled_from([False] * 7 + [True]),
    ),
    max_size=40,
)


class Forgetful(list[Any]):
    """Places at which nothing is ever found."""

    def __setitem__(self, *_: Any) -> None:
        """Keep nothing."""


def capture(listed: list[Sent]) -> bytes:
    """Return a capture of these segments, a millisecond apart."""
    made: list[Segment | IcmpError] = []
    for number, one in enumerate(listed):
        ends = (Address(one.host, one.port), SERVER_OF.get(one.host, SERVER))
        segment = Segment(
            number * MS,
            *(ends if one.by_client else ends[::-1]),
            flags=one.flags,
            seq=one.isn,
            ack=one.isn if one.flags & ACK else 0,
            window=500,
            ip_id=number + 1,
        )
        if one.quoted:
            made.append(IcmpError(number * MS, segment.source.host, 3, 1, segment))
        else:
            made.append(segment)
    return written(made)


def found(octets: bytes, *, searching: bool = False) -> list[Any]:
    """Return the connections of a capture, found by plain Python."""
    table = both_forms.uncompiled("lastack.connections.table")
    made = table.ConnectionTable(7)
    if searching:
        made.recent = Forgetful(made.recent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "ConnectionTable", lambda _: made)
        scan = both_forms.uncompiled("lastack.connections.scan")
        return connections(octets, scan, table)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([1, 2, 1024]), sent)
def test_what_is_found_at_its_place_is_what_the_table_has(
    places: int, listed: list[Sent]
) -> None:
    """Every connection comes out as from a table that finds nothing at its places.

    Ports are used again, ICMP errors quote, hosts talk to themselves, and with one
    place or two each connection pushes out others.
    """
    octets = capture(listed)
    searched = found(octets, searching=True)
    with pytest.MonkeyPatch.context() as patch:
        table = both_forms.uncompiled("lastack.connections.table")
        patch.setattr(table, "PLACES", places)
        at_hand = found(octets)
    assert known(searched, searched) == known(at_hand, searched)


@settings(max_examples=100, deadline=None)
@given(sent)
def test_machine_code_finds_what_python_finds(
    compiled: Callable[[str], ModuleType], listed: list[Sent]
) -> None:
    """Compiled, segments come to the same connections as in a table that searches."""
    octets = capture(listed)
    searched = found(octets, searching=True)
    machine = connections(
        octets,
        compiled("lastack.connections.scan"),
        compiled("lastack.connections.table"),
    )
    assert known(machine, searched) == known(searched, searched)
