"""A random sequence of each seed: an opening, some steps, and a last question."""

from collections.abc import Sequence as Row
from typing import Final, TypeVar

from lastack.lab.differential.openings import OPENINGS
from lastack.lab.differential.steps import (
    MS,
    Arrive,
    Base,
    Call,
    Offer,
    Place,
    Sequence,
    Stamp,
    Step,
)
from lastack.sim.generator import Generator
from lastack.tcp.flags import ACK, FIN, PSH, RST, SYN, URG

_Thing = TypeVar("_Thing")

_MOST: Final = 6
_WAITS: Final = (0, 0, 0, 2, 10, 10, 25, 70, 70, 110, 310)
_LONG_WAITS: Final = (600, 1300)
_LONG: Final = 25_000  # of a million
_END: Final = 70
_STATES: Final = tuple(OPENINGS)
_OFFERS: Final = (Offer.PLAIN, Offer.SACK, Offer.FULL, Offer.FULL)

_CALLS: Final = (
    *[Call("send", size) for size in (1, 100, 100, 1460, 3000, 20_000)],
    *[Call("receive", size) for size in (1, 100, 5000, 5000)],
    Call("receive", 10, "MSG_PEEK"),
    Call("receive", 1, "MSG_OOB"),
    Call("SIOCATMARK"),
    *[Call("shutdown", option=f"SHUT_{how}") for how in ("WR", "WR", "RD", "RDWR")],
    *[Call("close")] * 3,
    *[Call("setsockopt", 0, "SO_LINGER")] * 2,
    Call("setsockopt", 1, "SO_LINGER"),
    Call("setsockopt", -1, "TCP_LINGER2"),
    Call("setsockopt", 1, "TCP_LINGER2"),
    Call("setsockopt", 1, "TCP_NODELAY"),
    Call("kill"),
    Call("SO_ERROR"),
    Call("poll"),
    Call("SIOCINQ"),
    Call("SIOCOUTQ"),
    Call("accept"),
    Call("connect"),
    Call("close", listener=True),
    Call("poll", listener=True),
)
_FLAGS: Final = (
    *[ACK] * 5,
    *[ACK | PSH] * 6,
    *[ACK | PSH | URG] * 2,
    ACK | URG,
    *[FIN | ACK] * 4,
    *[FIN | PSH | ACK] * 2,
    *[RST] * 3,
    *[RST | ACK] * 2,
    *[SYN] * 3,
    *[SYN | ACK] * 2,
    SYN | FIN,
    SYN | RST,
    FIN,
    PSH,
    0,
    FIN | RST | ACK,
    SYN | FIN | RST | PSH | ACK,
)
_SIZES: Final = (1, 100, 100, 1000, 1460)
_SEQUENCES: Final = (
    *[Place(Base.NEXT)] * 12,
    Place(Base.NEXT, -1),
    Place(Base.NEXT, -1),
    Place(Base.NEXT, -50),
    Place(Base.NEXT, -3000),
    Place(Base.NEXT, 1),
    Place(Base.NEXT, 100),
    Place(Base.NEXT, 1460),
    Place(Base.NEXT, 1_000_000),
    Place(Base.EDGE, -1),
    Place(Base.EDGE),
    Place(Base.EDGE, 1),
    Place(Base.SYN),
)
_ACKNOWLEDGEMENTS: Final = (
    *[Place(Base.SENT)] * 10,
    *[Place(Base.UNACKNOWLEDGED)] * 3,
    Place(Base.UNACKNOWLEDGED, 1),
    Place(Base.UNACKNOWLEDGED, -1),
    Place(Base.UNACKNOWLEDGED, -1_000_000),
    Place(Base.SENT, 1),
    Place(Base.SENT, -1),
    Place(Base.SENT, 1_000_000),
    Place(Base.SYN),
)
_WINDOWS: Final = (*[32768] * 8, 0, 0, 1, 100, 5000, 65535)
_STAMPS: Final = (*[Stamp.NOW] * 12, Stamp.OLD, Stamp.FUTURE, Stamp.ABSENT)

QUESTION: Final = Step(Arrive(ACK, Place(Base.NEXT, -1), 1), 5 * MS)
"""An octet that has come before: whoever lives answers with all its numbers."""


def random_sequence(seed: int) -> Sequence:
    """Return the sequence of a seed; eleven in a row begin in eleven states."""
    choose = Generator(seed)
    openings = OPENINGS[_STATES[seed % len(_STATES)]]
    opening = _one(choose, openings)
    count = 1 + choose.below(_MOST)
    steps = [_step(choose) for _ in range(count)]
    last = steps[-1]
    steps[-1] = Step(last.act, max(last.wait, _END * MS))
    return Sequence((*opening, *steps, QUESTION), _one(choose, _OFFERS))


def _one(choose: Generator, things: Row[_Thing]) -> _Thing:
    return things[choose.below(len(things))]


def _step(choose: Generator) -> Step:
    act = _one(choose, _CALLS) if choose.below(100) < 40 else _segment(choose)
    waits = _LONG_WAITS if choose.happens(_LONG) else _WAITS
    return Step(act, _one(choose, waits) * MS)


def _segment(choose: Generator) -> Arrive:
    flags = _one(choose, _FLAGS)
    has_data = flags & PSH or (flags & FIN and choose.below(4) == 0)
    if flags & (SYN | RST):
        has_data = choose.below(20) == 0
    return Arrive(
        flags,
        _one(choose, _SEQUENCES),
        _one(choose, _SIZES) if has_data else 0,
        _one(choose, _ACKNOWLEDGEMENTS),
        _one(choose, _WINDOWS),
        _one(choose, _STAMPS),
    )
