"""Link types, one a file: how many octets come before the network layer.

A file here defines `LINK`; that is all it takes to be read. The numbers are
LINKTYPE_ values (the tcpdump group's list), as capture files carry them.
"""

from importlib import import_module

from lastack.folder import modules
from lastack.wire.link import Link

_unread = modules(__path__)
_found: dict[int, Link] = {}


def link_type(number: int) -> Link | None:
    """Return the link type of a LINKTYPE_ number, None if there is no file of it.

    Files are loaded until one has that number: most captures need only one.
    Raises ValueError if two files claim one number.
    """
    while number not in _found and _unread:
        _load(_unread.pop(0))
    return _found.get(number)


def links() -> dict[int, Link]:
    """Return every link type of this folder by its LINKTYPE_ number.

    Raises ValueError if two files claim one number.
    """
    while _unread:
        _load(_unread.pop(0))
    return dict(_found)


def _load(name: str) -> None:
    link: Link = import_module(f"{__name__}.{name}").LINK
    for number in link.numbers:
        if number in _found:
            raise ValueError(
                f"link type {number} is claimed by {_found[number].name}"
                f" and by {link.name}"
            )
        _found[number] = link
