"""A folder as a registry: the modules in it, found by their files.

`pkgutil.iter_modules` finds them too, but it loads `inspect` and `typing` for
that: a fifth of the time that `lastack explain` needs to start.
"""

from collections.abc import Iterable
from os import listdir

_SUFFIXES = (".py", ".pyc", ".so", ".pyd")


def modules(path: Iterable[str]) -> list[str]:
    """Return the names of the modules in a package, in alphabetical order.

    `path` is the package's `__path__`. Folders in it, and names that begin with
    an underscore, are not among them.
    """
    found: set[str] = set()
    for folder in path:
        try:
            files = listdir(folder)
        except NotADirectoryError:  # the package is in a zip archive
            from pkgutil import iter_modules

            files = [f"{one.name}.py" for one in iter_modules([folder])]
        # A compiled module lies beside its source: `pcap.cpython-311-....so`.
        found.update(
            file.partition(".")[0]
            for file in files
            if file.endswith(_SUFFIXES) and not file.startswith("_")
        )
    return sorted(found)
