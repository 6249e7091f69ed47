"""Whether an address is this host's own, so that a check needs no consent."""

import ipaddress
import socket
from pathlib import Path
from typing import Final

_NONLOCAL_BIND: Final = "/proc/sys/net/ipv{}/ip_nonlocal_bind"


def is_own(address: str) -> bool:
    """Tell whether `address` (numeric) belongs to this host and network namespace.

    Loopback does. Any other does if a socket can be bound to it, which the kernel
    allows for its own addresses alone, unless ip_nonlocal_bind is set: then the
    answer is no.
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if parsed.is_loopback or parsed.is_unspecified:
        return True
    if parsed.is_multicast:
        return False
    switch = Path(_NONLOCAL_BIND.format(parsed.version))
    try:
        if switch.read_text().strip() != "0":
            return False
    except OSError:
        pass  # not Linux: no such switch
    family = socket.AF_INET6 if parsed.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind((address, 0))
        except OSError:
            return False
    return True
