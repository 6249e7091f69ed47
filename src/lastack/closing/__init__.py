"""Close a connection right, notice that one is dead, and say why one ended.

Every name below is loaded when it is first used: `import lastack.closing` costs
no more than this file, and asyncio is loaded only by what needs it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lastack.closing.aborting import abort
    from lastack.closing.connected_datagram_server import ConnectedDatagramServer
    from lastack.closing.datagram_server import DatagramServer
    from lastack.closing.datagram_session import Session
    from lastack.closing.dead_peer import (
        DeadPeerPlan,
        detect_dead_peer_within,
        plan_dead_peer,
    )
    from lastack.closing.drain import Closed, How
    from lastack.closing.errors import Explanation, explain_error
    from lastack.closing.final_bytes import Final, open_connection, read_final
    from lastack.closing.graceful import close_gracefully, lingering_close
    from lastack.closing.graceful_asyncio import (
        aclose_gracefully,
        aclose_transport,
        alingering_close,
    )
    from lastack.closing.half_closing import half_close
    from lastack.closing.heartbeat import Beat, Heartbeat, beat
    from lastack.closing.idle_close import IdleClose, ProtocolError
    from lastack.closing.idle_close_asyncio import Connection, Served
    from lastack.closing.keepalive import KeepAlive, user_timeout
    from lastack.closing.process_server import ProcessServer, serve_processes
    from lastack.closing.requests import Requests, TooManyRequestsError
    from lastack.closing.retry import RequestNotDoneError, retry_safe
    from lastack.closing.sessions import Limits
    from lastack.closing.so_linger import linger
    from lastack.closing.tcp_server import Accepted, Server, serve

__all__ = [
    "Accepted",
    "Beat",
    "Closed",
    "ConnectedDatagramServer",
    "Connection",
    "DatagramServer",
    "DeadPeerPlan",
    "Explanation",
    "Final",
    "Heartbeat",
    "How",
    "IdleClose",
    "KeepAlive",
    "Limits",
    "ProcessServer",
    "ProtocolError",
    "RequestNotDoneError",
    "Requests",
    "Served",
    "Server",
    "Session",
    "TooManyRequestsError",
    "abort",
    "aclose_gracefully",
    "aclose_transport",
    "alingering_close",
    "beat",
    "close_gracefully",
    "detect_dead_peer_within",
    "explain_error",
    "half_close",
    "linger",
    "lingering_close",
    "open_connection",
    "plan_dead_peer",
    "read_final",
    "retry_safe",
    "serve",
    "serve_processes",
    "user_timeout",
]

_HOME = {
    "Accepted": "tcp_server",
    "Beat": "heartbeat",
    "Closed": "drain",
    "ConnectedDatagramServer": "connected_datagram_server",
    "Connection": "idle_close_asyncio",
    "DatagramServer": "datagram_server",
    "DeadPeerPlan": "dead_peer",
    "Explanation": "errors",
    "Final": "final_bytes",
    "Heartbeat": "heartbeat",
    "How": "drain",
    "IdleClose": "idle_close",
    "KeepAlive": "keepalive",
    "Limits": "sessions",
    "ProcessServer": "process_server",
    "ProtocolError": "idle_close",
    "RequestNotDoneError": "retry",
    "Requests": "requests",
    "Served": "idle_close_asyncio",
    "Server": "tcp_server",
    "Session": "datagram_session",
    "TooManyRequestsError": "requests",
    "abort": "aborting",
    "aclose_gracefully": "graceful_asyncio",
    "aclose_transport": "graceful_asyncio",
    "alingering_close": "graceful_asyncio",
    "beat": "heartbeat",
    "close_gracefully": "graceful",
    "detect_dead_peer_within": "dead_peer",
    "explain_error": "errors",
    "half_close": "half_closing",
    "linger": "so_linger",
    "lingering_close": "graceful",
    "open_connection": "final_bytes",
    "plan_dead_peer": "dead_peer",
    "read_final": "final_bytes",
    "retry_safe": "retry",
    "serve": "tcp_server",
    "serve_processes": "process_server",
    "user_timeout": "keepalive",
}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'lastack.closing' has no attribute {name!r}")
    value = getattr(import_module(f"lastack.closing.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
