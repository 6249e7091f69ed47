"""Stories that differ in their cause and not in one octet of what is sent.

Each twin is a proof by the simulator that no capture can tell its causes apart:
`test_undecidable.py` plays them and compares the captures, `test_explained.py`
lets explain name another ending than the truth only where a twin has both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lastack.tcp.scenario import (
    Disconnect,
    Step,
    client,
    client_host,
    established,
    network,
    server,
    server_host,
    settle,
    wait,
)

Steps = list[Step]
_LINUX = ("linux",)
_RESETTING = ("linux", "illumos", "macos", "windows")
_ANSWERING_WITH_ID_0 = ("linux", "freebsd", "macos")
_ALL = ("linux", "freebsd", "illumos", "macos", "windows")


@dataclass(frozen=True)
class Cause:
    """One of the causes: the ending it is, its side, and what happens."""

    ending: str
    by: str
    steps: Callable[[], Steps]


@dataclass(frozen=True)
class Twin:
    """Causes by name whose packets are the same on `systems`."""

    causes: Mapping[str, Cause]
    systems: tuple[str, ...] = _LINUX

    @property
    def endings(self) -> set[str]:
        """The endings that it proves to look alike."""
        return {cause.ending for cause in self.causes.values()}


def _told(*steps: Step | Steps) -> Callable[[], Steps]:
    def told() -> Steps:
        flat: Steps = []
        for step in steps:
            flat += step if isinstance(step, list) else [step]
        return [*flat, settle()]

    return told


_UNREAD: Steps = [*established(1), server.send(10), wait(0.2)]
"""The client has ten octets, and has acknowledged them."""
_HALF: Steps = [*established(1), client.shutdown("WR"), wait(0.2)]
_HALF_UNREAD: Steps = [*_HALF, server.send(10), wait(0.2)]
_WAITING: Steps = [server.listen(), client.connect(), client.send(10), wait(0.2)]
"""The server has a connection with ten octets, which nobody has accepted."""
_ABORTS: Steps = [client.linger(0), client.close()]
_READS_AND_ABORTS: Steps = [client.receive(10), *_ABORTS]

TWINS: Mapping[str, Twin] = {
    "a live socket resets": Twin(
        {
            "close() with unread data": Cause(
                "unread-data-at-close", "client", _told(_UNREAD, client.close())
            ),
            "killed with unread data": Cause(
                "unread-data-at-close", "client", _told(_UNREAD, client.kill())
            ),
            "SO_LINGER {1, 0}": Cause(
                "linger-zero", "client", _told(_UNREAD, _READS_AND_ABORTS)
            ),
            "killed with SO_LINGER {1, 0}": Cause(
                "linger-zero",
                "client",
                _told(_UNREAD, client.receive(10), client.linger(0), client.kill()),
            ),
            "ss -K": Cause(
                "socket-destroyed",
                "client",
                _told(_UNREAD, client.receive(10), client_host.destroy()),
            ),
            "connect(AF_UNSPEC)": Cause(
                "socket-destroyed",
                "client",
                _told(_UNREAD, client.receive(10), Disconnect(client, "a")),
            ),
        },
        _RESETTING,
    ),
    "a reset that acknowledges the last answer": Twin(
        {
            "close() with the answer unread": Cause(
                "unread-data-at-close",
                "client",
                _told(
                    established(2), client.send(100), server.receive(100),
                    server.send(200), wait(0.005), client.close(),
                ),
            ),
            "the answer read, then SO_LINGER {1, 0} at once": Cause(
                "linger-zero", "client", _told(established(3), _ABORTS)
            ),
        },
        _RESETTING,
    ),
    "a live socket resets, where unread data is a FIN": Twin(
        {
            "SO_LINGER {1, 0}": Cause(
                "linger-zero", "client", _told(_UNREAD, _READS_AND_ABORTS)
            ),
            "ss -K": Cause(
                "socket-destroyed",
                "client",
                _told(_UNREAD, client.receive(10), client_host.destroy()),
            ),
        },
        ("freebsd",),
    ),
    "a reset after the own FIN": Twin(
        {
            "unread data in FIN_WAIT_2": Cause(
                "unread-data-at-close", "client", _told(_HALF_UNREAD, client.close())
            ),
            "SO_LINGER {1, 0} in FIN_WAIT_2": Cause(
                "linger-zero", "client", _told(_HALF_UNREAD, _READS_AND_ABORTS)
            ),
            "TCP_LINGER2 below 0": Cause(
                "orphan-limit",
                "client",
                _told(
                    _HALF_UNREAD,
                    client.receive(10),
                    client.set("TCP_LINGER2", -1),
                    client.close(),
                ),
            ),
        }
    ),
    "FIN and reset at once": Twin(
        {
            "too many orphans": Cause(
                "orphan-limit",
                "client",
                _told(
                    client_host.sysctl("tcp_max_orphans", 0),
                    _UNREAD,
                    client.receive(10),
                    client.close(),
                ),
            ),
            "shutdown(), then SO_LINGER {1, 0}": Cause(
                "linger-zero",
                "client",
                _told(_UNREAD, client.receive(10), client.shutdown("WR"), _ABORTS),
            ),
            "shutdown(), then close() with unread data": Cause(
                "unread-data-at-close",
                "client",
                _told(_UNREAD, client.shutdown("WR"), client.close()),
            ),
        }
    ),
    "a server resets what it never answered": Twin(
        {
            "its listener closes, and nobody had accepted": Cause(
                "listener-closed",
                "server",
                _told(_WAITING, server.close("listener")),
            ),
            "accepted, and closed unread": Cause(
                "unread-data-at-close",
                "server",
                _told(_WAITING, server.accept(), server.close()),
            ),
            "accepted, read, ss -K": Cause(
                "socket-destroyed",
                "server",
                _told(
                    _WAITING, server.accept(), server.receive(10), server_host.destroy()
                ),
            ),
            "accepted, read, SO_LINGER {1, 0}": Cause(
                "linger-zero",
                "server",
                _told(
                    _WAITING,
                    server.accept(),
                    server.receive(10),
                    server.linger(0),
                    server.close(),
                ),
            ),
        },
        ("linux", "illumos", "macos"),
    ),
    "a host that does not know": Twin(
        {
            "rebooted": Cause(
                "peer-lost-state",
                "server",
                _told(
                    established(1), wait(1), server_host.reboot(), client.send(5)
                ),
            ),
            "its own firewall refuses": Cause(
                "firewall-reset",
                "path",
                _told(
                    established(1), wait(1), server_host.reject(), client.send(5)
                ),
            ),
        },
        _ANSWERING_WITH_ID_0,
    ),
    "a port that refuses": Twin(
        {
            "nobody listens": Cause(
                "connection-refused",
                "server",
                _told(client.connect().in_background(), wait(5)),
            ),
            "the host's firewall refuses": Cause(
                "firewall-reset",
                "path",
                _told(
                    server_host.reject(), client.connect().in_background(), wait(5)
                ),
            ),
        },
        _ANSWERING_WITH_ID_0,
    ),
    "an end in order": Twin(
        {
            name: Cause(
                "orderly-close",
                "client",
                _told(
                    established(1),
                    wait(0.2),
                    end,
                    wait(0.2),
                    server.receive(),
                    server.close(),
                ),
            )
            for name, end in (
                ("close()", client.close()),
                ("exit()", client.exit()),
                ("killed", client.kill()),
            )
        },
        ("linux", "freebsd", "illumos", "macos"),
    ),
    "data after the end": Twin(
        {
            name: Cause(
                "data-after-close",
                "client",
                _told(established(1), wait(0.2), end, wait(2), server.send(10)),
            )
            for name, end in (("close()", client.close()), ("killed", client.kill()))
        },
        ("linux", "freebsd", "illumos", "macos"),
    ),
    "silence": Twin(
        {
            "the server's power is off": Cause(
                "retransmission-timeout",
                "client",
                _told(
                    established(1), wait(1), server_host.vanish(), client.send(5),
                    client.receive(),
                ),
            ),
            "the path is cut": Cause(
                "retransmission-timeout",
                "client",
                _told(
                    established(1), wait(1), network.cut(), client.send(5),
                    client.receive(),
                ),
            ),
        },
        _ALL,
    ),
    "nobody reads": Twin(
        {
            "the program is busy elsewhere": Cause(
                "zero-window-stall",
                "server",
                _told(
                    server.listen(options={"SO_RCVBUF": 4344}), client.connect(),
                    server.accept(), client.nonblocking(), client.send(20_000), wait(9),
                ),
            ),
            "the program is stopped": Cause(
                "zero-window-stall",
                "server",
                _told(
                    server.listen(options={"SO_RCVBUF": 4344}), client.connect(),
                    server.accept(), server.stop(), client.nonblocking(),
                    client.send(20_000), wait(9),
                ),
            ),
        },
        _ALL,
    ),
}  # fmt: skip


def look_alike(one: str, other: str) -> bool:
    """Whether a twin proves that these endings may be the same packets."""
    return any({one, other} <= twin.endings for twin in TWINS.values())
