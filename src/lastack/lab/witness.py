"""The kernel as witness: labels for a run, and what contradicts them."""

from collections.abc import Sequence
from dataclasses import replace

from lastack.lab.director import Copy
from lastack.lab.frames import segment_of
from lastack.lab.run import Run
from lastack.lab.stage import Stage
from lastack.lab.tracing import Trace
from lastack.lab.truth import Label, Reason, against_scenario, disagreements
from lastack.tcp import flags as bits
from lastack.tcp.scenario import HostName


def judge(
    run: Run,
    stage: Stage,
    players: Sequence[Copy],
    heard: list[Trace],
    *,
    strict: bool,
) -> None:
    """Make the labels, and find what contradicts them."""
    topology = stage.topology
    resets: dict[int, list[Reason]] = {}
    for trace in heard:
        host = topology.host_of(trace.local)
        if topology.is_path(trace.local):
            continue
        if trace.kind != "tcp_send_reset" or stage.was_dark(host, trace.time):
            continue
        reason = Reason(trace.time, host, trace.fields["reason"])
        run.reasons.append(reason)
        ports = _ports_of_reset(run, trace, host)
        port = ports[0] if host == "client" else ports[1]
        resets.setdefault(port, []).append(reason)
    states: dict[int, list[tuple[HostName, Trace]]] = {}
    for trace in heard:
        if trace.kind == "inet_sock_set_state" and trace.peer:
            host = topology.host_of(trace.local)
            port = trace.local.port if host == "client" else trace.peer.port
            states.setdefault(port, []).append((host, trace))
    for player in players:
        mine: list[Label] = []
        wrong = list(player.surprises)
        player.name_strangers(run.scenario.truth)
        for name, connection in player.connections.items():
            truth = run.scenario.truth.get(name)
            if truth is None:
                continue
            port = connection.client.port
            label = Label(
                name,
                connection.client,
                connection.server,
                truth,
                tuple(resets.get(port, ())),
                _unseen(run, stage, port),
            )
            mine.append(label)
            # Of two connections on the same ports, whose state is it?
            alone = sum(it.client.port == port for it in player.connections.values())
            wrong += disagreements(
                label,
                states.get(port, ()) if alone == 1 else (),
                run.counters,
                kernel_spoke=run.kernel_spoke,
            )
        missing = run.scenario.truth.keys() - player.connections.keys()
        wrong += [f"no connection {name!r} was made" for name in missing]
        run.labels += [replace(label, disagreements=tuple(wrong)) for label in mine]
        run.disagreements += wrong
    if strict:
        run.disagreements += against_scenario(
            run.scenario, run.reasons, run.counters, kernel_spoke=run.kernel_spoke
        )


def _unseen(run: Run, stage: Stage, port: int) -> frozenset[str]:
    """The vantages to which the wire lost a reset by chance."""
    found = set()
    for number in stage.forwarder.unlucky:
        segment = segment_of(*run.frames["wire"][number])
        assert segment is not None
        if segment.flags & bits.RST:
            if segment.destination.port == port:
                found.add("client")
            elif segment.source.port == port:
                found.add("server")
    return frozenset(found)


def _ports_of_reset(run: Run, trace: Trace, host: HostName) -> tuple[int, int]:
    """Return the local port and the peer's of a reset.

    A listener's reset names no peer (the event has the listener's socket); then
    it is the segment that this host sent at that time.
    """
    if trace.peer is not None:
        return trace.local.port, trace.peer.port
    sent = [
        (abs(when - trace.time), segment.source.port, segment.destination.port)
        for when, frame in run.frames[host]
        if (segment := segment_of(when, frame)) is not None
        and segment.flags & bits.RST
        and segment.source == trace.local
    ]
    _, local, peer = min(sent, default=(0, trace.local.port, 0))
    return local, peer
