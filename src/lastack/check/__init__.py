"""A server tested from outside for how it handles the endings of connections.

`probes/` holds one probe a file; a file put there is found. `examine` runs them.
`netcat` and `traced_calls` are the two ends of a connection by hand.
"""
