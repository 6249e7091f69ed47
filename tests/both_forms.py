"""Either form of a module of the hot path: plain Python, or compiled by Cython.

The plain form is a second copy of the whole package: its classes are not those
of the first, and an import that runs late, inside a function, finds the first.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
)
from pathlib import Path
from types import ModuleType

_PACKAGE = "lastack"

_plain: dict[str, ModuleType] = {}


class _SourcesOnly(MetaPathFinder):
    """Finds modules of the package as `.py`, even where a compiled one lies by."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if not _ours(fullname):
            return None
        for folder in path or [str(self._root)]:
            finder = FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES))
            spec = finder.find_spec(fullname)
            if spec is not None:
                return spec
        return None


def uncompiled(name: str) -> ModuleType:
    """Return the module `name` and all it imports as plain Python."""
    with _plain_package():
        return import_module(name)


def compiled(name: str) -> ModuleType | None:
    """Return the module `name` if it is compiled, None if it is not."""
    module = import_module(name)
    if (module.__file__ or "").endswith(tuple(EXTENSION_SUFFIXES)):
        return module
    return None


@contextmanager
def _plain_package() -> Iterator[None]:
    package = import_module(_PACKAGE)
    assert package.__file__ is not None
    finder = _SourcesOnly(Path(package.__file__).parents[1])
    usual = {name: sys.modules.pop(name) for name in list(sys.modules) if _ours(name)}
    sys.modules.update(_plain)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in list(sys.modules):
            if _ours(name):
                _plain[name] = sys.modules.pop(name)
        sys.modules.update(usual)


def _ours(name: str) -> bool:
    return name == _PACKAGE or name.startswith(f"{_PACKAGE}.")
