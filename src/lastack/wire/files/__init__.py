"""Capture formats, one a file: how the records of a file follow one another.

A file here defines `FORMAT`; that is all it takes to be read. No two may begin
with the same octets.
"""

from importlib import import_module

from lastack.folder import modules
from lastack.wire.format import Format


def detect(head: bytes) -> Format | None:
    """Return the format of a file that begins with `head`, None if it is none.

    Formats are loaded until one fits.
    """
    for name in modules(__path__):
        format_: Format = import_module(f"{__name__}.{name}").FORMAT
        if head.startswith(format_.magics):
            return format_
    return None
