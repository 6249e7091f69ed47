"""What a probe judges of what it saw, where no real server need play it."""

import pytest

from lastack.check.connection import End
from lastack.check.probe import Verdict
from lastack.check.probes import silent_client, stops_reading
from lastack.check.server import Settings

SETTINGS = Settings(wait=10, idle_limit=120)


def silence(end: End, *, spoke: bool) -> silent_client.Silence:
    """Return how five seconds of silence ended, while others were served."""
    return silent_client.Silence(True, end, 5.0, spoke)


@pytest.mark.parametrize(
    ("seen", "verdict", "did"),
    [
        (silence(End.FIN, spoke=False), Verdict.GOOD, "closed after 5.0 s"),
        (
            silence(End.FIN, spoke=True),
            Verdict.GOOD,
            "sent a word, then closed after 5.0 s",
        ),
        (
            silence(End.RESET, spoke=False),
            Verdict.GOOD,
            "reset the connection after 5.0 s",
        ),
        (silence(End.LOST, spoke=False), Verdict.NOT_TOLD, "was lost after 5.0 s"),
        (silence(End.OPEN, spoke=False), Verdict.NOT_TOLD, "not seen to close"),
    ],
)
def test_a_silent_client(
    seen: silent_client.Silence, verdict: Verdict, did: str
) -> None:
    """Any end in time is good, a path that fails proves nothing of the server."""
    judgement = silent_client.judge(seen, SETTINGS)
    assert judgement.verdict is verdict
    assert judgement.server_did.startswith(did)


@pytest.mark.parametrize(
    ("came", "end", "persistent", "verdict"),
    [
        (4, End.OPEN, True, Verdict.GOOD),
        (3, End.FIN, False, Verdict.GOOD),
        (3, End.FIN, True, Verdict.BAD),
        (3, End.RESET, False, Verdict.BAD),
        (0, End.FIN, False, Verdict.BAD),
    ],
)
def test_a_client_that_stopped_reading(
    came: int, end: End, persistent: bool, verdict: Verdict
) -> None:
    """All must come, or some and a close where the server always closes."""
    seen = stops_reading.Stalled(4, came, False, True, end, persistent)
    assert stops_reading.judge(seen, SETTINGS).verdict is verdict
