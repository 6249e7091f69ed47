"""A folder as a registry: the modules in it, found by their files and named alike.

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


def similar(word: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Return the names in which `word` is, then those spelt most like it.

    It has to begin where a word of the name does: `linger` is in `killed-linger2`.
    Whole words come before beginnings, what is first in a name before the others.
    """
    from difflib import get_close_matches

    known = list(names)
    found = [name for name in known if f"-{word}" in f"-{name}"]
    found.sort(
        key=lambda name: (f"-{word}-" not in f"-{name}-", f"-{name}".index(f"-{word}"))
    )
    near = get_close_matches(word, known, most)
    return [*found, *(name for name in near if name not in found)][:most]
