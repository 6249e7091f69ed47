"""Random sequences of calls and segments, on this kernel and on the simulated one.

`steps.py` is what a sequence says, `generator.py` makes one of a seed, `program.py`
makes its calls, `wire.py` its segments. `simulated.py` plays it in virtual time,
`kernel.py` many at once behind a TUN device; `record.py` compares the two,
`shrink.py` finds the shortest sequence that still differs, and `script.py` writes
that down as a packetdrill script, which either kernel can be given.
"""
