"""The TCP counters of a namespace, as nstat prints them."""

from pathlib import Path

from lastack.lab.namespaces import Namespace


def counters(namespace: Namespace) -> dict[str, int]:
    """Return the counters of /proc/net/netstat, snmp and snmp6 by name."""
    found: dict[str, int] = {}
    with namespace.entered():
        for name in ("netstat", "snmp"):
            lines = Path("/proc/thread-self/net", name).read_text().splitlines()
            for names, values in zip(lines[::2], lines[1::2], strict=True):
                if names.startswith(("TcpExt:", "Tcp:", "Icmp:")):
                    pairs = zip(names.split()[1:], values.split()[1:], strict=True)
                    found |= {key: int(value) for key, value in pairs}
    return found


def moved(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Return by how much each counter that moved has moved."""
    return {
        name: value - before.get(name, 0)
        for name, value in after.items()
        if value != before.get(name, 0)
    }
