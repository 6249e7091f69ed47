"""How to come into each of the eleven states, as client and as server.

The steps of an opening are steps like any other: what a divergence does not need
of them is taken away when it is shrunk.
"""

from collections.abc import Mapping
from typing import Final

from lastack.lab.differential.steps import MS, Arrive, Base, Call, Place, Step
from lastack.tcp.flags import ACK, FIN, PSH, SYN
from lastack.tcp.states import State

_TRIP: Final = 10 * MS
_SYN: Final = Arrive(SYN, Place(Base.SYN), ack=Place(Base.SYN))
_SYN_ACK: Final = Arrive(SYN | ACK, Place(Base.SYN))
_ACK: Final = Arrive(ACK)
_FIN: Final = Arrive(FIN | ACK)
_CROSSING_FIN: Final = Arrive(FIN | ACK, ack=Place(Base.UNACKNOWLEDGED))

LISTEN: Final = (Step(Call("listen")),)
SERVER_HALF: Final = (*LISTEN, Step(_SYN, _TRIP))
SERVER: Final = (*SERVER_HALF, Step(_ACK), Step(Call("accept")))
CONNECT: Final = (Step(Call("connect"), _TRIP),)
CLIENT: Final = (*CONNECT, Step(_SYN_ACK))
CROSSED: Final = (*CONNECT, Step(_SYN, _TRIP))
"""A client whose SYN met the peer's (RFC 9293 figure 7)."""

_TALK: Final = (
    Step(Arrive(ACK | PSH, length=100)),
    Step(Call("receive", 1000)),
    Step(Call("send", 200), _TRIP),
    Step(_ACK, _TRIP),
)
_CLOSE: Final = Step(Call("close"), _TRIP)
_SHUTDOWN: Final = Step(Call("shutdown", option="SHUT_WR"), _TRIP)
_Opening = tuple[Step, ...]


def _both(*further: Step) -> tuple[_Opening, ...]:
    return tuple(
        (*way, *talk, *further) for way in (SERVER, CLIENT) for talk in ((), _TALK)
    )


OPENINGS: Final[Mapping[State, tuple[_Opening, ...]]] = {
    State.CLOSED: ((), (Step(Call("socket")),), *_both(Step(_FIN), _CLOSE, Step(_ACK))),
    State.LISTEN: (LISTEN,),
    State.SYN_SENT: (CONNECT,),
    State.SYN_RECEIVED: (SERVER_HALF, CROSSED),
    State.ESTABLISHED: (*_both(), (*CROSSED, Step(_ACK))),
    State.FIN_WAIT_1: (*_both(_CLOSE), *_both(_SHUTDOWN)),
    State.FIN_WAIT_2: (*_both(_CLOSE, Step(_ACK)), *_both(_SHUTDOWN, Step(_ACK))),
    State.CLOSING: (
        *_both(_CLOSE, Step(_CROSSING_FIN)),
        *_both(_SHUTDOWN, Step(_CROSSING_FIN)),
    ),
    State.TIME_WAIT: (
        *_both(_CLOSE, Step(_FIN)),
        *_both(_SHUTDOWN, Step(_FIN)),
        *_both(_CLOSE, Step(_CROSSING_FIN), Step(_ACK)),
    ),
    State.CLOSE_WAIT: _both(Step(_FIN, _TRIP)),
    State.LAST_ACK: (*_both(Step(_FIN), _CLOSE), *_both(Step(_FIN), _SHUTDOWN)),
}
