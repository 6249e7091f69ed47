"""Reads a script from left to right, past blanks and comments."""

import re
from functools import cache
from typing import Final

from lastack.sim.packetdrill.script import ScriptError

_BLANK: Final = re.compile(r"(?:\s|//[^\n]*|#[^\n]*|/\*.*?\*/)+", re.DOTALL)
_SHOWN: Final = 20


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


class Reader:
    """A place in a text; all that is wrong is a ScriptError there.

    `at` is where it reads on, `read` the end of what was read last.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.read = 0

    def skip(self) -> None:
        """Go to what is neither blank nor comment."""
        blank = _BLANK.match(self.text, self.at)
        if blank:
            self.at = blank.end()

    def ahead(self, pattern: str) -> re.Match[str] | None:
        """Return what matches here, and stay."""
        self.skip()
        return _compiled(pattern).match(self.text, self.at)

    def accept(self, pattern: str) -> re.Match[str] | None:
        """Read what matches here, if it does."""
        found = self.ahead(pattern)
        if found is not None:
            self.at = self.read = found.end()
        return found

    def expect(self, pattern: str, what: str) -> re.Match[str]:
        """Read what matches here; `what` is named in the error if nothing does."""
        found = self.accept(pattern)
        if found is None:
            raise self.error(what)
        return found

    def finished(self) -> bool:
        """Whether nothing is left."""
        self.skip()
        return self.at >= len(self.text)

    def error(self, what: str, at: int | None = None) -> ScriptError:
        """Return the error that `what` was expected here, or at `at`."""
        if at is None:
            at = self.at
            # What is missing at the end of a line is not wrong in the next one.
            if "\n" in self.text[self.read : at]:
                at = self.read
        rest = self.text[at : at + _SHOWN].partition("\n")[0]
        found = repr(rest) if rest else "the end of the line"
        if at >= len(self.text):
            found = "the end of the script"
        return ScriptError(self.text, at, f"expected {what}, found {found}")

    def refuse(self, message: str, at: int) -> ScriptError:
        """Return the error that says `message` of what stands at `at`."""
        return ScriptError(self.text, at, message)
