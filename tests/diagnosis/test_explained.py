"""What is said of a capture as a whole."""

from lastack.diagnosis.explained import Explained
from tests.connections.traced import HANDSHAKE, explained

ASKED = HANDSHAKE + "+.1 > P. 1:101(100) ack 1\n"
TALK = ASKED + "+.01 < P. 1:201(200) ack 101\n+.01 > . 101:101(0) ack 201\n"
LOSSY = ASKED + "+.01 < . 201:201(0) ack 101\n+.01 > . 101:101(0) ack 201\n"


def trouble(found: Explained) -> str:
    """Return what is wrong with a capture, in lines."""
    return "\n".join(found.trouble)


def test_missing_frames_are_counted_and_a_whole_capture_has_no_trouble() -> None:
    """What was acknowledged and is not here is said once, for all connections."""
    assert explained(TALK).trouble == ()
    assert "at least 1 frame is missing" in trouble(explained(LOSSY))
