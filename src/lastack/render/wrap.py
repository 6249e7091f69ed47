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
    line = indent = first
    for word in text.split(" "):
        # Of two spaces, the second is none of the line that begins after them.
        gap = "" if line == indent else " "
        if len(line) + len(gap) + len(word) <= width:
            line += gap + word
            continue
        if len(word) > width - len(indent) and len(line) + len(gap) < width:
            line += gap
        else:
            lines.append(line.rstrip(" "))
            line = indent = others
        while len(line) + len(word) > width:
            room = width - len(line)
            lines.append(line + word[:room])
            word = word[room:]
            line = indent = others
        line += word
    if line != indent:
        lines.append(line)
    return lines
