"""Half-close: say "I have sent everything" and go on reading."""

import errno
import socket
from typing import Any

from lastack.closing.endpoint import Endpoint


def half_close(endpoint: Endpoint) -> None:
    """Send FIN after everything that was written; reading goes on.

    shutdown(SHUT_WR), or `write_eof()` of a StreamWriter or transport, which
    first sends its buffer. The peer reads end of file and may go on sending for
    hours (RFC 9293 section 3.6, RFC 1122 section 4.2.2.13). A later write here
    fails with EPIPE. Many proxies and some servers take a half-close for a
    disappearance and drop the answer: `lastack check` tells whether one does.

    Calling it twice is harmless.

    Raises:
        OSError: ENOTCONN, the connection is not open or was reset.
        TypeError: TLS, which cannot be half-closed here.
    """
    if isinstance(endpoint, socket.socket):
        from lastack.closing.graceful import refuse_tls

        refuse_tls(endpoint)
        endpoint.shutdown(socket.SHUT_WR)
        return
    transport: Any = getattr(endpoint, "transport", endpoint)
    if transport.get_extra_info("ssl_object") is not None:
        raise TypeError("a TLS connection, which asyncio cannot half-close")
    if transport.is_closing():
        raise OSError(errno.ENOTCONN, "the transport is closed already")
    transport.write_eof()
