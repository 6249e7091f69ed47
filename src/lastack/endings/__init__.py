"""The catalogue: one way for a connection to end a file, nothing else here.

A file `some_ending.py` defines `ENDING` with the slug `some-ending`, and its
docstring is the page that `lastack ending some-ending` prints.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from lastack.ending import Ending
from lastack.folder import modules


@cache
def endings() -> Mapping[str, Ending]:
    """Return every ending of this folder by its slug, in alphabetical order.

    Raises ValueError if a file and its ENDING do not bear the same name.
    """
    found: dict[str, Ending] = {}
    for name in modules(__path__):
        ending: Ending = import_module(f"{__name__}.{name}").ENDING
        if ending.slug != name.replace("_", "-"):
            raise ValueError(f"{name}.py defines the ending {ending.slug!r}")
        found[ending.slug] = ending
    return MappingProxyType(found)


def page(slug: str) -> str:
    """Return the page of an ending: its file's docstring.

    Raises KeyError if there is no such ending.
    """
    endings()[slug]
    return import_module(f"{__name__}.{slug.replace('-', '_')}").__doc__ or ""
