"""What a capture at one place has a trace of; no kernel needed."""

from dataclasses import replace

import pytest

from lastack.lab.run import Run
from lastack.lab.seen import held_up, truth_at
from lastack.lab.truth import Label
from lastack.tcp import flags as bits
from lastack.tcp.scenario import Scenario, Truth, Wire
from lastack.tcp.segment import Address, Segment
from lastack.wire.encode import encode_ethernet

CLIENT, SERVER = Address("10.0.0.2", 40001), Address("10.0.0.130", 8080)
SECOND = 1_000_000_000
TRUTH = Truth("retransmission-timeout", "client")
HANDSHAKE = [(0.0, True, bits.SYN), (0.0, False, 18), (0.0, True, bits.ACK)]
FIN_IS_ACKED = bits.ACK | bits.PSH
WRITES = [(1.0, True, 16), (1.2, True, 16), (1.6, True, 16)]

Sketch = list[tuple[float, bool, int]]


def run(client: Sketch, server: Sketch) -> Run:
    played = Run(Scenario("x", list, {"a": TRUTH}), Wire(delay=0.01), ipv6=False)
    for vantage, sketch in (("client", client), ("wire", client), ("server", server)):
        played.frames[vantage] = [
            (
                int(time * SECOND),
                encode_ethernet(
                    Segment(
                        0,
                        CLIENT if forth else SERVER,
                        SERVER if forth else CLIENT,
                        flags,
                        1,
                        2 if flags == FIN_IS_ACKED else 1,
                        502,
                    )
                ),
            )
            for time, forth, flags in sketch
        ]
    return played


def label(truth: Truth = TRUTH, unseen: frozenset[str] = frozenset()) -> Label:
    return Label("a", CLIENT, SERVER, truth, (), unseen)


def test_who_sees_nothing_of_the_end_has_an_open_connection() -> None:
    """The server of a dead path saw a handshake and no more."""
    played = run(HANDSHAKE + WRITES, HANDSHAKE)
    assert truth_at(played, label(), "server") == ("still-open", "none")
    assert truth_at(played, label(), "client") == ("retransmission-timeout", "client")
    assert truth_at(played, label(), "wire") == ("retransmission-timeout", "client")


def test_who_sees_the_end_has_the_truth() -> None:
    """Where the segments came through, all vantages have one truth."""
    played = run(HANDSHAKE + WRITES, HANDSHAKE + WRITES)
    assert truth_at(played, label(), "server") == ("retransmission-timeout", "client")


def test_the_side_that_ended_it_sees_it() -> None:
    """Answers that went on at the far end, and were lost, change nothing."""
    answers = [(3.0, False, bits.ACK)]
    played = run(HANDSHAKE, HANDSHAKE + WRITES + answers)
    assert truth_at(played, label(), "client") == ("retransmission-timeout", "client")


def test_a_sign_of_an_end_is_not_taken_for_none() -> None:
    """A FIN that came keeps the scenario's truth, whatever went on elsewhere."""
    played = run(HANDSHAKE + WRITES, [*HANDSHAKE, (0.1, True, 17)])
    assert truth_at(played, label(), "server") == ("retransmission-timeout", "client")


def test_the_scenarios_own_word_for_a_vantage_comes_first() -> None:
    """`at` is not overruled."""
    truth = Truth(
        "firewall-reset", "path", at={"server": ("peer-lost-state", "client")}
    )
    played = run(HANDSHAKE + WRITES, HANDSHAKE)
    assert truth_at(played, label(truth), "server") == ("peer-lost-state", "client")


def test_a_truth_whose_ground_did_not_come_so_far_is_no_label() -> None:
    """A FIN that was not acknowledged here, a window that was not closed here."""
    fin = [(1.0, True, bits.FIN | bits.ACK)]
    acked = [(1.1, False, FIN_IS_ACKED)]
    truth = Truth("fin-unanswered", "server")
    played = run(HANDSHAKE + fin + acked, HANDSHAKE + fin)
    assert truth_at(played, label(truth), "client") == ("fin-unanswered", "server")
    assert truth_at(played, label(truth), "server") is None
    stalled = Truth("zero-window-stall", "server")
    assert truth_at(played, label(stalled), "client") is None


def test_a_reset_lost_by_chance_leaves_no_label() -> None:
    """Nobody can say what is true of a capture that the reset never reached."""
    played = run(HANDSHAKE, HANDSHAKE)
    assert truth_at(played, label(unseen=frozenset({"server"})), "server") is None


def test_behind_a_nat_there_is_no_label() -> None:
    """A label names two addresses; where the server has another, it is of no use."""
    played = run(HANDSHAKE + WRITES, HANDSHAKE + WRITES)
    service = Label("a", CLIENT, Address("10.0.0.1", 8080), TRUTH, ())
    played.frames["client"] = [
        (time, encode_ethernet(replace(segment, destination=service.server)))
        for time, segment in ((0, Segment(0, CLIENT, SERVER, bits.SYN, 1)),)
    ]
    assert truth_at(played, service, "client") is not None
    assert truth_at(played, service, "server") is None


def test_a_segment_that_the_machine_held_up_is_found() -> None:
    """Beyond the wire's own delay, from each sender's own vantage on."""
    late = [(1.0, True, 16), (1.2, True, 16), (2.4, True, 16)]
    swift = run(HANDSHAKE + WRITES, HANDSHAKE + WRITES)
    assert held_up(swift, label()) == 0
    assert held_up(run(HANDSHAKE + WRITES, HANDSHAKE + late), label()) == (
        pytest.approx(2.4 - 1.6 - 0.01)
    )
