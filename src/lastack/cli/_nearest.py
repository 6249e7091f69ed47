"""What an unknown ending may have been meant to be."""

from lastack.endings import endings
from lastack.folder import similar


def near(word: str) -> str:
    """Return `; is it NAME?` for the endings with that word in their name.

    Where none has it, for the one that is spelt most like it.
    """
    found = similar(word, endings())
    return f"; is it {' or '.join(found)}?" if found else "; lastack ending lists them"
