"""In what order a segment's options stand in its header: as Linux writes them."""

from collections.abc import Iterator

from lastack.tcp.segment import Options

OptionValue = tuple[str, tuple[int, ...]]
"""An option's name as tcpdump prints it, and its numbers."""


def laid_out(options: Options) -> Iterator[OptionValue]:
    """Yield the options with the NOPs that align them (tcp_options_write).

    The names are `mss`, `nop`, `sackOK`, `TS`, `wscale` and `sack`, whose
    numbers are left and right edges in turn.
    """
    if options.mss is not None:
        yield "mss", (options.mss,)
    if options.sack_permitted:
        if options.timestamp is None:
            yield "nop", ()
            yield "nop", ()
        yield "sackOK", ()
    if options.timestamp is not None:
        if not options.sack_permitted:
            yield "nop", ()
            yield "nop", ()
        yield "TS", options.timestamp
    if options.window_scale is not None:
        yield "nop", ()
        yield "wscale", (options.window_scale,)
    if options.sack:
        yield "nop", ()
        yield "nop", ()
        yield "sack", tuple(edge for block in options.sack for edge in block)
