"""Randomness that a seed decides: SplitMix64, equal on every platform.

Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014);
the constants are those of its reference implementation.
"""

from typing import Final

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
MILLION: Final = 1_000_000


class Generator:
    """A stream of numbers; two with one seed give the same stream."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def bits64(self) -> int:
        """Return the next 64 bits."""
        self._state = (self._state + _GOLDEN) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def bits32(self) -> int:
        """Return 32 bits, such as an initial sequence number."""
        return self.bits64() >> 32

    def below(self, limit: int) -> int:
        """Return a number of 0 .. `limit` - 1; `limit` is at most 2**32."""
        return (self.bits32() * limit) >> 32

    def happens(self, per_million: int) -> bool:
        """Return whether something of this probability happens now."""
        return per_million > 0 and self.below(MILLION) < per_million

    def split(self) -> "Generator":
        """Return a generator of its own, so that two users do not interleave."""
        return Generator(self.bits64())
