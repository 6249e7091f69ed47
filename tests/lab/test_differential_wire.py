"""What is written of a segment, for two kernels to have in common."""

from lastack.lab.differential.steps import Offer
from lastack.lab.differential.wire import PEER_ISN, Wire
from lastack.tcp.flags import ACK, SYN
from lastack.tcp.segment import Address, Options, Segment

HOST, PEER = Address("10.0.0.2", 40001), Address("10.0.0.130", 8080)


def sent(flags: int, ack: int, options: Options) -> str:
    """Return the text of a segment that the host sends first."""
    wire = Wire(HOST, PEER, Offer.FULL)
    segment = Segment(0, HOST, PEER, flags, 7_000, ack, 64240, b"", options)
    return wire.sent(segment).text


def test_options_by_name_and_number() -> None:
    """All that say something, in their order; what only aligns them is left out."""
    syn = Options(1460, 7, True, (5_000, 0), ())
    assert sent(SYN, 0, syn) == "S 0:0(0) mss 1460 sackOK ecr 0 wscale 7"


def test_blocks_count_from_the_peer() -> None:
    """SACK's edges are numbers of the other side, relative to its SYN."""
    block = Options(sack=((PEER_ISN + 101, PEER_ISN + 201),))
    assert sent(ACK, PEER_ISN + 1, block).endswith("ack 1 sack [101, 201]")
