"""What else is recognised in a connection, beside how it ended: short slugs.

Each note is one function and its slug; a note never changes a verdict.
"""

from collections.abc import Callable

from lastack.connections.facts import Facts
from lastack.connections.story import Story

Note = Callable[[str, Facts, Story], bool]


def _keep_alive_race(slug: str, facts: Facts, story: Story) -> bool:
    """A request crossed the FIN of a server whose idle time was over.

    It acknowledges all that the server had said, and not the FIN; a client that
    acknowledged the FIN had been told (RFC 9112 9.5).
    """
    request = story.offender
    return (
        slug == "data-after-close"
        and story.by == "server"
        and facts.server_data
        and request is not None
        and request.length > 0
        and request.ack == story.server.fin_seq
    )


def _response_at_risk(slug: str, facts: Facts, story: Story) -> bool:
    """Data that the resetting side had just sent may be lost with the reset."""
    sender = story.side(story.resetter)
    return (
        facts.resetter != 0
        and slug not in {"injected-reset", "firewall-reset"}
        and sender.octets > 0
        and sender.acked < sender.next - (1 if sender.fins else 0)
    )


def _health_check(slug: str, facts: Facts, story: Story) -> bool:
    """A handshake and an end, without an octet of data."""
    return (
        (facts.established or slug == "linger-zero")
        and facts.syn
        and not facts.client_data
        and not facts.server_data
        and slug in {"orderly-close", "linger-zero"}
        and story.by != "server"
    )


def _reset_ignored(slug: str, facts: Facts, story: Story) -> bool:
    """A reset was seen that ended nothing."""
    del slug, story
    return facts.reset_ignored


def _reset_after_close(slug: str, facts: Facts, story: Story) -> bool:
    """A reset came after both sides had closed."""
    del slug, story
    return facts.reset_after_close


def _middle(slug: str, facts: Facts, story: Story) -> bool:
    """The capture begins in the middle of the connection."""
    del slug, story
    return not facts.syn and not facts.syn_ack


def _one_way(slug: str, facts: Facts, story: Story) -> bool:
    """Only one direction was captured."""
    del slug
    acked = story.client.ack > 1 or story.server.ack > 1
    return acked and facts.client_seen != facts.server_seen


def _duplicated(slug: str, facts: Facts, story: Story) -> bool:
    """Frames are in the capture twice: a bridge, or every interface."""
    del slug, facts
    return story.client.duplicates + story.server.duplicates > 1


def _retransmissions(slug: str, facts: Facts, story: Story) -> bool:
    """Segments were sent again."""
    del slug, facts
    return story.client.repeats_total + story.server.repeats_total > 0


def _port_reused(slug: str, facts: Facts, story: Story) -> bool:
    """Another connection had the same addresses and ports before."""
    del slug, facts
    return story.connection.previous is not None


NOTES: dict[str, Note] = {
    "keep-alive-race": _keep_alive_race,
    "response-at-risk": _response_at_risk,
    "health-check": _health_check,
    "reset-ignored": _reset_ignored,
    "reset-after-close": _reset_after_close,
    "begins-in-the-middle": _middle,
    "one-way": _one_way,
    "duplicated-frames": _duplicated,
    "retransmissions": _retransmissions,
    "port-reused": _port_reused,
}


def notes(slug: str, facts: Facts, story: Story) -> tuple[str, ...]:
    """Return the slugs of what is recognised beside the ending `slug`."""
    return tuple(name for name, note in NOTES.items() if note(slug, facts, story))
