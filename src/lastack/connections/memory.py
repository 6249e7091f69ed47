"""Where a million small objects live: in huge pages, where the kernel has such.

Each fresh page of memory is a fault that the kernel has to answer, and a fifth of
the time that a capture takes would go there. Compiled, `memory.pxd` gives this
function instead, which makes Python take its memory 2 MiB a page; the objects and
how they are freed stay as they are. As plain Python there is nothing to do.
"""


def in_huge_pages() -> None:
    """Let the small objects that come from now on live in huge pages."""
