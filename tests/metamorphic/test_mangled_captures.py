"""Whatever is done to a capture, every connection in it gets a whole verdict."""

import io
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lastack.diagnosis.verdict import verdict
from lastack.render.text import WIDTH, Text
from tests.judged import judged
from tests.metamorphic.test_same_verdicts import CORPUS, pcap
from tests.walk import Frame, iterate

# Short ones of every family; the others differ in length only.
NAMES = (
    "close-unread-huge.m",
    "data-arrives-fin-wait1.c",
    "inject-rst-burst.m",
    "keepalive-timeout.c",
    "mid-reject-icmp.c",
    "overflow-final-ack-drop.m",
    "reboot-same-4tuple.m",
    "synsent-bad-ack.c",
    "tw-old-syn.m",
    "zw-orphan.m",
)
FLAGS_AT = 14 + 20 + 13


def mangle(frames: list[Frame], draw: st.DataObject) -> list[Frame]:
    """Return the frames, some lost, doubled, swapped, cut, changed or moved."""
    for _ in range(draw.draw(st.integers(1, 6))):
        if not frames:
            break
        at = draw.draw(st.integers(0, len(frames) - 1))
        one = frames[at]
        octets = bytearray(one.octets)
        match draw.draw(st.integers(0, 6)):
            case 0:
                del frames[at]
            case 1:
                frames.insert(draw.draw(st.integers(0, len(frames))), one)
            case 2:
                to = draw.draw(st.integers(0, len(frames) - 1))
                frames[at], frames[to] = frames[to], frames[at]
            case 3:
                length = draw.draw(st.integers(0, len(octets)))
                frames[at] = one._replace(octets=bytes(octets[:length]))
            case 4 if octets:
                place = draw.draw(st.integers(0, len(octets) - 1))
                octets[place] = draw.draw(st.integers(0, 255))
                frames[at] = one._replace(octets=bytes(octets))
            case 5 if len(octets) > FLAGS_AT:
                octets[FLAGS_AT] = draw.draw(st.integers(0, 255))
                frames[at] = one._replace(octets=bytes(octets))
            case _:
                later = draw.draw(st.integers(-(10**9), 10**11))
                frames[at] = one._replace(time=one.time + later)
    return frames


@pytest.mark.parametrize("name", NAMES)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_mangled_capture_is_judged_whole(
    name: str, data: st.DataObject, corpus: Path
) -> None:
    """It has a verdict with odds that sum to 1, and text that fits the screen."""
    assert corpus == CORPUS
    explained = judged(pcap(mangle(list(iterate(corpus / f"{name}.pcap")), data)))
    out = io.StringIO()
    Text(out, colour=False).capture(
        explained, lambda *_: True, everything=True, most=99
    )
    assert [line for line in out.getvalue().splitlines() if len(line) > WIDTH] == []
    for diagnosis in explained.diagnoses():
        one = verdict(diagnosis)
        total = one.confidence + sum(other.confidence for other in one.alternatives)
        assert msgspec.json.encode(one)
        assert abs(total - 1) < 1e-4
