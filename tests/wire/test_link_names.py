"""Link types that are not read are named as the tcpdump group names them."""

import ctypes

import pytest

from lastack.wire.link_names import link_name
from lastack.wire.links import links

# Where libpcap's own names (DLT_) differ from those of files (LINKTYPE_).
OTHERWISE = {
    6: "IEEE802",
    7: "ARCNET",
    119: "PRISM_HEADER",
    127: "IEEE802_11_RADIO",
    163: "IEEE802_11_RADIO_AVS",
    195: "IEEE802_15_4",
}


def test_what_is_read_needs_no_name() -> None:
    """A number is in `links` or in the table of names, never in both."""
    assert [number for number in links() if link_name(number)] == []


def test_a_number_that_nobody_has_is_not_named() -> None:
    """A number beyond the registry has an empty name."""
    assert (link_name(9999), link_name(-2)) == ("", "")


def test_the_names_are_libpcaps() -> None:
    """What the installed libpcap names is named so here, or read."""
    try:
        library = ctypes.CDLL("libpcap.so.0.8")
    except OSError:
        pytest.skip("libpcap is not installed")
    library.pcap_datalink_val_to_name.restype = ctypes.c_char_p
    # Below 104 the two kinds of numbers differ, but for these.
    for number in [6, 7, 8, 10, 99, *range(104, 300)]:
        name = library.pcap_datalink_val_to_name(number)
        if name is not None and number not in links():
            known = OTHERWISE.get(number, "")
            ours = link_name(number).removeprefix("LINKTYPE_")
            assert name.decode() == (known or ours), number
