"""Keepalive for one connection: probe after 60 s, give up after 90 s."""

import socket

from lastack.closing import KeepAlive, user_timeout

keepalive = KeepAlive(idle=60, interval=10, count=3)

with (
    socket.create_server(("127.0.0.1", 0)) as listener,
    socket.create_connection(listener.getsockname()) as client,
):
    keepalive.set(client)
    print(f"idle: an error {keepalive.gives_up_after} s after the peer vanished")
    user_timeout(client, 90)
    print("sending: an error 90 s after the first retransmission")
    assert client.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 60
