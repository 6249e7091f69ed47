"""A timeline as rows for JSON."""

import json

from lastack.render.timeline_rows import timeline_rows
from lastack.tcp.events import Call, Sent
from lastack.tcp.flags import ACK
from lastack.tcp.segment import Address, Options, Segment

CLIENT, SERVER = Address("192.0.2.1", 40001), Address("192.0.2.129", 8080)


def test_a_row_names_its_kind_and_has_no_octets() -> None:
    """A payload is its length: octets do not go into JSON."""
    segment = Segment(7, CLIENT, SERVER, ACK, 1, 1, 64, b"secret", Options())
    call = Call(9, "client", "client", "close", "a", "0")
    rows = timeline_rows([Sent(7, "wire", segment), call])
    sent, called = json.loads(json.dumps(rows))
    assert (sent["event"], sent["segment"]["payload"]) == ("sent", 6)
    assert (called["event"], called["name"]) == ("call", "close")
