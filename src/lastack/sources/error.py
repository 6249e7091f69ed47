"""What a source says when it cannot give packets: one line, for a person."""


class SourceError(Exception):
    """Packets cannot be read: what is wrong, where, and what to do, in one line.

    What was read before it was raised stays good.
    """
