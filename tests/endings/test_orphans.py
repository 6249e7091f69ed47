"""A reset of one's own FIN: too many orphans, or a program that aborts."""

from typing import Final

from tests.endings.pages import verdict

CLOSED: Final = """
0     > S 0:0(0) win 64240 <mss 1460>
+.01  < S. 0:0(0) ack 1 win 65160 <mss 1460> {id 0}
+0    > . 1:1(0) ack 1 win 502
+0    > P. 1:101(100) ack 1 win 502
+.01  < . 1:1(0) ack 101 win 509
+1    < F. 1:1(0) ack 101 win 509
"""


def listed(trace: str) -> set[str]:
    """Return the endings that are listed."""
    return {one.slug for one in verdict((trace,)).ranked}


def test_the_kernel_drops_an_orphan_at_once_or_when_its_fin_is_acknowledged() -> None:
    """In between nothing asks it to: close() is over, and no segment has come."""
    reset = "< R. 2:2(0) ack 101 win 509"
    acknowledged = "+.01 > . 101:101(0) ack 2 win 502\n"
    assert "orphan-limit" in listed(f"{CLOSED}+.00003 {reset}")
    assert "orphan-limit" not in listed(f"{CLOSED}+.02 {reset}")
    assert "orphan-limit" in listed(f"{CLOSED}{acknowledged}+.00003 {reset}")
