"""A listening socket's two queues: handshakes under way, and connections ready.

The accept queue holds `backlog` connections and what the system adds. When it
is full, SYNs are dropped or refused, and so is the handshake's last step, by
tcp_abort_on_overflow (Linux: inet_csk_listen_stop, tcp_check_req).
"""

from lastack.sim.endpoint import Endpoint
from lastack.sim.personality import Personality
from lastack.tcp.flags import ACK, FIN, RST, SYN
from lastack.tcp.segment import Segment
from lastack.tcp.states import State

_SYN_QUEUE = 256


class Listener:
    """The queues of one listening socket."""

    __slots__ = ("accept_queue", "backlog", "defer", "personality", "port", "syn_queue")

    def __init__(self, port: int, backlog: int, personality: Personality) -> None:
        self.port = port
        self.defer = 0
        self.backlog = backlog
        self.personality = personality
        self.syn_queue: list[Endpoint] = []
        self.accept_queue: list[Endpoint] = []

    @property
    def is_full(self) -> bool:
        """Whether the accept queue has no room."""
        room = self.backlog + self.personality.backlog_extra.value
        return len(self.accept_queue) >= room

    @property
    def takes_no_syn(self) -> bool:
        """Whether a new SYN finds no room (syncookies are off)."""
        return self.is_full or len(self.syn_queue) >= _SYN_QUEUE

    def overflows(self, child: Endpoint, segment: Segment) -> bool:
        """Whether `segment` would complete a handshake for which there is no room."""
        return (
            child.state is State.SYN_RECEIVED
            and self.is_full
            and segment.flags & (SYN | RST | ACK) == ACK
            and segment.ack == child.tcb.snd_nxt
        )

    def defers(self, child: Endpoint, segment: Segment) -> bool:
        """Whether TCP_DEFER_ACCEPT ignores a bare ACK: data has to come first.

        The SYN-ACK goes out again only with the last try (tcp_check_req,
        syn_ack_recalc).
        """
        tcb = child.tcb
        if not self.defer or tcb.retransmits >= self.defer or segment.payload:
            return False
        if child.state is not State.SYN_RECEIVED or (
            segment.flags & (SYN | RST | ACK | FIN) != ACK
        ):
            return False
        tcb.deferred = self.defer
        return True

    def moved(self, child: Endpoint) -> None:
        """A child changed its state: it is ready, or gone."""
        if child not in self.syn_queue:
            return
        if child.state is not State.SYN_RECEIVED:
            self.syn_queue.remove(child)
            if child.state is not State.CLOSED:
                self.accept_queue.append(child)
