"""Text folded into lines, between its words only.

`textwrap.wrap(break_on_hyphens=False)` gives the same lines, but takes apart every
character class for it: of the time in which explain tells forty connections it
took two thirds.
"""


def wrapped(text: str, width: int, first: str = "", others: str = "") -> list[str]:
    """Return `text` in lines of at most `width`, indented by `first` and `others`.

    Words are parted by spaces; two in a row stay, but for those at a line's end. A
    word that is longer than a line is cut where the line is full.
    """
    lines = []
    indent = first
    while len(text) > (room := width - len(indent)):
        cut = text.rfind(" ", 0, room + 1)
        end = text.find(" ", cut + 1)
        if cut <= 0 or (end if end >= 0 else len(text)) - cut - 1 > room:
            cut = room
        lines.append(indent + text[:cut].rstrip(" "))
        text = text[cut:].lstrip(" ")
        indent = others
    if text:
        lines.append(indent + text)
    return lines
