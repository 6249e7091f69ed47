"""The usual segment: taken the short way or the long one, as machine code or not."""

from collections.abc import Callable
from itertools import chain
from types import ModuleType
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastack.tcp.flags import ACK, FIN, PSH, RST, SYN
from lastack.tcp.notation import CLIENT, SERVER
from lastack.tcp.segment import Segment
from lastack.wire.files import pcap
from tests import both_forms
from tests.connections.traced import written

MODULUS: Final = 1 << 32
MS: Final = 1_000_000


class Step(NamedTuple):
    """One segment: who sends it, and how far it is from what would come next."""

    by_client: bool = True
    later: int = 10
    seq: int = 0
    ack: int = 0
    length: int = 0
    flags: int = ACK
    window: int = 500
    ip_id: int | None = None


DATA, REPEAT = Step(length=100), Step(length=100, seq=-100, later=200)
PROBE, GO_ON = Step(seq=-1, later=1000), Step()
ANSWER, SHUT, OPEN = Step(False), Step(False, window=0), Step(False, window=400)
CLOSE, CLOSE_TOO = Step(flags=ACK | FIN), Step(False, flags=ACK | FIN)
TYPICAL: Final = (
    (DATA, ANSWER, DATA, REPEAT, ANSWER, DATA),
    (ANSWER, DATA, REPEAT, GO_ON, DATA),
    (DATA, ANSWER, PROBE, PROBE, GO_ON, DATA),
    (ANSWER, DATA, PROBE, ANSWER),
    (ANSWER, SHUT, SHUT, OPEN, DATA, ANSWER),
    (DATA, SHUT, PROBE, SHUT, OPEN, DATA, ANSWER),
    (Step(length=100, ip_id=7), Step(length=100, seq=-100, later=1, ip_id=7)),
    (ANSWER, CLOSE, ANSWER, CLOSE_TOO, GO_ON),
)
any_step = st.builds(
    Step,
    by_client=st.booleans(),
    later=st.sampled_from([0, 1, 10, 500]),
    seq=st.sampled_from([0, 0, 0, -1, -100, 50, MODULUS // 2]),
    ack=st.sampled_from([0, 0, 0, -1, -50, 100, MODULUS // 2]),
    length=st.sampled_from([0, 0, 1, 100]),
    flags=st.sampled_from([ACK, ACK, ACK | PSH, ACK | SYN, SYN, RST, ACK | RST, 0]),
    window=st.sampled_from([500, 500, 0, 100, 250, 1000]),
    ip_id=st.sampled_from([None, 0]),
)
some_steps = st.sampled_from(TYPICAL) | st.lists(any_step, max_size=5)
steps = st.lists(some_steps, max_size=6).map(lambda parts: [*chain(*parts)])
isns = st.tuples(st.integers(0, MODULUS - 1), st.integers(MODULUS - 300, MODULUS - 1))


def dialogue(isn: tuple[int, int], listed: list[Step]) -> bytes:
    """Return a capture of a handshake and what follows it."""
    following = list(isn)
    begin = [
        Step(flags=SYN),
        Step(by_client=False, flags=SYN | ACK),
        Step(),
    ]
    time = 0
    made = []
    for number, step in enumerate(begin + listed):
        me = 0 if step.by_client else 1
        time += step.later * MS
        seq = (following[me] + step.seq) % MODULUS
        ends = (CLIENT, SERVER) if step.by_client else (SERVER, CLIENT)
        segment = Segment(
            time,
            *ends,
            flags=step.flags,
            seq=seq,
            ack=(following[1 - me] + step.ack) % MODULUS if step.flags & ACK else 0,
            window=step.window,
            payload=bytes(step.length),
            ip_id=number + 1 if step.ip_id is None else step.ip_id,
        )
        made.append(segment)
        if not step.flags & RST and step.seq + segment.length > 0:
            following[me] = (seq + segment.length) % MODULUS
    return written(made)


def connections(octets: bytes, scan: ModuleType, table: ModuleType) -> list[Any]:
    """Return what these modules, of either form, make of a capture."""
    scanned = scan.Scan(pcap.Reader(), table.ConnectionTable(7))
    assert scanned.run(bytearray(octets), 0, len(octets)) == len(octets)
    found: list[Any] = scanned.table.connections
    return found


def of(one: Any, name: str) -> Any:
    """Return a field of an object, or of a C struct, which Python gets as a dict."""
    return one[name] if isinstance(one, dict) else getattr(one, name)


def known(one: Any, like: Any) -> Any:
    """Return all that is known in an object with the fields of a plain one."""
    if isinstance(like, list | tuple):
        assert len(one) == len(like)
        return [known(*both) for both in zip(one, like, strict=True)]
    if not hasattr(like, "__dict__") or one is None:
        return one
    return {name: known(of(one, name), its) for name, its in vars(like).items()}


@pytest.fixture(scope="module")
def plain() -> Callable[[bytes], list[Any]]:
    """The connections of a capture, found by plain Python."""
    scan = both_forms.uncompiled("lastack.connections.scan")
    table = both_forms.uncompiled("lastack.connections.table")
    return lambda octets: connections(octets, scan, table)


@settings(max_examples=400, deadline=None)
@given(isns, steps)
def test_the_short_way_leads_where_the_long_one_does(
    plain: Callable[[bytes], list[Any]], isn: tuple[int, int], listed: list[Step]
) -> None:
    """What is known of a connection does not depend on who took its segments."""
    octets = dialogue(isn, listed)
    short = plain(octets)
    table = both_forms.uncompiled("lastack.connections.table")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "take_usual", lambda *_: False)
        long = plain(octets)
    assert known(short, short) == known(long, long)


def test_data_in_order_goes_the_short_way() -> None:
    """Data and acknowledgements after a handshake are usual: `see` takes the SYNs."""
    table = both_forms.uncompiled("lastack.connections.table")
    take_usual = table.take_usual
    answers = []

    def counted(*segment: Any) -> bool:
        answers.append(take_usual(*segment))
        return bool(answers[-1])

    talk = [Step(True, length=100), Step(False), Step(False, length=50), Step(True)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "take_usual", counted)
        connections(
            dialogue((1, 1), talk * 2),
            both_forms.uncompiled("lastack.connections.scan"),
            table,
        )
    assert answers.count(True) >= len(talk * 2) - 1


@settings(max_examples=200, deadline=None)
@given(isns, steps)
def test_machine_code_knows_what_python_knows(
    plain: Callable[[bytes], list[Any]],
    compiled: Callable[[str], ModuleType],
    isn: tuple[int, int],
    listed: list[Step],
) -> None:
    """Compiled and as plain Python, the hot pass leaves the same behind."""
    octets = dialogue(isn, listed)
    like = plain(octets)
    found = connections(
        octets,
        compiled("lastack.connections.scan"),
        compiled("lastack.connections.table"),
    )
    assert known(found, like) == known(like, like)
