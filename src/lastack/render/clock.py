"""When something was, in UTC."""

import time

_DAY = 86_400_000
"""Of milliseconds."""


def clock(nanoseconds: int) -> str:
    """Return a time since 1970 as `2026-11-21 06:18:59.123456 UTC`."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    try:
        whole = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))
    except (ValueError, OverflowError, OSError):
        return f"at {seconds} s since 1970"
    return f"{whole}.{rest // 1000:06} UTC"


def time_of_day(nanoseconds: int) -> str:
    """Return a time since 1970 as `06:18:59.123`, without its day."""
    seconds, milliseconds = divmod(nanoseconds // 1_000_000 % _DAY, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{milliseconds:03}"
