"""The table of states, against figure 5 of RFC 9293."""

from lastack.tcp.states import TRANSITIONS, Event, State

# Each arrow of the figure, once; the RFC's own names, shortened to events.
FIGURE = {
    ("CLOSED", "OPEN_PASSIVE", "LISTEN"),
    ("CLOSED", "OPEN_ACTIVE", "SYN_SENT"),
    ("LISTEN", "SYN", "SYN_RECEIVED"),
    ("LISTEN", "OPEN_ACTIVE", "SYN_SENT"),
    ("LISTEN", "CLOSE", "CLOSED"),
    ("SYN_SENT", "SYN", "SYN_RECEIVED"),
    ("SYN_SENT", "SYN_ACK", "ESTABLISHED"),
    ("SYN_SENT", "CLOSE", "CLOSED"),
    ("SYN_RECEIVED", "ACK_OF_SYN", "ESTABLISHED"),
    ("SYN_RECEIVED", "CLOSE", "FIN_WAIT_1"),
    ("ESTABLISHED", "CLOSE", "FIN_WAIT_1"),
    ("ESTABLISHED", "FIN", "CLOSE_WAIT"),
    ("FIN_WAIT_1", "ACK_OF_FIN", "FIN_WAIT_2"),
    ("FIN_WAIT_1", "FIN", "CLOSING"),
    ("FIN_WAIT_2", "FIN", "TIME_WAIT"),
    ("CLOSE_WAIT", "CLOSE", "LAST_ACK"),
    ("CLOSING", "ACK_OF_FIN", "TIME_WAIT"),
    ("LAST_ACK", "ACK_OF_FIN", "CLOSED"),
    ("TIME_WAIT", "TIMEOUT", "CLOSED"),
}
# Of the text: 3.10.7.4 (a FIN in SYN-RECEIVED; one that acknowledges ours, which
# the figure's note 2 has too), RFC 6191 (a new SYN in TIME-WAIT).
TEXT = {
    ("SYN_RECEIVED", "FIN", "CLOSE_WAIT"),
    ("FIN_WAIT_1", "FIN_AND_ACK_OF_FIN", "TIME_WAIT"),
    ("TIME_WAIT", "SYN", "SYN_RECEIVED"),
}
ENDS = {Event.RESET, Event.ABORT, Event.TIMEOUT}


def test_it_has_each_arrow_and_no_other() -> None:
    """Beside those of the figure: a reset, an abort, a last timer close."""
    arrows = {
        (before.name, event.name, after.name)
        for before, row in TRANSITIONS.items()
        for event, after in row.items()
        if not (event in ENDS and after is State.CLOSED)
    }
    assert arrows == (FIGURE | TEXT) - {("TIME_WAIT", "TIMEOUT", "CLOSED")}


def test_every_connection_can_be_reset_and_given_up() -> None:
    """In each state that is one: what is listening or closed has no peer."""
    connections = set(State) - {State.CLOSED, State.LISTEN}
    for event in ENDS:
        ended = {it for it in State if TRANSITIONS[it].get(event) is State.CLOSED}
        assert ended - {State.LISTEN} == connections
