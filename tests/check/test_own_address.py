"""Which addresses `lastack.check.own_address` takes for this host's."""

import subprocess
import sys

import pytest

from lastack.check.own_address import is_own


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::"])
def test_loopback_is_own(address: str) -> None:
    """Loopback, and the address that connects to it, are this host."""
    assert is_own(address)


@pytest.mark.parametrize(
    "address", ["192.0.2.1", "224.0.0.1", "2001:db8::1", "ff02::1%lo"]
)
def test_documentation_and_multicast_are_not(address: str) -> None:
    """Addresses that no interface has are somebody else's."""
    assert not is_own(address)


IN_A_NAMESPACE = """
ip link set lo up
ip addr add 198.51.100.7/32 dev lo
ask='import sys; from lastack.check.own_address import is_own
print(*map(is_own, sys.argv[1:]))'
"$0" -c "$ask" 198.51.100.7 198.51.100.8
echo 1 > /proc/sys/net/ipv4/ip_nonlocal_bind
"$0" -c "$ask" 198.51.100.7 127.0.0.1
"""


def test_an_interface_s_address_is_own(needs_root: None) -> None:
    """An interface's address is own, its neighbour is not; ip_nonlocal_bind hides it.

    In a network namespace of its own, which ends with the shell.
    """
    done = subprocess.run(
        ["unshare", "--net", "sh", "-ec", IN_A_NAMESPACE, sys.executable],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", "False", "False", "True"]
