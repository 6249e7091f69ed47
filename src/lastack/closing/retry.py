"""Whether a request may be sent again after its connection failed."""

import errno

_NEVER_CONNECTED = {
    errno.ECONNREFUSED,
    errno.EADDRNOTAVAIL,
    errno.EADDRINUSE,
    errno.EMFILE,
    errno.ENFILE,
}
"""Only connect() fails with these: no connection, no request."""


class RequestNotDoneError(ConnectionError):
    """The peer said that it did not and will not do this request: repeat it."""


def retry_safe(
    error: BaseException,
    sent: int,
    *,
    total: int | None = None,
    idempotent: bool = False,
) -> bool:
    """Whether sending the request again cannot make it happen twice.

    `sent`: bytes of this request which a write accepted, 0 if none (for asyncio
    count a request as sent once `write()` was called on an open transport).
    `total`: the request's length, if its peer acts only on whole requests.
    `idempotent`: doing it twice is as good as once (RFC 9110 section 9.2.2).

    True only if it is proved: nothing was sent; the peer said so
    (`RequestNotDoneError`); there never was a connection; the request cannot
    have arrived whole. After a whole request went out, neither ECONNRESET nor
    end of file proves anything: the server may have done it and died before
    answering. That race cannot be avoided, only made harmless (`idempotent`, a
    request identifier which the server remembers) or rare (`IdleClose`).

    Raises:
        ValueError: `sent` is negative, or more than `total`.
    """
    if sent < 0 or (total is not None and sent > total):
        raise ValueError(f"sent {sent!r} bytes of {total!r}: impossible")
    if idempotent or sent == 0 or isinstance(error, RequestNotDoneError):
        return True
    if isinstance(error, OSError) and error.errno in _NEVER_CONNECTED:
        return True
    return total is not None and sent < total
