"""Where a capture lost frames, the refusal that ended a connection may be one."""

from typing import Final

from lastack.connections.story import Story
from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from lastack.endings import endings
from lastack.wire.pcap_writer import pcap_record
from tests.endings.pages import BEGINNING, capture, verdict
from tests.judged import judged

# Of the client's data a part is acknowledged, and in no frame.
LOSSY: Final = """
0     > S 0:0(0) win 64240 <mss 1460>
+.01  < S. 0:0(0) ack 1 win 65160 <mss 1460> {id 0}
+0    > . 1:1(0) ack 1 win 502
+.1   > P. 101:201(100) ack 1 win 502
+.01  < P. 1:201(200) ack 201 win 509 {id 7}
+0    > . 201:201(0) ack 201 win 501
"""
WHOLE: Final = LOSSY.replace("101:201(100)", "1:201(200)")
CLOSED: Final = (
    "+1 < F. 201:201(0) ack 201 win 509\n+.01 > . 201:201(0) ack 202 win 501\n"
)


def said(trace: str) -> Judgement:
    """Return the judgement on a trace."""
    return verdict((trace,))


def odds(trace: str) -> dict[str, float]:
    """Return the probability of each ending."""
    return {one.slug: one.probability for one in said(trace).ranked}


def test_data_behind_a_fin_may_have_been_refused() -> None:
    """Who has closed and leaves data unanswered has rather refused it."""
    found = odds(LOSSY + CLOSED + "+3 > P. 201:301(100) ack 202 win 501")
    assert found["data-after-close"] > 0.1
    assert max(found.values()) < CONFIDENT


def test_a_refusal_that_is_not_there_is_not_told_as_seen() -> None:
    """The sentence says that the reset is not in the capture."""
    lost = judged(capture((LOSSY + CLOSED + "+3 > P. 201:301(100) ack 202 win 501",)))
    for slug in ("data-after-close", "fin-wait-2-expired"):
        told = endings()[slug].tell(Story(lost.connections[0], "server"))
        assert "not in the capture" in told


def test_a_fin_a_while_later_may_have_been_refused() -> None:
    """After a second its time in FIN_WAIT_2 may be over; the last ACK is not here."""
    late = CLOSED + "+3 > F. 201:201(0) ack 202 win 501\n"
    found = odds(LOSSY + late)
    assert found["fin-wait-2-expired"] > 0.1
    assert max(found.values()) < CONFIDENT
    acked = "+.01 < . 202:202(0) ack 202 win 509"
    assert "fin-wait-2-expired" not in odds(LOSSY + late + acked)


def test_a_reset_whose_sender_goes_on_may_be_a_boxs_answer() -> None:
    """What it rejected may be missing; with a foreign form it is forged."""
    goes_on = "+3 < R 201:201(0) win 0 {id 0}\n+1 < P. 201:301(100) ack 201 {id 8}"
    found = odds(WHOLE + goes_on)
    assert max(found.values()) < CONFIDENT
    assert found["firewall-reset"] > 0.2
    foreign = goes_on.replace("win 0 {id 0}", "win 9 {id 31337}")
    assert odds(WHOLE + foreign)["injected-reset"] > CONFIDENT


def test_syns_may_have_met_an_error_that_was_lost() -> None:
    """Two SYNs and silence are sure only where no ICMP error can be missing."""
    syns = "0 > S 0:0(0) win 64240\n+1 > S 0:0(0) win 64240"
    arp = pcap_record(BEGINNING + 9_000_000_000, bytes(12) + b"\x08\x06" + bytes(28))
    for other, doubtful in ((LOSSY, True), (WHOLE, False)):
        ranked = judged(capture((syns, other)) + arp).judgements[0].ranked
        assert ("icmp-rejected" in {one.slug for one in ranked}) == doubtful


def test_a_fin_that_is_missing_may_have_acknowledged_the_other() -> None:
    """That two FINs crossed is not sure where one of them is in no frame."""
    closed = "+1 > F. 201:201(0) ack 201 win 501\n+.02 < . 202:202(0) ack 202 win 509\n"
    found = said(WHOLE + closed + "+0 > . 202:202(0) ack 202 win 501")
    assert (found.first.slug, found.first.by) == ("orderly-close", "both")
    assert found.first.probability < CONFIDENT


def test_where_frames_are_lost_silence_proves_little() -> None:
    """A close, or a reset, may be among what was lost; elsewhere nothing is."""
    lost, whole = odds(LOSSY), odds(WHOLE)
    assert (lost["unknown"] > 0.2, whole["unknown"] > 0.02) == (True, False)
    lost, whole = odds(LOSSY + CLOSED), odds(WHOLE + CLOSED)
    assert (lost["unknown"] > 0.5, whole["unknown"] > 0.02) == (True, False)


def test_nobody_need_have_closed_where_nobody_is_seen_to_close() -> None:
    """Data that waits behind no FIN is no mere guess, where frames are lost either."""
    sent = "+1 > P. 201:301(100) ack 201 win 501\n"
    waits = sent + sent.replace("+1 ", "+.3 ") * 2
    open_still, closed = odds(LOSSY + waits), odds(LOSSY + CLOSED + waits)
    mere_guess = closed["retransmission-timeout"]
    assert open_still["retransmission-timeout"] > 5 * mere_guess
