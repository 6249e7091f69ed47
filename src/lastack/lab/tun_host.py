"""The real kernel behind a TUN device, in a network namespace of its own.

Its segments are read from the device and its peer's are written there, so the
peer may be a script or a simulated host; the network between has no delay but
what the peer makes.
"""

import errno
import os
import select
import time
from collections import deque
from typing import Final, Self

from lastack.lab.frames import segment_of
from lastack.lab.namespaces import Namespace
from lastack.sources.tun import Tun
from lastack.tcp.icmp import IcmpError
from lastack.tcp.segment import Segment
from lastack.wire.encode import encode_ip

_ETHERNET_OF_IPV4: Final = b"\0" * 12 + b"\x08\x00"
_SETTINGS: Final = {
    # The simulator's congestion control is Reno without pacing.
    "net.ipv4.tcp_congestion_control": "reno",
    "net.ipv4.tcp_no_metrics_save": "1",
    "net.ipv6.conf.all.disable_ipv6": "1",
    "net.ipv6.conf.default.disable_ipv6": "1",
}


class TunHost:
    """A kernel at `address`, alone with a TUN device.

    Times are nanoseconds from `began`, which is CLOCK_MONOTONIC's.
    """

    def __init__(self, address: str) -> None:
        self.namespace = Namespace()
        self.sent: deque[Segment] = deque()
        try:
            for name, value in _SETTINGS.items():
                try:
                    self.namespace.set(name, value)
                except OSError:
                    continue  # a kernel without IPv6
            with self.namespace.entered():
                self.tun = Tun(f"{address}/24")
        except BaseException:
            self.namespace.close()
            raise
        self.began = time.monotonic_ns()

    @property
    def now(self) -> int:
        """Nanoseconds since it was made."""
        return time.monotonic_ns() - self.began

    def write(self, packet: Segment | IcmpError) -> None:
        """Let a segment, or an ICMP error, arrive at the kernel."""
        self.tun.write(encode_ip(packet))

    def read(self) -> None:
        """Put what the kernel has sent into `sent`."""
        while (packet := self.tun.read()) is not None:
            segment = segment_of(self.now, _ETHERNET_OF_IPV4 + packet)
            if packet[0] >> 4 == 4 and segment is not None:
                self.sent.append(segment)

    def wait(self, until: int, *others: int) -> None:
        """Wait until the kernel sends, one of `others` is readable, or `until` comes.

        What the kernel has sent is then in `sent`.
        """
        left = max(until - self.now, 0)
        select.select([self.tun.fileno(), *others], [], [], left / 1_000_000_000)
        self.read()

    def close(self) -> None:
        """Remove the device and the namespace."""
        self.tun.close()
        self.namespace.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def errno_name(error: OSError) -> str:
    """Return the errno of an error as a timeline has it, `-ECONNRESET`."""
    return f"-{errno.errorcode.get(error.errno or 0, os.strerror(error.errno or 0))}"
