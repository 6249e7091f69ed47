"""The laboratory on the real kernel; needs root."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from lastack import scenarios
from lastack.lab.frames import segment_of
from lastack.lab.laboratory import Laboratory
from lastack.lab.run import Run
from lastack.lab.seen import truth_at
from lastack.lab.topology import HOSTS, Topology
from lastack.lab.tracing import instances
from lastack.tcp import flags as bits
from lastack.tcp.events import (
    Call,
    Datagram,
    Happening,
    KernelReason,
    Sent,
    SocketState,
)
from lastack.tcp.scenario import (
    Scenario,
    Truth,
    Wire,
    client,
    established,
    network,
    server,
    settle,
)

pytest.importorskip("pyroute2")
pytestmark = pytest.mark.usefixtures("needs_root")

MARK = "LASTACK_TEST_OF_LEFTOVERS"


async def _play(*played: Scenario, **options: object) -> list[Run]:
    async with Laboratory.opened() as lab:
        return await asyncio.gather(
            *(lab.play(it, [scenarios.steps_of(it)], **options) for it in played)  # type: ignore[arg-type]
        )


def play(*played: Scenario, **options: object) -> list[Run]:
    return asyncio.run(_play(*played, **options))


def resets(run: Run, vantage: str) -> int:
    segments = [segment_of(*it) for it in run.frames[vantage]]
    return sum(1 for it in segments if it is not None and it.flags & bits.RST)


def test_a_scenario_ends_as_its_truth_says() -> None:
    """Unread data: the calls, the kernel's reason and all captures agree with it."""
    [run] = play(scenarios.load("unread-data"), watch=True)
    assert run.disagreements == []
    assert [str(it) for it in run.labels[0].reasons] == ["server:TCP_ABORT_ON_CLOSE"]
    assert run.labels[0].truth == Truth("unread-data-at-close", "server")
    assert [resets(run, vantage) for vantage in run.frames] == [1, 1, 1]
    calls = [(it.name, it.result) for it in run.events if isinstance(it, Call)]
    assert calls[-3:] == [
        ("recvfrom", "-ECONNRESET"),
        ("recvfrom", "0"),
        ("sendto", "-EPIPE"),
    ]


def test_a_timeline_has_calls_segments_states_and_reasons() -> None:
    """With `watch` all four kinds of event are there, in order of time."""
    [run] = play(scenarios.load("linger-zero"), watch=True)
    assert {type(it) for it in run.events} == {Call, Sent, SocketState, KernelReason}
    assert run.events == sorted(run.events, key=lambda it: it.time)
    states = [it.state for it in run.events if isinstance(it, SocketState)]
    assert {"LISTEN", "SYN-SENT", "SYN-RECV", "ESTAB", "gone"} <= set(states)


@pytest.mark.parametrize(
    "truth",
    [
        Truth("linger-zero", "server"),
        Truth("unread-data-at-close", "client"),
        Truth("orderly-close", "server"),
    ],
)
def test_a_label_that_the_kernel_contradicts_is_refused(truth: Truth) -> None:
    """A wrong truth gives disagreements, and stays the label as it was."""
    [run] = play(replace(scenarios.load("unread-data"), truth={"a": truth}))
    assert run.disagreements
    assert run.labels[0].disagreements
    assert run.labels[0].truth == truth


def test_a_call_that_returns_something_else_refuses_the_run() -> None:
    """A result that the scenario does not name is a disagreement."""

    def steps() -> list[object]:
        return [*established(), client.send(1).gives("-EPIPE")]

    scenario = Scenario("x", steps, {"a": Truth("still-open", "none")})  # type: ignore[arg-type]
    [run] = play(scenario)
    assert run.disagreements == ["client: sendto(a, 1) gave 1, not -EPIPE"]


def test_two_laboratories_at_once_do_not_meet() -> None:
    """Each run hears only its own kernel events, though a trace hears all."""

    async def both() -> tuple[list[Run], list[Run]]:
        return await asyncio.gather(
            _play(scenarios.load("unread-data"), scenarios.load("linger-zero")),
            _play(scenarios.load("killed-client"), scenarios.load("linger-zero")),
        )

    runs = [run for lab in asyncio.run(both()) for run in lab]
    assert [run.disagreements for run in runs] == [[], [], [], []]
    assert [len(run.reasons) for run in runs] == [1, 1, 1, 1]
    assert len({run.labels[0].client.host for run in runs}) == 4


def test_a_mirrored_scenario_ends_as_its_truth_says() -> None:
    """The kernel agrees that the other side did it, for its own reason."""
    slugs = ("unread-answer-mirrored", "killed-client-mirrored", "linger-zero-mirrored")
    runs = play(*map(scenarios.load, slugs))
    assert [run.disagreements for run in runs] == [[], [], []]
    assert {run.labels[0].truth.by for run in runs} == {"server"}


def test_copies_are_labelled_each() -> None:
    """Five copies on one wire give five labels, each with its own reason."""

    async def five() -> Run:
        scenario = scenarios.load("reboot-write")
        async with Laboratory.opened() as lab:
            steps = [scenarios.steps_of(scenario, request=n) for n in range(1, 6)]
            return await lab.play(scenario, steps, strict=False)

    run = asyncio.run(five())
    assert run.disagreements == []
    assert [str(*it.reasons) for it in run.labels] == ["server:NO_SOCKET"] * 5
    assert len({it.client.port for it in run.labels}) == 5


def test_ipv6_without_timestamps() -> None:
    """The same scenario on IPv6 and without timestamps ends the same."""
    [run] = play(scenarios.load("unread-data"), ipv6=True, timestamps=False)
    assert run.disagreements == []
    first = segment_of(*run.frames["client"][0])
    assert first is not None
    assert ":" in first.source.host
    assert first.options.timestamp is None


def test_the_wire_loses_and_forges() -> None:
    """A lost FIN is seen by the sender's vantage and the tap, not behind it."""

    def steps() -> list[object]:
        return [
            *established(1),
            network.lose("server", "FIN"),
            client.close(),
            settle(),
            network.forge("server", "R"),
            settle(),
            server.receive().gives("-ECONNRESET"),
        ]

    truth = {"a": Truth("injected-reset", "path")}
    scenario = Scenario("x", steps, truth, wire=Wire(delay=0.005))  # type: ignore[arg-type]
    [run] = play(scenario, strict=False)
    fates = [it.fate for it in run.events if isinstance(it, Sent) and it.fate]
    assert fates[:2] == ["lost", "forged"]
    fins = {
        vantage: sum(
            bool(segment and segment.flags & bits.FIN)
            for segment in (segment_of(*it) for it in frames[:12])
        )
        for vantage, frames in run.frames.items()
    }
    assert fins["client"] >= 1 <= fins["wire"]
    assert run.disagreements == []


def test_a_nat_that_forgot_lets_the_servers_address_through() -> None:
    """The client's kernel resets a connection which the client never made."""
    [run] = play(scenarios.load("nat-untranslated"))
    assert run.disagreements == []
    ends = {it.segment.source for it in run.events if isinstance(it, Sent)}
    service, [server] = (
        run.labels[0].server,
        ends
        - {
            run.labels[0].client,
            run.labels[0].server,
        },
    )
    assert service.port == server.port
    assert [truth_at(run, run.labels[0], it) for it in run.frames] == [
        ("firewall-reset", "path"),
        ("firewall-reset", "path"),
        None,
    ]


def test_a_narrow_path_loses_the_large_and_tells_nobody() -> None:
    """Of an answer in three segments only the last, a short one, arrives."""

    def steps() -> list[object]:
        return [
            *established(1),
            network.narrow(1400),
            server.send(3000),
            settle(),
            network.heal(),
            client.receive(3000, everything=True).gives("3000"),
        ]

    truth = {"a": Truth("still-open", "none")}
    scenario = Scenario("x", steps, truth)  # type: ignore[arg-type]
    [run] = play(scenario, strict=False)
    assert run.disagreements == []
    sent = [it for it in run.events if isinstance(it, Sent) and it.segment.payload]
    lost = {len(it.segment.payload) for it in sent if it.fate == "lost"}
    assert lost == {1448}
    assert not any(isinstance(it, Datagram) for it in run.events)


def test_datagrams_and_icmp_errors_are_in_the_timeline() -> None:
    """A run shows more than TCP: who sent each datagram, and what a router said."""
    udp, icmp = play(
        scenarios.load("datagram-socket-each"),
        scenarios.load("icmp-host-unreachable"),
        watch=True,
    )
    datagrams = [it for it in udp.events if isinstance(it, Datagram)]
    assert {it.where for it in datagrams} == {"client", "server"}
    assert {it.text.partition(",")[0] for it in datagrams} == {"UDP"}
    sockets = [it for it in udp.events if isinstance(it, SocketState)]
    assert {it.protocol for it in sockets} == {"udp"}
    assert next(it.state for it in sockets if it.host == "server") == "UNCONN"
    assert sum(it.state == "ESTAB" for it in sockets) >= 4  # two pairs
    [error] = [it for it in icmp.events if isinstance(it, Datagram)]
    assert "unreachable" in error.text
    assert (error.where, error.leaves) == ("client", False)


def test_a_reboot_is_told_and_its_own_doing_is_not() -> None:
    """What a host's kernel counts while it is without power happened to nobody."""
    [run] = play(scenarios.load("reboot-write-listening"))
    [told] = [it for it in run.events if isinstance(it, Happening)]
    assert (told.where, told.text.split(":")[0]) == ("server", "power off and on")
    assert run.counters["server"]["OutRsts"] == resets(run, "server") == 1
    assert "TCPAbortFailed" not in run.counters["server"]


def _processes() -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            if MARK.encode() in environment:
                found.append(int(entry.name))
    return found


def _instances(owner: int) -> list[str]:
    return [it for it in instances() if f"_{owner}_" in it]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_behind(number: signal.Signals) -> None:
    """Killed or interrupted in the middle, its programs and trace are gone."""
    lab = subprocess.Popen(
        [sys.executable, "-m", "lastack", "lab", "run", "blackhole-write"],
        env=os.environ | {MARK: "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 10
    while len(_processes()) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)  # the command, process 1 of its namespace, two programs
    assert len(_processes()) >= 4
    assert _instances(lab.pid) != []
    lab.send_signal(number)
    _, said = lab.communicate(timeout=10)
    assert "Traceback" not in said
    while _processes() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _processes() == []
    while _instances(lab.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _instances(lab.pid) == []


def test_an_ipv6_address_can_be_used_at_once() -> None:
    """Duplicate detection, which makes an address tentative, is off for each."""
    topology = Topology(ipv6=True, routed=True, timestamps=True)
    try:
        for host in HOSTS:
            with topology.host(host).namespace.entered():
                lines = Path("/proc/thread-self/net/if_inet6").read_text().splitlines()
            flags = [int(it.split()[4], 16) for it in lines if it.startswith("fd4c")]
            assert [it & 0x42 for it in flags] == [0x02]  # NODAD, not TENTATIVE
    finally:
        topology.close()
