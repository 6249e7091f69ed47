"""A TCP in virtual time: endpoints, hosts, links and operating systems.

It does no I/O, reads no clock and draws no randomness but from a seed: the same
seed gives the same octets everywhere. Time is an integer of nanoseconds, always
an argument.

`endpoint.py` is one connection, `host.py` a kernel with its programs and their
descriptors, `link.py` and `boxes.py` the path, `world.py` the virtual time in
which they meet, `run.py` the director that carries out a scenario.
`personalities/` holds what differs between operating systems, as data.
"""
