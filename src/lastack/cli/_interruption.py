"""^C while a pipe is read: the capture has ended, and is explained.

`tcpdump -w - | lastack explain -` is stopped so. The signal reaches both; tcpdump
writes what it still holds and closes the pipe. A writer that does not has a second
for it, and a second ^C stops everything at once.
"""

import os
import signal
import stat
import sys
from types import FrameType, TracebackType

TYPE_CHECKING = False  # not from typing: explain would wait for it
if TYPE_CHECKING:
    from typing import Self

_GRACE_S = 1.0
_STDIN = 0


class Interruption:
    """Within it, ^C ends standard input, if that is a pipe; else it is as ever.

    `happened` tells whether it did.
    """

    def __init__(self) -> None:
        self.happened = False
        self._installed = False

    def __enter__(self) -> "Self":
        try:
            is_pipe = stat.S_ISFIFO(os.fstat(_STDIN).st_mode)
            if is_pipe and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
                signal.signal(signal.SIGINT, self._interrupted)
                self._installed = True
        except (OSError, ValueError):
            pass  # no standard input, or not the main thread
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._installed:
            self._installed = False
            signal.signal(signal.SIGINT, signal.default_int_handler)
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, 0)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.happened = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, _end_of_input)
            signal.setitimer(signal.ITIMER_REAL, _GRACE_S)
        else:
            _end_of_input()


def _end_of_input(number: int = 0, frame: FrameType | None = None) -> None:
    """Put an empty file in place of the pipe: the next read finds its end."""
    del number, frame
    sys.stderr.write("lastack: standard input goes on; the rest of it is left\n")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, _STDIN)
    os.close(nothing)
