"""What two programs and the network between them do, step by step.

A scenario says what happens and nothing of how it is carried out: the
laboratory runs it with processes and namespaces on the real kernel, the
simulator in virtual time. Both follow the same rules:

- A director carries the steps out strictly in order. A call returns before the
  next step begins, unless it was started `in_background()`; then the director
  goes on at once, and the program's own next call starts when it has returned.
- A step takes no time of its own. Two steps in a row happen at the same
  instant, so their segments cross on a wire that has a delay.
- Sockets have names, by default one connection `a`, and the server's
  `listener`. A connection is called as the socket that connected is called.
- A program is single-threaded and blocks, unless `nonblocking()` was set.
- Times are in seconds, sizes in octets. A result is written as in a timeline:
  `0`, a count, or an errno's name with a minus sign, `-ECONNRESET`.

>>> client.send(100).gives("100")
Send(program=Program(name='client', host='client'), ...)
"""

from lastack.tcp.scenario.calls import (
    PORT,
    UNFINISHED,
    Accept,
    Bind,
    Call,
    Close,
    Connect,
    Disconnect,
    Exit,
    Fork,
    Kill,
    Listen,
    Option,
    Poll,
    Receive,
    Resume,
    Run,
    Send,
    Shutdown,
    SocketError,
    Start,
    Stop,
)
from lastack.tcp.scenario.cast import (
    client,
    client2,
    client_host,
    established,
    exchange,
    network,
    server,
    server2,
    server_host,
)
from lastack.tcp.scenario.host import (
    DestroySocket,
    Host,
    HostReject,
    HostStep,
    Reboot,
    Refusal,
    Sysctl,
    Unplug,
    Vanish,
)
from lastack.tcp.scenario.path import (
    Cut,
    Delay,
    Direction,
    Duplicate,
    Forge,
    Forget,
    Heal,
    Kind,
    Lose,
    Narrow,
    Network,
    NetworkStep,
    Reject,
    Track,
    Translate,
    is_kind,
)
from lastack.tcp.scenario.program import (
    Program,
)
from lastack.tcp.scenario.scenario import (
    Scenario,
    Truth,
    Wire,
)
from lastack.tcp.scenario.step import (
    SETTLE_S,
    HostName,
    Settle,
    Step,
    Wait,
    settle,
    wait,
)

__all__ = [
    "PORT",
    "SETTLE_S",
    "UNFINISHED",
    "Accept",
    "Bind",
    "Call",
    "Close",
    "Connect",
    "Cut",
    "Delay",
    "DestroySocket",
    "Direction",
    "Disconnect",
    "Duplicate",
    "Exit",
    "Forge",
    "Forget",
    "Fork",
    "Heal",
    "Host",
    "HostName",
    "HostReject",
    "HostStep",
    "Kill",
    "Kind",
    "Listen",
    "Lose",
    "Narrow",
    "Network",
    "NetworkStep",
    "Option",
    "Poll",
    "Program",
    "Reboot",
    "Receive",
    "Refusal",
    "Reject",
    "Resume",
    "Run",
    "Scenario",
    "Send",
    "Settle",
    "Shutdown",
    "SocketError",
    "Start",
    "Step",
    "Stop",
    "Sysctl",
    "Track",
    "Translate",
    "Truth",
    "Unplug",
    "Vanish",
    "Wait",
    "Wire",
    "client",
    "client2",
    "client_host",
    "established",
    "exchange",
    "is_kind",
    "network",
    "server",
    "server2",
    "server_host",
    "settle",
    "wait",
]
