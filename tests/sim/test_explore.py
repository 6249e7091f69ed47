"""The exploration: what it finds, what it proves absent, and its witnesses."""

from functools import cache
from pathlib import Path

import pytest

from lastack.cli import main
from lastack.sim.explore.search import Ending, Explored, Fate, Move, explore
from lastack.sim.explore.witness import Witness, witness
from lastack.sim.personalities import load
from lastack.sim.stage import CLIENT_ADDRESS
from lastack.sim.trace import pcap
from lastack.tcp.events import Sent
from lastack.tcp.flags import FIN, RST
from lastack.tcp.segment import Segment
from lastack.tcp.states import State
from tests.judged import verdicts


@cache
def _explored(
    client: str, server: str, faults: int, system: str = "linux", kinds: str = "lose"
) -> Explored:
    side = load(system)
    calls = (_calls(client), _calls(server))
    return explore(side, side, calls, faults=faults, kinds=kinds.split(","))


def _calls(text: str) -> list[str]:
    return text.split(",") if text else []


def _one(found: Explored, client: str, server: str) -> Ending:
    """The ending in which both sides ended by these rules, or in these states."""
    (it,) = [
        it
        for it in found.endings
        if client in {it.client.rule, it.client.state.value}
        and server in {it.server.rule, it.server.state.value}
    ]
    return it


def _played(client: str, server: str, ending: Ending) -> Witness:
    linux = load("linux")
    return witness(linux, linux, (_calls(client), _calls(server)), ending.path)


def test_two_closes_end_in_five_ways_without_a_fault() -> None:
    """Either first, both at once, or either so late that FIN_WAIT_2 is over."""
    found = _explored("close", "close", 0)
    assert found.whole
    assert {(it.client.rule, it.server.rule) for it in found.endings} == {
        ("time-wait-over", "fin-acknowledged"),
        ("fin-acknowledged", "time-wait-over"),
        ("time-wait-over", "time-wait-over"),
        ("fin-wait-2-over", "reset-received"),
        ("reset-received", "fin-wait-2-over"),
    }


def test_no_order_of_two_closes_hangs_whatever_two_segments_are_lost() -> None:
    """Each close() is told to the peer in the end, or its orphan gives up."""
    found = _explored("close", "close", 2)
    assert found.whole
    assert {it.fate for it in found.endings} == {Fate.CLOSED}


def test_a_lost_reset_leaves_a_peer_that_hangs_for_ever() -> None:
    """close() with unread data: one RST, never repeated; its loss is half-open."""
    found = _explored("send", "close", 1)
    hung = _one(found, "ESTABLISHED", "unread-data-at-close")
    assert (hung.fate, hung.faults) == (Fate.HANGS, 1)
    lost = [it for it in hung.path if it.move is Move.LOSE]
    assert len(lost) == 1


def test_a_program_that_never_closes_hangs_in_close_wait() -> None:
    """Nobody calls close() at the server: CLOSE_WAIT, without a timer."""
    found = _explored("close", "", 0)
    assert [it.server.state for it in found.endings] == [State.CLOSE_WAIT]
    assert found.endings[0].fate is Fate.HANGS


def test_keepalive_is_found_to_go_on_for_ever() -> None:
    """FreeBSD probes every connection: idle, it neither ends nor hangs."""
    (alone,) = _explored("", "", 0, "freebsd").endings
    assert alone.fate is Fate.GOES_ON
    (silent,) = _explored("", "", 0).endings
    assert silent.fate is Fate.HANGS


def test_keepalive_ends_what_would_hang_on_linux() -> None:
    """A peer whose power is off: FreeBSD gives up after its probes."""
    (linux,) = _explored("", "vanish", 0).endings
    assert linux.fate is Fate.HANGS
    (freebsd,) = _explored("", "vanish", 0, "freebsd").endings
    assert freebsd.client.rule == "keepalive-given-up"
    assert freebsd.client.saw == ("ETIMEDOUT",)


def test_the_witness_ends_as_the_ending_says() -> None:
    """Played again with real times, each path comes to the same states."""
    for ending in _explored("close,send", "close", 1).endings:
        told = _played("close,send", "close", ending)
        assert told.states == (ending.client.state, ending.server.state)


def test_the_witness_has_no_fault_but_those_it_counts() -> None:
    """What is lost in the timeline is what the path lost."""
    found = _explored("close", "close", 2)
    for ending in found.endings:
        told = _played("close", "close", ending)
        fates = [it.fate for it in told.events if isinstance(it, Sent) and it.fate]
        assert len(fates) == ending.faults


def test_the_shortest_witness_of_an_orderly_close_has_no_retransmission() -> None:
    """Two FINs, no RST: the least that can be."""
    ending = _one(_explored("close", "close", 2), "time-wait-over", "fin-acknowledged")
    flags = [it.flags for it in _played("close", "close", ending).segments]
    assert sum(bool(it & FIN) for it in flags) == 2
    assert not any(it & RST for it in flags)


def test_explain_is_right_on_the_witness_of_a_late_close() -> None:
    """The capture of a path says fin-wait-2-expired, as the simulator knows."""
    ending = _one(_explored("close", "close", 0), "fin-wait-2-over", "reset-received")
    octets = pcap(
        _played("close", "close", ending).events, where="wire", client=CLIENT_ADDRESS
    )
    assert verdicts(octets)[0][0][0] == "fin-wait-2-expired/client"


def test_kill_is_close_for_the_wire_where_the_kernel_closes_for_the_dead() -> None:
    """Two causes, identical packets: proof that close and kill are undecidable."""

    def wires(call: str) -> set[tuple[object, ...]]:
        found = _explored(call, "send,close", 1)
        return {
            tuple(
                (it.source, it.flags, it.seq, it.ack, it.window, it.payload, it.options)
                for it in _segments(call, ending)
            )
            for ending in found.endings
        }

    assert wires("close") == wires("kill")


def _segments(call: str, ending: Ending) -> list[Segment]:
    return _played(call, "send,close", ending).segments


def test_faults_only_ever_add_endings() -> None:
    """What can happen without a fault can happen with one allowed."""
    less = {(it.client, it.server) for it in _explored("close", "kill", 0).endings}
    more = {(it.client, it.server) for it in _explored("close", "kill", 1).endings}
    assert less <= more


def test_what_comes_late_or_twice_is_explored_too() -> None:
    """A FIN that comes again is answered, and no ending is added by it."""
    lost = _explored("close", "close", 1)
    late = _explored("close", "close", 1, "linux", "duplicate,reorder")
    assert late.whole
    assert late.states != lost.states
    assert {it.fate for it in late.endings} == {Fate.CLOSED}


def test_the_limit_of_states_is_kept_and_told() -> None:
    """A search that is cut says that it is not whole."""
    side = load("linux")
    found = explore(side, side, (["close"], ["close"]), faults=2, most=100)
    assert not found.whole
    assert found.states == 100


def test_the_table_fits_and_tells(capsys: pytest.CaptureFixture[str]) -> None:
    """One command, each ending with verdict and witness, at most 80 columns."""
    assert main(["sim", "explore", "--client", "send", "--faults", "1"]) == 0
    out = capsys.readouterr().out
    assert "HANGS for ever" in out
    assert "client send, > P. 100, < ., server close, < R., lost < R." in out
    assert all(len(line) <= 80 for line in out.splitlines())


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--client", "frob"], "no call 'frob'"),
        (["--kinds", "frob"], "no fault 'frob'"),
        (["--client", "close," * 9], "more than 8 calls"),
        (["--faults", "-1"], "--faults and --most"),
        (["--witness", "99"], "there is no ending 99"),
    ],
)
def test_a_wrong_request_is_refused(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one line."""
    assert main(["sim", "explore", *words]) == 2
    assert complaint in capsys.readouterr().err


def test_each_witness_is_written_as_a_capture(tmp_path: Path) -> None:
    """--pcap DIR: a file an ending, and explain agrees with what the table says."""
    words = ["--client", "close,send", "--server", "close,kill", "--faults", "0"]
    assert main(["sim", "explore", *words, "--pcap", str(tmp_path / "new")]) == 0
    files = sorted((tmp_path / "new").iterdir())
    assert [it.name for it in files] == [f"{n:02}.pcap" for n in range(1, 9)]
    assert verdicts(files[0].read_bytes())[0][0][0] == "data-after-close/server"


def test_close_kill_and_shutdown_on_both_sides_are_explored_with_two_losses() -> None:
    """All orders, all pairs of losses: five ways to end, and none hangs."""
    calls = "close,kill,shutdown"
    found = _explored(calls, calls, 2)
    assert found.whole
    assert {it.fate for it in found.endings} == {Fate.CLOSED}
    assert {(it.client.rule, it.server.rule) for it in found.endings} == {
        ("time-wait-over", "fin-acknowledged"),
        ("fin-acknowledged", "time-wait-over"),
        ("time-wait-over", "time-wait-over"),
        ("fin-wait-2-over", "reset-received"),
        ("reset-received", "fin-wait-2-over"),
    }
