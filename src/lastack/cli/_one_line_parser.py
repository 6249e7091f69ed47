"""argparse, but what is wrong with the words is told in one line, with a way out."""

import argparse
import os.path
from collections.abc import Sequence
from typing import Any, Final, NoReturn

_REQUIRED: Final = "the following arguments are required: "
_ALIKE: Final = 0.7
"""How much of a word, 0 to 1, is to be right for a guess at what was meant."""


class Parser(argparse.ArgumentParser):
    """Ends with 2 and one line: what is wrong, and which `--help` tells more."""

    def error(self, message: str) -> NoReturn:
        """Say it, and exit with 2."""
        message = message.removeprefix("argument ")
        if message.startswith(_REQUIRED):
            message = self._missing(message.removeprefix(_REQUIRED))
        shown = message if message.isprintable() else ascii(message)
        if not shown.endswith(")"):  # what to do instead
            shown += f" ({self.prog} --help)"
        self.exit(2, f"{self.prog}: {shown}\n")

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> argparse.Namespace:
        """Return what was given; exit with 2 where a word is left over."""
        parsed: argparse.Namespace
        parsed, left = self.parse_known_args(args, namespace)
        if left:
            self._refuse(left)
        return parsed

    def _missing(self, names: str) -> str:
        """Return what to give: of commands, which there are."""
        for action in self._get_positional_actions():
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
                return f"name a command: {', '.join(action.choices)}"
        return f"{names} is missing"

    def _refuse(self, left: Sequence[str]) -> NoReturn:
        """Say of the first word left over what it may have been meant to be."""
        option = next((word for word in left if word.startswith("-")), None)
        if option is None:
            self.error(f"{left[0]!r} is one word too many")
        if os.path.exists(option):
            self.error(f"{option!r} is taken for an option; the file is ./{option}")
        from difflib import get_close_matches

        name = option.partition("=")[0]
        near = get_close_matches(name, self._option_string_actions, 1, _ALIKE)
        self.error(f"no option {name}{f'; is it {near[0]}?' if near else ''}")


class CommandParser(Parser):
    """Of a command: the first parser that does not know a word says so.

    A list of files may have options in its midst, as everywhere else.
    """

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Return what was given, and no word that is left over."""
        parsed: argparse.Namespace
        parsed, left = super().parse_known_args(args, namespace)
        if left and not self._are_more_files(parsed, left):
            self._refuse(left)
        return parsed, []

    def _are_more_files(self, parsed: argparse.Namespace, left: Sequence[str]) -> bool:
        """Add the words to the list that takes any number, if there is one."""
        if any(word.startswith("-") for word in left):
            return False
        for action in self._get_positional_actions():
            if action.nargs in {argparse.ZERO_OR_MORE, argparse.ONE_OR_MORE}:
                words = [self._get_value(action, word) for word in left]
                setattr(parsed, action.dest, [*getattr(parsed, action.dest), *words])
                return True
        return False
