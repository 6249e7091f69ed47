"""nftables rules of a namespace: what is refused, translated and forgotten there."""

import socket
import struct
import subprocess
from typing import Final

from lastack.lab.namespaces import Namespace
from lastack.tcp.scenario import Refusal

_NETLINK_NETFILTER: Final = 12
# IPCTNL_MSG_CT_DELETE of the subsystem NFNL_SUBSYS_CTNETLINK (1).
_CONNTRACK_DELETE: Final = 1 << 8 | 2
_REQUEST_ACK: Final = 0x5
_REFUSALS: Final[dict[Refusal, str]] = {
    "tcp-reset": "reject with tcp reset",
    "drop": "drop",
    "host-unreachable": "reject with icmp host-unreachable",
    "net-unreachable": "reject with icmp net-unreachable",
    "port-unreachable": "reject with icmp port-unreachable",
    "admin-prohibited": "reject with icmp admin-prohibited",
}
# ICMPv6 has neither "host" nor "net"; these are the nearest (RFC 4443, 3.1).
_REFUSALS_6: Final[dict[Refusal, str]] = {
    **_REFUSALS,
    "host-unreachable": "reject with icmpv6 addr-unreachable",
    "net-unreachable": "reject with icmpv6 no-route",
    "port-unreachable": "reject with icmpv6 port-unreachable",
    "admin-prohibited": "reject with icmpv6 admin-prohibited",
}


class FirewallError(Exception):
    """nft is not there, or refuses a rule."""


def _nft(namespace: Namespace, rules: str) -> None:
    try:
        with namespace.entered():
            done = subprocess.run(
                ["nft", "-f", "-"],
                input=rules,
                text=True,
                capture_output=True,
                check=False,
            )
    except FileNotFoundError as error:
        raise FirewallError(
            "this scenario has a firewall, and nft is not installed "
            "(Debian: apt install nftables)"
        ) from error
    if done.returncode:
        raise FirewallError(f"nft refuses a rule: {done.stderr.strip()}")


def _how(how: Refusal, *, ipv6: bool) -> str:
    return (_REFUSALS_6 if ipv6 else _REFUSALS)[how]


def refuse(
    namespace: Namespace,
    how: Refusal,
    *,
    ipv6: bool,
    hook: str = "forward",
    outgoing: str = "",
) -> None:
    """Refuse all TCP that is forwarded (out of `outgoing`) or comes in."""
    match = f'oifname "{outgoing}" ' if outgoing else ""
    _nft(
        namespace,
        f"""table inet lastack {{
            chain refuse {{
                type filter hook {hook} priority 0;
                {match}meta l4proto tcp {_how(how, ipv6=ipv6)}
            }}
        }}""",
    )


def track(namespace: Namespace, how: Refusal, *, ipv6: bool) -> None:
    """Let through only connections whose SYN was seen."""
    _nft(
        namespace,
        f"""table inet lastack {{
            chain track {{
                type filter hook forward priority 0;
                ct state established,related accept
                tcp flags & (fin|syn|rst|ack) == syn accept
                meta l4proto tcp {_how(how, ipv6=ipv6)}
            }}
        }}""",
    )
    # A segment in the middle of a connection must not make an entry.
    namespace.set("net.netfilter.nf_conntrack_tcp_loose", 0)


def translate(namespace: Namespace, service: str, server: str, *, ipv6: bool) -> None:
    """Pass on to `server` what comes for `service`, as for a published port."""
    ip = "ip6" if ipv6 else "ip"
    _nft(
        namespace,
        f"""table inet lastack {{
            chain translate {{
                type nat hook prerouting priority -100;
                {ip} daddr {service} meta l4proto tcp dnat {ip} to {server}
            }}
        }}""",
    )
    # What comes in the middle of a connection stays as it is, and INVALID.
    namespace.set("net.netfilter.nf_conntrack_tcp_loose", 0)


def forget(namespace: Namespace) -> None:
    """Empty the connection table, as `conntrack -F` does."""
    with (
        namespace.entered(),
        socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_NETFILTER
        ) as netlink,
    ):
        body = struct.pack("=BBH", socket.AF_UNSPEC, 0, 0)
        netlink.send(
            struct.pack("=IHHII", 20, _CONNTRACK_DELETE, _REQUEST_ACK, 1, 0) + body
        )
        netlink.recv(4096)


def clear(namespace: Namespace) -> None:
    """Remove every rule."""
    _nft(namespace, "flush ruleset")
