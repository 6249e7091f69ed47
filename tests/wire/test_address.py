"""Addresses as text are what the rest of the world writes."""

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.wire.address import address_halves, address_text

HALF = st.one_of(
    st.integers(0, 2**64 - 1),
    # Groups of zeros, where the rules of RFC 5952 are.
    st.lists(st.sampled_from([0, 0, 0, 1, 0xFFFF, 0xAB]), min_size=4, max_size=4).map(
        lambda groups: int.from_bytes(struct.pack(">4H", *groups), "big")
    ),
)


@given(HALF, HALF)
def test_ipv6_is_as_the_c_library_writes_it(high: int, low: int) -> None:
    """RFC 5952, as inet_ntop does; its IPv4-compatible form is left out."""
    expected = socket.inet_ntop(socket.AF_INET6, struct.pack(">QQ", high, low))
    if "." not in expected or expected.startswith("::ffff:"):
        assert address_text(6, high, low) == expected
    assert address_halves(address_text(6, high, low)) == (6, high, low)


@given(st.integers(0, 2**32 - 1))
def test_ipv4_is_dotted(low: int) -> None:
    """Four decimal numbers, as inet_ntoa writes them."""
    assert address_text(4, 0, low) == socket.inet_ntoa(struct.pack(">I", low))
    assert address_halves(address_text(4, 0, low)) == (4, 0, low)


@pytest.mark.parametrize(
    "text", ["::", "::1", "1::", "2001:db8::1:0:0:1", "::ffff:192.0.2.1", "1:0:2::"]
)
def test_canonical_text_stays_as_it_is(text: str) -> None:
    """Text in the form of RFC 5952 comes back the same."""
    assert address_text(*address_halves(text)) == text
