"""Operating systems, one a file: a module with a `PERSONALITY` is found.

Such a file is data only: one literal, and beside each value where it is known
from.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from lastack.sim.personality import Personality


def names() -> list[str]:
    """Return the systems of this folder, sorted."""
    return sorted(module.name for module in iter_modules(__path__))


@cache
def load(name: str) -> Personality:
    """Return the personality `name`; raises LookupError that lists them all."""
    if name not in names():
        raise LookupError(f"no system {name!r}; there are {', '.join(names())}")
    personality = import_module(f"{__name__}.{name}").PERSONALITY
    assert isinstance(personality, Personality)
    return personality
