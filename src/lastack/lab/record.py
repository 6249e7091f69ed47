"""Everything that happened in a run, merged into one timeline."""

import errno
import time
from collections.abc import Sequence
from itertools import zip_longest

from lastack.lab.capture import VANTAGES
from lastack.lab.datagrams import datagram_of
from lastack.lab.director import Copy
from lastack.lab.frames import segment_of
from lastack.lab.run import Run
from lastack.lab.socket_watch import SocketWatch
from lastack.lab.stage import Stage
from lastack.lab.topology import HOSTS
from lastack.lab.tracing import Trace
from lastack.tcp.events import Datagram, KernelReason, Sent, TimelineEvent


def record(
    run: Run,
    stage: Stage,
    players: Sequence[Copy],
    heard: Sequence[Trace],
    watching: SocketWatch | None,
) -> None:
    """Merge everything into one timeline."""
    topology = stage.topology
    addresses: dict[str, str] = {host: topology.address(host) for host in HOSTS}
    events: list[TimelineEvent] = [call for player in players for call in player.calls]
    events += [it for player in players for it in player.happenings]
    for where in VANTAGES:
        for number, (when, frame) in enumerate(run.frames[where]):
            segment = segment_of(when, frame)
            fate = stage.forwarder.fates.get(number, "") if where == "wire" else ""
            if segment is not None:
                events.append(Sent(when, where, segment, fate))
            elif where != "wire" and (found := datagram_of(frame)) is not None:
                leaves = found[0].host == addresses[where]
                events.append(Datagram(when, where, *found, leaves))
    if watching is not None:
        events += [
            it
            for it in watching.events
            # Its programs were killed for it, and closed what they had open.
            if it.state == "gone" or not stage.was_dark(it.host, it.time)
        ]
    spoken = [it for it in heard if it.kind != "inet_sock_set_state"]
    for trace, following in zip_longest(spoken, spoken[1:]):
        host = topology.host_of(trace.local)
        if (
            stage.was_dark(host, trace.time)
            or topology.is_path(trace.local)
            or _is_own(trace, following)
        ):
            continue
        said = trace.fields.get("reason", "")
        if trace.fields.get("error") == "0":
            continue  # of an ICMP error, told again with its errno
        if error := trace.fields.get("error"):
            said = f"-{errno.errorcode.get(int(error), error)}"
        ends = f"{trace.local} > {trace.peer or '?'}"
        events.append(KernelReason(trace.time, host, trace.kind, said, ends))
    last = max((event.time for event in events), default=time.time_ns())
    for host in HOSTS:
        for name, value in run.counters[host].items():
            if name.startswith(("TCPAbort", "OutRsts", "Estab", "Listen", "Embryonic")):
                events.append(KernelReason(last, host, "counter", f"{name} +{value}"))
    run.events = sorted(events, key=lambda event: event.time)


def _is_own(received: Trace, following: Trace | None) -> bool:
    """Whether a kernel, about to send ABORT_ON_DATA, has reset its own socket."""
    return (
        received.kind == "tcp_receive_reset"
        and following is not None
        and following.kind == "tcp_send_reset"
        and following.fields["reason"] == "TCP_ABORT_ON_DATA"
        and (following.local, following.peer) == (received.local, received.peer)
    )
