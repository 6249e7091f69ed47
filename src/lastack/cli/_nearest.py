"""What an unknown ending may have been meant to be."""

from difflib import get_close_matches

from lastack.endings import endings


def near(slug: str) -> str:
    """Return `; is it NAME?` for the ending that is spelt most like `slug`."""
    found = get_close_matches(slug, endings(), 1, 0.4)
    return f"; is it {found[0]}?" if found else "; lastack ending lists them"
