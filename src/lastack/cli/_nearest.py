"""What an unknown ending may have been meant to be."""

from difflib import get_close_matches

from lastack.endings import endings


def near(word: str) -> str:
    """Return `; is it NAME?` for the endings with that word in their name.

    Where none has it, for the one that is spelt most like it.
    """
    found = [slug for slug in endings() if word in slug.split("-")]
    found = found or get_close_matches(word, endings(), 1)
    return f"; is it {' or '.join(found)}?" if found else "; lastack ending lists them"
