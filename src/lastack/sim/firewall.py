"""A host's own firewall: what comes in is refused before TCP sees it."""

from typing import TYPE_CHECKING

from lastack.sim.reset import passive_reset
from lastack.sim.unreachable import unreachable

if TYPE_CHECKING:
    from lastack.sim.host import Host
    from lastack.tcp.segment import Segment


def reject(host: "Host", segment: "Segment") -> None:
    """Refuse `segment` as `host.firewall` says.

    netfilter's reset is on the wire what a closed port's is (nf_send_reset); no
    counter and no reason of TCP moves.
    """
    link = host.link
    if host.firewall == "drop" or link is None:
        return
    now = host.world.now
    if host.firewall == "tcp-reset":
        reset = passive_reset(segment, host.personality, now)
        if reset is not None:
            link.send(host, reset)
        return
    error = unreachable(host.firewall, segment, host.address, now)
    link.report(host, host.firewall, error)
