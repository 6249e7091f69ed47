"""Backticks: kernel settings, as the shell would set them; nothing is executed.

`sysctl -q net.ipv4.tcp_fin_timeout=2` and `set_sysctls.py /proc/sys/...=2` become
values of the personality. A `defaults.sh` is passed over: the personality is the
default. Everything else is refused by its name.
"""

import re
import shlex
from collections.abc import Iterator
from typing import Final

_SETTING: Final = re.compile(r"(?:/proc/sys/)?([\w./-]+)=(.*)", re.DOTALL)


class CommandError(Exception):
    """A command that is not known here; says which."""


def settings(command: str) -> Iterator[tuple[str, str]]:
    """Yield the settings of `command`: the sysctl's dotted name and its value.

    Raises CommandError for what sets nothing that a simulator could have.
    """
    for line in re.split(r"\n|;|&&", command):
        try:
            words = shlex.split(line.strip(), comments=True)
        except ValueError as error:
            raise CommandError(f"the command cannot be read: {error}") from None
        if words:
            yield from _of(words)


def _of(words: list[str]) -> Iterator[tuple[str, str]]:
    name = words[0].rpartition("/")[2]
    if name == "defaults.sh" and len(words) == 1:
        return
    if name not in {"sysctl", "set_sysctls.py"}:
        raise CommandError(f"`{name}` is not known here; sysctl is, and defaults.sh")
    given = [word for word in words[1:] if not re.fullmatch(r"-[qwe]+", word)]
    # `sysctl a = 1` and `sysctl a=1` are the same.
    for setting in re.sub(
        r"\s*=\s*", "=", "\0".join(given).replace("\0=\0", "=")
    ).split("\0"):
        found = _SETTING.fullmatch(setting)
        if found is None:
            raise CommandError(f"`{name} {setting}` sets nothing; write NAME=VALUE")
        yield found[1].replace("/", "."), found[2]
