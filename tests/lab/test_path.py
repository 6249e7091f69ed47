"""What the wire remembers of a connection; no kernel needed."""

import pytest

from lastack.lab.path import Path
from lastack.tcp import flags as bits
from lastack.tcp.segment import Address, Segment

CLIENT, SERVER = Address("10.0.0.2", 40001), Address("10.0.0.130", 8080)
SYN, SYN_ACK, ACK, FIN, RST = bits.SYN, bits.SYN | bits.ACK, bits.ACK, bits.FIN, 4


def path(*segments: tuple[str, int, int, int, bytes, bool]) -> Path:
    seen = Path(CLIENT, SERVER)
    for towards, flags, seq, ack, payload, lost in segments:
        ends = (CLIENT, SERVER) if towards == "server" else (SERVER, CLIENT)
        segment = Segment(0, *ends, flags, seq, ack, 502, payload)
        seen.saw(segment, "server" if towards == "server" else "client", lost=lost)
    return seen


OPENING = (
    ("server", SYN, 100, 0, b"", False),
    ("client", SYN_ACK, 2**32 - 1, 101, b"", False),
    ("server", ACK, 101, 0, b"", False),
)


def test_settled_when_each_side_has_its_acknowledgement() -> None:
    """All was sent, arrived, and was acknowledged, over the end of the numbers."""
    assert path(*OPENING).is_settled()


@pytest.mark.parametrize(
    "more",
    [
        [("server", ACK, 101, 0, b"data", True)],
        [("server", ACK, 101, 0, b"data", False)],
        [
            ("server", ACK, 101, 0, b"data", False),
            ("client", ACK, 0, 105, b"", True),
        ],
        [("client", FIN | ACK, 0, 101, b"", False)],
    ],
    ids=["data-lost", "data-not-acknowledged", "acknowledgement-lost", "fin"],
)
def test_not_settled_while_one_waits(
    more: list[tuple[str, int, int, int, bytes, bool]],
) -> None:
    """Who has no acknowledgement yet will send again."""
    assert not path(*OPENING, *more).is_settled()


@pytest.mark.parametrize(("lost", "settled"), [(True, False), (False, True)])
def test_a_reset_that_arrives_settles_all(lost: bool, settled: bool) -> None:
    """Nobody waits for an acknowledgement of a connection that was reset."""
    data = ("server", ACK, 101, 0, b"data", False)
    reset = ("client", RST, 0, 0, b"", lost)
    assert path(*OPENING, data, reset).is_settled() is settled


def test_a_new_syn_counts_anew() -> None:
    """Ports that are used again have numbers of their own, lower ones perhaps."""
    again = (
        ("server", SYN, 50, 0, b"", False),
        ("client", SYN_ACK, 2**31, 51, b"", False),
        ("server", ACK, 51, 2**31 + 1, b"", False),
    )
    assert path(*OPENING, *again).is_settled()
