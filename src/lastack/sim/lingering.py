"""close() with SO_LINGER: who waits for the peer, how long, and what then.

Systems differ in whether a non-blocking socket lingers, and in what becomes of the
connection when the time is over (POSIX leaves both open).
"""

from typing import TYPE_CHECKING

from lastack.sim.clock import wakes_at
from lastack.sim.personality import LingerExpiry, LingerNonBlocking
from lastack.sim.rules import LINGER_EXPIRED
from lastack.sim.sockets import Pending, Socket
from lastack.tcp.states import State

if TYPE_CHECKING:
    from lastack.sim.system_calls import Process

_SECOND = 1_000_000_000
_UNFINISHED = (State.FIN_WAIT_1, State.CLOSING, State.LAST_ACK)


def would_block(process: "Process", socket: Socket) -> bool:
    """Whether close() fails, as data waits and the socket must not (Winsock)."""
    endpoint = socket.endpoint
    if socket.references > 1 or not (socket.linger and socket.nonblocking):
        return False
    habit = process.host.personality.linger_non_blocking.value
    if habit is not LingerNonBlocking.WOULD_BLOCK or endpoint is None:
        return False
    return bool(endpoint.tcb.flight or endpoint.tcb.send_queue)


def lingers(process: "Process", socket: Socket) -> int:
    """Return for how many seconds close() waits; 0 if it does not."""
    if not socket.linger or socket.endpoint is None:
        return 0
    habit = process.host.personality.linger_non_blocking.value
    if socket.nonblocking and habit is not LingerNonBlocking.BLOCKS:
        return 0
    return socket.linger


def linger(process: "Process", socket: Socket, seconds: int) -> Pending:
    """Wait in close() until all is acknowledged, or the time is over."""
    endpoint = socket.endpoint
    assert endpoint is not None
    host = process.host
    world = host.world

    def attempt() -> str | None:
        if endpoint.state in _UNFINISHED:
            endpoint.tcb.orphan = False  # the program still waits for it
            return None
        endpoint.orphaned(world.now)
        return "0"

    pending = process.wait(socket, attempt)

    def expire() -> None:
        if pending.result is not None:
            return
        socket.attempts.clear()  # nobody waits for it any more
        habit = host.personality.linger_expiry
        if habit.value is LingerExpiry.ABORTS:
            endpoint.abort(world.now, rule=LINGER_EXPIRED, source=habit.source)
            process.drive(socket)
        endpoint.orphaned(world.now)
        process.drive(socket)
        late = habit.value is LingerExpiry.WOULD_BLOCK
        pending.finish("-EWOULDBLOCK" if late else "0", world.now)

    if pending.result is None:
        over = wakes_at(host.personality, host.phase, world.now, seconds * _SECOND)
        world.at(over, expire)
    return pending
