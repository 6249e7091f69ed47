"""Link types, one a file: how many octets come before the network layer.

A file here defines `LINK`; that is all it takes to be read. The numbers are
LINKTYPE_ values (the tcpdump group's list), as capture files carry them.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from lastack.folder import modules
from lastack.wire.link import Link


@cache
def links() -> Mapping[int, Link]:
    """Return every link type of this folder by its LINKTYPE_ number.

    Raises ValueError if two files claim one number.
    """
    found: dict[int, Link] = {}
    for name in modules(__path__):
        link: Link = import_module(f"{__name__}.{name}").LINK
        for number in link.numbers:
            if number in found:
                raise ValueError(
                    f"link type {number} is claimed by {found[number].name}"
                    f" and by {link.name}"
                )
            found[number] = link
    return MappingProxyType(found)
