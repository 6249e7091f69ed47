"""Zeek's conn_state of a connection (`base/protocols/conn/main.zeek`).

The states of Zeek's two endpoints follow from what each side sent; the
originator is the sender of the SYN, else of the first segment.
"""

from lastack.connections.connection import Connection
from lastack.connections.side import Side

_INACTIVE = "inactive"
_SYN_SENT = "SYN sent"
_SYN_ACK_SENT = "SYN-ACK sent"
_PARTIAL = "partial"
_ESTABLISHED = "established"
_CLOSED = "closed"
_RESET = "reset"


def zeek_state(connection: Connection) -> str:
    """Return one of S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH."""
    originator, responder = connection.side0, connection.side1
    if connection.client_known and connection.client == 1:
        originator, responder = responder, originator
    complete = connection.established
    one = _state(originator, responder, complete)
    two = _state(responder, originator, complete)
    one_idle = one in {_INACTIVE, _PARTIAL}
    two_idle = two in {_INACTIVE, _PARTIAL}
    if two == _RESET:
        if one in {_SYN_SENT, _SYN_ACK_SENT}:
            return "REJ"
        if one == _RESET and originator.octets == responder.octets == 0:
            return "REJ"
        return "RSTRH" if one_idle else "RSTR"
    if one == _RESET:
        return "RSTOS0" if two_idle else "RSTO"
    if one == _CLOSED:
        if two == _CLOSED:
            return "SF"
        return "SH" if two_idle else "S2"
    if two == _CLOSED:
        return "SHR" if one_idle else "S3"
    if one == _SYN_SENT and two == _INACTIVE:
        return "S0"
    if one == _ESTABLISHED and two == _ESTABLISHED:
        return "S1"
    return "OTH"


def _state(side: Side, peer: Side, complete: bool) -> str:
    """Return the state of one endpoint after the whole capture."""
    if side.resets:
        return _RESET
    if side.fins:
        return _CLOSED
    if complete:
        return _ESTABLISHED
    if side.syn_acks:
        return _SYN_ACK_SENT
    if side.syns:
        return _SYN_SENT
    if side.packets:
        return _PARTIAL
    return _INACTIVE
