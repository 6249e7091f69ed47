"""Judges a capture that is in memory: what every test of verdicts begins with."""

from lastack.connections.scan import Scan
from lastack.connections.table import ConnectionTable
from lastack.diagnosis.explained import Explained
from lastack.wire.files import detect


def judged(octets: bytes) -> Explained:
    """Return the capture `octets`, read and judged."""
    form = detect(octets[:16])
    assert form is not None
    scan = Scan(form.reader(), ConnectionTable(7))
    used = scan.run(bytearray(octets), 0, len(octets))
    assert used == len(octets)
    return Explained("capture", scan)


def verdicts(octets: bytes) -> list[tuple[tuple[str, float], ...]]:
    """Return for each connection its claims with odds, the likeliest first."""
    return [
        tuple(
            (f"{one.slug}/{one.by}", round(one.probability, 9))
            for one in judgement.ranked
        )
        for judgement in judged(octets).judgements
    ]
