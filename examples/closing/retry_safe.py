"""Which failed requests may be sent again."""

from lastack.closing import RequestNotDoneError, retry_safe

reset = ConnectionResetError(104, "Connection reset by peer")
refused = ConnectionRefusedError(111, "Connection refused")

for error, sent in ((refused, 0), (reset, 0), (reset, 40), (reset, 100)):
    print(f"{error!r}, {sent} of 100 sent: {retry_safe(error, sent, total=100)}")

assert retry_safe(RequestNotDoneError(), 100, total=100)
assert not retry_safe(EOFError(), 100, total=100)
assert retry_safe(EOFError(), 100, total=100, idempotent=True)
