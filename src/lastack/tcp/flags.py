"""The control bits of a TCP header (RFC 9293, 3.1), as tcpdump writes them."""

FIN = 0x01
SYN = 0x02
RST = 0x04
PSH = 0x08
ACK = 0x10
URG = 0x20
ECE = 0x40
CWR = 0x80
AE = 0x100

# tcpdump's order: what begins or ends a connection comes first.
_LETTERS = (
    (FIN, "F"),
    (SYN, "S"),
    (RST, "R"),
    (PSH, "P"),
    (ACK, "."),
    (URG, "U"),
    (ECE, "E"),
    (CWR, "W"),
    (AE, "e"),
)


def flags_text(flags: int) -> str:
    """Return `flags` in tcpdump's letters, `S.` for SYN and ACK; `none` for 0."""
    return "".join(letter for bit, letter in _LETTERS if flags & bit) or "none"


def parse_flags(text: str) -> int:
    """Return the control bits that `text` names in tcpdump's letters.

    Raises ValueError for a letter that names no control bit.
    """
    if text == "none":
        return 0
    bits = {letter: bit for bit, letter in _LETTERS}
    flags = 0
    for letter in text:
        if letter not in bits:
            raise ValueError(f"{letter!r} in {text!r} is no TCP flag; use FSRP.UEWe")
        flags |= bits[letter]
    return flags
