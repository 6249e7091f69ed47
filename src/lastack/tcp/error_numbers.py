"""Each system's numbers of the errors that a socket's calls return.

By the name in errno.h; Windows has those of winsock2.h, which end in the same words.
"""

from collections.abc import Mapping
from typing import Final

_LINUX: Final = {
    "EINTR": 4,
    "EBADF": 9,
    "EWOULDBLOCK": 11,
    "EAGAIN": 11,  # behind EWOULDBLOCK: it is the name of 11 in strace's words
    "EINVAL": 22,
    "EPIPE": 32,
    "EADDRINUSE": 98,
    "EADDRNOTAVAIL": 99,
    "ENETUNREACH": 101,
    "ECONNABORTED": 103,
    "ECONNRESET": 104,
    "EISCONN": 106,
    "ENOTCONN": 107,
    "ETIMEDOUT": 110,
    "ECONNREFUSED": 111,
    "EHOSTUNREACH": 113,
    "EALREADY": 114,
    "EINPROGRESS": 115,
}
_BSD: Final = _LINUX | {
    "EAGAIN": 35,
    "EWOULDBLOCK": 35,
    "EINPROGRESS": 36,
    "EALREADY": 37,
    "EADDRINUSE": 48,
    "EADDRNOTAVAIL": 49,
    "ENETUNREACH": 51,
    "ECONNABORTED": 53,
    "ECONNRESET": 54,
    "EISCONN": 56,
    "ENOTCONN": 57,
    "ETIMEDOUT": 60,
    "ECONNREFUSED": 61,
    "EHOSTUNREACH": 65,
}
_ILLUMOS: Final = _LINUX | {
    "EADDRINUSE": 125,
    "EADDRNOTAVAIL": 126,
    "ENETUNREACH": 128,
    "ECONNABORTED": 130,
    "ECONNRESET": 131,
    "EISCONN": 133,
    "ENOTCONN": 134,
    "ETIMEDOUT": 145,
    "ECONNREFUSED": 146,
    "EHOSTUNREACH": 148,
    "EALREADY": 149,
    "EINPROGRESS": 150,
}
_WINDOWS: Final = {name: 10_000 + number for name, number in _BSD.items()} | {
    "EPIPE": 10058,  # WSAESHUTDOWN
}

ERROR_NUMBERS: Final[Mapping[str, Mapping[str, int]]] = {
    "linux": _LINUX,
    "freebsd": _BSD,
    "macos": _BSD,
    "illumos": _ILLUMOS,
    "windows": _WINDOWS,
}
"""By the name of a personality: `ERROR_NUMBERS["freebsd"]["ECONNRESET"]` is 54."""
