"""Progress on standard error for long work, on a terminal only."""

import sys
import time
from types import TracebackType

TYPE_CHECKING = False  # not from typing: explain would wait for it
if TYPE_CHECKING:
    from typing import Self

    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_QUIET_FOR = 1.0


class Progress:
    """A bar that appears once the work has taken more than a second."""

    def __init__(self, name: str, *, wanted: bool) -> None:
        # A file's name is hostile input, and rich lets an escape through.
        self._name = name if name.isprintable() else ascii(name)
        self._wanted = wanted and sys.stderr.isatty()
        self._started = time.monotonic()
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> "Self":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def moved(self, done: int, size: int | None) -> None:
        """Show that `done` of `size` octets were read."""
        if not self._wanted:
            return
        if self._bar is None:
            if time.monotonic() - self._started < _QUIET_FOR:
                return
            self._begin()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=size)

    def _begin(self) -> None:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(binary_units=True),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task(escape(self._name), total=None)
        self._bar.start()
