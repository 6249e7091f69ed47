"""The hosts of a laboratory and the cables between them.

    client ---- wire ---- server            the plain one
    client ---- wire ---- router ---- server    `routed`

The wire is a namespace whose two interfaces only the lab's own forwarder reads
and writes. The router is a kernel that forwards, with its firewall. Addresses
come from the number of the client's namespace, which no other living one has:
two laboratories never share an address, though the kernel's trace shows both.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from lastack.lab.namespaces import Namespace, switch_offloads_off
from lastack.lab.sockets import SocketTable
from lastack.tcp.segment import Address

if TYPE_CHECKING:
    from lastack.tcp.scenario import HostName

HOSTS: Final[tuple["HostName", ...]] = ("client", "server")
INTERFACE: Final = "eth0"
TO_CLIENT: Final = "to_client"
TO_SERVER: Final = "to_server"
_PERMANENT: Final = 0x80  # NUD_PERMANENT: no ARP in the captures
_LINK_SCOPE: Final = 253
_NO_DUPLICATE_DETECTION: Final = 0x02  # IFA_F_NODAD of linux/if_addr.h

# reno: a host's default may be bbr, which paces, and so changes when a FIN
# leaves. No metrics of a connection may teach the next.
_HOST_SETTINGS: Final = {
    "net.ipv4.tcp_congestion_control": "reno",
    "net.ipv4.tcp_no_metrics_save": 1,
    "net.ipv4.icmp_ratelimit": 0,
}
_QUIET_IPV6: Final = {
    "net.ipv6.conf.all.accept_dad": 0,
    "net.ipv6.conf.default.accept_dad": 0,
    "net.ipv6.conf.all.router_solicitations": 0,
    "net.ipv6.conf.default.router_solicitations": 0,
    "net.ipv6.conf.default.addr_gen_mode": 1,
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one laboratory."""

    client: str
    server: str
    router: str

    @classmethod
    def of(cls, number: int, *, ipv6: bool) -> Self:
        """Return those of the laboratory whose client namespace is `number`."""
        high, low = number >> 8 & 0xFF, number & 0xFF
        if ipv6:
            net = f"fd4c:a57a:{number & 0xFFFF:x}::"
            return cls(f"{net}2", f"{net}82", f"{net}1")
        net = f"10.{high}.{low}."
        return cls(f"{net}2", f"{net}130", f"{net}1")


class Machine:
    """A namespace with its cables, and how it reaches the others.

    pyroute2 runs an event loop of its own, so these calls are made in a thread
    which has none (Laboratory's plumber).
    """

    def __init__(self, name: str, *, ipv6: bool) -> None:
        from pyroute2 import IPRoute

        self.name = name
        self.namespace = Namespace()
        self.ipv6 = ipv6
        with self.namespace.entered():
            self._netlink: Any = IPRoute()
        self.sockets = SocketTable(self.namespace)
        if ipv6:
            for key, value in _QUIET_IPV6.items():
                self.namespace.set(key, value)
        else:
            self.namespace.set("net.ipv6.conf.all.disable_ipv6", 1)
            self.namespace.set("net.ipv6.conf.default.disable_ipv6", 1)
        # What a host's kernel tells its own sockets by ICMP goes that way.
        self.bring("lo", up=True)

    def cable(
        self, name: str, mac: str, other: "Machine", end: str, end_mac: str
    ) -> None:
        """Lay a veth pair from here to `other`, and put both ends up."""
        self._netlink.link(
            "add",
            ifname=name,
            kind="veth",
            address=mac,
            peer={
                "ifname": end,
                "address": end_mac,
                "net_ns_fd": other.namespace.descriptor,
            },
        )
        for machine, interface in ((self, name), (other, end)):
            with machine.namespace.entered():
                switch_offloads_off(interface)
            machine.bring(interface, up=True)

    def bring(self, interface: str, *, up: bool) -> None:
        """Put an interface up or down."""
        self._netlink.link(
            "set", index=self._index(interface), state="up" if up else "down"
        )

    def has(self, address: str, interface: str) -> None:
        """Have an address."""
        self._netlink.addr(
            "replace",
            index=self._index(interface),
            address=address,
            prefixlen=128 if self.ipv6 else 32,
            # Else it may be tentative for a moment, and bind() refuses it.
            **({"flags": _NO_DUPLICATE_DETECTION} if self.ipv6 else {}),
        )

    def loses(self, address: str, interface: str) -> None:
        """Lose an address."""
        self._netlink.addr(
            "del",
            index=self._index(interface),
            address=address,
            prefixlen=128 if self.ipv6 else 32,
        )

    def reaches(self, address: str, interface: str, mac: str) -> None:
        """Reach `address` through `interface`, at the Ethernet address `mac`."""
        index = self._index(interface)
        self._netlink.route(
            "replace",
            dst=f"{address}/{128 if self.ipv6 else 32}",
            oif=index,
            **({} if self.ipv6 else {"scope": _LINK_SCOPE}),
        )
        self._netlink.neigh(
            "replace", dst=address, lladdr=mac, ifindex=index, state=_PERMANENT
        )

    def unreaches(self, address: str, interface: str) -> None:
        """Lose the route to `address`."""
        self._netlink.route(
            "del",
            dst=f"{address}/{128 if self.ipv6 else 32}",
            oif=self._index(interface),
            **({} if self.ipv6 else {"scope": _LINK_SCOPE}),
        )

    def unlearns(self, address: str, interface: str) -> None:
        """Forget the Ethernet address of `address`, and ask for it from now on."""
        self._netlink.neigh("del", dst=address, ifindex=self._index(interface))

    def _index(self, interface: str) -> int:
        found = self._netlink.link_lookup(ifname=interface)
        return int(found[0])

    def close(self) -> None:
        """Let go of the namespace."""
        self._netlink.close()
        self.sockets.close()
        self.namespace.close()


class Topology:
    """Client, wire, server, and a router where the wire is routed."""

    client_mac: Final = "02:00:00:00:00:c1"
    server_mac: Final = "02:00:00:00:00:51"
    router_mac: Final = "02:00:00:00:00:f1"
    router_server_mac: Final = "02:00:00:00:00:f2"

    def __init__(self, *, ipv6: bool, routed: bool, timestamps: bool) -> None:
        self.routed = routed
        self._machines: list[Machine] = []
        try:
            self.client = self._machine("client", ipv6=ipv6)
            self.wire = self._machine("wire", ipv6=ipv6)
            self.server = self._machine("server", ipv6=ipv6)
            self.router = self._machine("router", ipv6=ipv6) if routed else None
            self.addresses = Addresses.of(self.client.namespace.number, ipv6=ipv6)
            self.service = self.addresses.server
            self._connect()
            for host in (self.client, self.server):
                for name, value in _HOST_SETTINGS.items():
                    host.namespace.set(name, value)
                if not timestamps:
                    host.namespace.set("net.ipv4.tcp_timestamps", 0)
        except BaseException:
            self.close()
            raise

    def _machine(self, name: str, *, ipv6: bool) -> Machine:
        machine = Machine(name, ipv6=ipv6)
        self._machines.append(machine)
        return machine

    def _connect(self) -> None:
        self.client.cable(
            INTERFACE, self.client_mac, self.wire, TO_CLIENT, "02:00:00:00:00:11"
        )
        if self.router is None:
            self.server.cable(
                INTERFACE, self.server_mac, self.wire, TO_SERVER, "02:00:00:00:00:12"
            )
        else:
            family = "ipv6" if self.router.ipv6 else "ipv4"
            self.router.namespace.set(f"net.{family}.conf.all.forwarding", 1)
            self.router.cable(
                TO_CLIENT, self.router_mac, self.wire, TO_SERVER, "02:00:00:00:00:12"
            )
            self.server.cable(
                INTERFACE,
                self.server_mac,
                self.router,
                TO_SERVER,
                self.router_server_mac,
            )
            self.router.has(self.addresses.router, TO_CLIENT)
            self.router.reaches(self.addresses.client, TO_CLIENT, self.client_mac)
            self.router.reaches(self.addresses.server, TO_SERVER, self.server_mac)
        self.configure("client")
        self.configure("server")

    def host(self, name: "HostName") -> Machine:
        """Return the client's machine or the server's."""
        return self.client if name == "client" else self.server

    def address(self, name: "HostName") -> str:
        """Return the address of the client or of the server."""
        return self.addresses.client if name == "client" else self.addresses.server

    def peer_address(self, name: "HostName") -> str:
        """Return where a host reaches the other: at `service`, by a client.

        `service` is the server's own address, unless a NAT has one for it.
        """
        return self.service if name == "client" else self.addresses.client

    def host_of(self, address: Address) -> "HostName":
        """Return whose address it is; whoever is not the client is the server."""
        return "client" if address.host == self.addresses.client else "server"

    def is_path(self, address: Address) -> bool:
        """Whether it is the router's: a NAT's kernel is none of the two hosts."""
        return address.host == self.addresses.router

    def configure(self, name: "HostName") -> None:
        """Give a host its address and its route, anew after its link was down."""
        host = self.host(name)
        peer: HostName = "server" if name == "client" else "client"
        if self.router is None:
            mac = self.server_mac if name == "client" else self.client_mac
        else:
            mac = self.router_mac if name == "client" else self.router_server_mac
        host.has(self.address(name), INTERFACE)
        host.reaches(self.address(peer), INTERFACE, mac)
        if self.router is not None:
            host.reaches(self.addresses.router, INTERFACE, mac)

    def close(self) -> None:
        """Let go of every namespace."""
        while self._machines:
            self._machines.pop().close()
