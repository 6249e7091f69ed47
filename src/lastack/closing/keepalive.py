"""TCP's own options against a peer that is silent: keepalive and user timeout."""

import socket
import sys
from dataclasses import dataclass

from lastack.closing.endpoint import Endpoint, socket_of

# <linux/tcp.h>; xnu bsd/netinet/tcp.h; ws2ipdef.h; illumos <netinet/tcp.h>.
_LINUX_TCP_USER_TIMEOUT = 18
_DARWIN_TCP_KEEPALIVE = 0x10
_DARWIN_TCP_RXT_CONNDROPTIME = 0x80
_WINDOWS_TCP_MAXRT = 5

_LONGEST = 32767
_MOST_PROBES = 127


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """Probe an idle connection, and give it up when nobody answers.

    After `idle` seconds without a segment from the peer the kernel sends a probe
    (length 0, sequence number SND.NXT-1), again every `interval` seconds, and
    after `count` unanswered ones it aborts: reads fail with ETIMEDOUT, RST is
    sent (RFC 1122 section 4.2.3.6; Linux `tcp_keepalive_timer`).

    It says nothing while data is unacknowledged: retransmission has its own
    clock (15 minutes on Linux), see `user_timeout`. Nor about the program: the
    kernel of a stopped, hung or even dead process answers (`Heartbeat`).

    Seconds, 1 to 32767; count 1 to 127 (Linux's ranges, which others contain).
    """

    idle: int
    interval: int
    count: int

    def __post_init__(self) -> None:
        for name, most in (
            ("idle", _LONGEST),
            ("interval", _LONGEST),
            ("count", _MOST_PROBES),
        ):
            value = getattr(self, name)
            if type(value) is not int or not 1 <= value <= most:
                raise ValueError(
                    f"keepalive {name} must be an int from 1 to {most}, not {value!r}"
                )

    @property
    def gives_up_after(self) -> int:
        """Seconds from the peer's last segment to the error, when idle."""
        return self.idle + self.interval * self.count

    def set(self, endpoint: Endpoint) -> None:
        """Switch it on, for a socket, a StreamWriter or a transport.

        A listening socket hands it to the sockets which it accepts.

        Raises:
            OSError: this system cannot set the times of one connection.
        """
        with socket_of(endpoint) as sock:
            for option, value in self._options():
                sock.setsockopt(socket.IPPROTO_TCP, option, value)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def _options(self) -> list[tuple[int, int]]:
        idle = getattr(socket, "TCP_KEEPIDLE", None)
        if sys.platform == "darwin":
            idle = _DARWIN_TCP_KEEPALIVE
        interval = getattr(socket, "TCP_KEEPINTVL", None)
        count = getattr(socket, "TCP_KEEPCNT", None)
        if idle is None or interval is None or count is None:
            raise OSError(f"{sys.platform} cannot set keepalive times per connection")
        return [(idle, self.idle), (interval, self.interval), (count, self.count)]


def user_timeout(endpoint: Endpoint, seconds: float) -> None:
    """Give up when sent data stays unacknowledged for `seconds` (RFC 5482).

    The program then reads ETIMEDOUT (EHOSTUNREACH if the last router said so).
    0 restores the system's own limit.

    Linux, TCP_USER_TIMEOUT, milliseconds: the clock starts at the first
    *retransmission*, so add up to twice the retransmission timeout. It replaces
    the count of keepalive probes, and also kills a connection whose peer is
    alive but has kept its window closed for so long. macOS
    (TCP_RXT_CONNDROPTIME) and Windows (TCP_MAXRT): whole seconds, rounded up.

    Raises:
        ValueError: negative, or more than 24 days.
        OSError: ENOPROTOOPT, this system has no such option (FreeBSD).
    """
    if not 0 <= seconds <= 2_147_483:
        raise ValueError(f"user_timeout takes 0 to 2147483 seconds, not {seconds!r}")
    with socket_of(endpoint) as sock:
        option, value = user_timeout_option(seconds)
        sock.setsockopt(socket.IPPROTO_TCP, option, value)


def user_timeout_option(
    seconds: float, platform: str = sys.platform
) -> tuple[int, int]:
    """The option of IPPROTO_TCP and its value on that `sys.platform`.

    Raises:
        OSError: that system has none.
    """
    import errno
    import math

    if platform == "linux":
        return _LINUX_TCP_USER_TIMEOUT, math.ceil(seconds * 1000)
    if platform == "darwin":
        return _DARWIN_TCP_RXT_CONNDROPTIME, math.ceil(seconds)
    if platform == "win32":
        return _WINDOWS_TCP_MAXRT, math.ceil(seconds)
    message = f"{platform} has no user timeout for one connection"
    raise OSError(errno.ENOPROTOOPT, message)
