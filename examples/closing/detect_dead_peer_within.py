"""What a promise of 5 seconds costs, and one that cannot be kept."""

import socket

from lastack.closing import detect_dead_peer_within

with (
    socket.create_server(("127.0.0.1", 0)) as listener,
    socket.create_connection(listener.getsockname()) as client,
):
    plan = detect_dead_peer_within(client, 5, rto=0.4)  # a slower path than this
    print(plan.keepalive, f"user timeout {plan.user_timeout} s")
    print(f"idle {plan.when_idle:.1f} s, sending {plan.when_sending:.1f} s at most")
    print(f"{plan.lost_probes} lost probes harm nobody")
    try:
        detect_dead_peer_within(client, 1, rto=0.4)
    except ValueError as refusal:
        print(refusal)
    else:
        raise AssertionError("promised the impossible")
