"""Segments and ICMP errors for hypothesis."""

from hypothesis import strategies as st

from lastack.tcp.icmp import IcmpError, icmp_names
from lastack.tcp.segment import Address, Options, Segment

WORD = st.one_of(st.integers(0, 2**32 - 1), st.sampled_from([0, 1, 2**31, 2**32 - 1]))
PORT = st.integers(0, 65535)
HOSTS = {4: ("192.0.2.1", "255.255.255.254"), 6: ("2001:db8::1", "fe80::ffff:1")}

# As many SACK blocks as fit beside a timestamp.
OPTIONS = st.builds(
    Options,
    mss=st.none() | st.integers(0, 65535),
    window_scale=st.none() | st.integers(0, 255),
    sack_permitted=st.booleans(),
    timestamp=st.none() | st.tuples(WORD, WORD),
) | st.builds(
    Options,
    timestamp=st.none() | st.tuples(WORD, WORD),
    sack=st.lists(st.tuples(WORD, WORD), max_size=3).map(tuple),
)


@st.composite
def segments(
    draw: st.DrawFn, client: Address | None = None, server: Address | None = None
) -> Segment:
    """A segment of IPv4 or IPv6 with any header and options."""
    version = draw(st.sampled_from([4, 6]))
    hosts = HOSTS[version]
    client = client or Address(hosts[0], draw(PORT))
    server = server or Address(hosts[1], draw(PORT))
    ends = (client, server) if draw(st.booleans()) else (server, client)
    four = "." in client.host
    return Segment(
        time=draw(st.integers(0, 10**12)),
        source=ends[0],
        destination=ends[1],
        flags=draw(st.integers(0, 511)),
        seq=draw(WORD),
        ack=draw(WORD),
        window=draw(st.integers(0, 65535)),
        payload=bytes(draw(st.integers(0, 3000) | st.just(0))),
        options=draw(OPTIONS),
        ttl=draw(st.integers(0, 255)),
        ip_id=draw(st.integers(0, 65535)) if four else 0,
        dont_fragment=draw(st.booleans()) if four else True,
        tos=draw(st.integers(0, 255)),
    )


@st.composite
def errors(
    draw: st.DrawFn, client: Address | None = None, server: Address | None = None
) -> IcmpError:
    """An ICMP error of any name about a segment."""
    quoted = draw(segments(client, server))
    version = 4 if "." in quoted.source.host else 6
    kind, code = draw(st.sampled_from(sorted(icmp_names(version).values())))
    reporter = draw(
        st.sampled_from(
            [quoted.destination.host, "203.0.113.9" if version == 4 else "2001:db8::9"]
        )
    )
    return IcmpError(
        time=draw(st.integers(0, 10**12)),
        reporter=reporter,
        kind=kind,
        code=code,
        quoted=quoted,
        mtu=draw(st.integers(0, 65535)),
    )
