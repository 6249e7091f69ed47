"""Last steps that many scenarios share; a package, so that none of it is taken for one.

Each returns steps of the vocabulary and has nothing of its own. Where a last step
is what a scenario is about, it stands in the scenario.
"""

from lastack.tcp.scenario import Program, Step, client, server, settle


def closed_in_order(first: Program, second: Program) -> list[Step]:
    """`first` closes, `second` reads end of file and closes: FIN, ACK, FIN, ACK."""
    return [
        first.close().gives("0"),
        second.receive().gives("0"),
        second.close().gives("0"),
    ]


def aborted(program: Program, peer: Program) -> list[Step]:
    """`program` closes with SO_LINGER {1, 0}, and `peer` is told ECONNRESET."""
    return [
        settle(),
        program.linger(0),
        program.close().gives("0"),
        peer.receive().gives("-ECONNRESET"),
    ]


def answered_and_closed_on_the_rest(
    program: Program, peer: Program, *, read: int, answer: int, unread: int = 0
) -> list[Step]:
    """`program` reads `read` octets of what came, says `answer` more, and closes.

    The rest lies unread: a RST behind the answer, but on FreeBSD a FIN. `peer`
    can still read the answer, and `unread` octets that it had not read before.
    """
    return [
        program.receive(read, everything=True).gives(str(read)),
        program.send(answer).gives(str(answer)),
        program.close().gives("0"),
        settle(),
        peer.receive(unread + answer, everything=True).gives(str(unread + answer)),
        peer.receive().gives("-ECONNRESET", freebsd="0"),
    ]


def only_the_writer_is_reset(request: int) -> list[Step]:
    """The client's `request` is answered by a RST that the server never sees."""
    return [
        client.send(request).gives(str(request)),
        settle(),
        client.receive().gives("-ECONNRESET"),
        server.poll().gives("POLLOUT"),
    ]


def given_up(request: int, error: str) -> list[Step]:
    """The client's `request` gets nowhere: its read says why, `error`, but once."""
    return [
        client.send(request).gives(str(request)),
        client.receive().gives(error),
        client.send(1).gives("-EPIPE"),
    ]


def told_only_by_writing(program: Program) -> list[Step]:
    """A RST met `program` in CLOSE_WAIT: it reads end of file; a write tells.

    On illumos the read tells already.
    """
    return [
        program.receive().gives("0", illumos="-ECONNRESET"),
        program.send(1).gives("-EPIPE"),
    ]
