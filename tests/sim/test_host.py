"""A host: descriptors, queues, processes, power, boxes on the path, and UDP."""

from lastack.sim.boxes import Tracker
from lastack.sim.generator import Generator
from lastack.sim.host import Host
from lastack.sim.link import Link
from lastack.sim.personalities import load
from lastack.sim.world import World
from lastack.tcp.scenario import (
    Program,
    client,
    client2,
    client_host,
    established,
    network,
    server,
    server_host,
    settle,
    wait,
)
from lastack.tcp.segment import Address

from .story import SECOND, tell

_CHILD = Program("child", "server")


def _hosts() -> tuple[World, Host, Host]:
    world = World()
    linux = load("linux")
    one = Host(world, "client", "192.0.2.1", linux, Generator(1))
    two = Host(world, "server", "192.0.2.2", linux, Generator(2))
    one.link = two.link = Link(world, one, two, Generator(3))
    return world, one, two


def test_a_connection_ends_with_the_last_descriptor() -> None:
    """fork(): the parent's close() sends nothing, the child's end a FIN."""
    story = tell(
        established(1),
        server.fork(_CHILD),
        server.close(),
        wait(0.5),
        client.poll().gives("POLLOUT"),
        _CHILD.kill(),
        wait(0.1),
        client.receive().gives("0"),
    )
    assert story.run.surprises == []


def test_a_listener_that_closes_resets_who_waits() -> None:
    """Un-accepted connections get R. (TCP_STATE) in the same instant."""
    story = tell(
        server.listen(),
        client.connect("a"),
        client2.connect("b"),
        wait(0.1),
        server.close("listener"),
        settle(),
    )
    resets = story.sent("server", flags="R.")
    assert len(resets) == 2
    assert resets[0].time == resets[1].time
    assert story.reasons("server") == ["TCP_STATE", "TCP_STATE"]


def test_a_full_accept_queue_drops_syns() -> None:
    """One more than the backlog is accepted; the next SYN looks filtered."""
    story = tell(
        server.listen(backlog=0),
        client.connect("a"),
        client2.connect("b").in_background(),
        wait(2),
        server.accept("x"),
        wait(2),
    )
    assert story.counter("server", "ListenOverflows") >= 2
    assert story.result("connect", by="client2") == "0"
    assert story.calls("connect", by="client2")[0].duration > SECOND


def test_the_last_step_of_a_handshake_may_find_the_queue_full() -> None:
    """tcp_abort_on_overflow: INVALID_SYN and a RST, or silence and SYN-ACKs."""
    steps = [
        server.listen(backlog=0),
        client.connect("a").in_background(),
        wait(0.003),
        client2.connect("b").in_background(),
        wait(2.5),
    ]
    aborting = tell(server_host.sysctl("tcp_abort_on_overflow", 1), *steps)
    dropping = tell(*steps)
    assert aborting.reasons("server") == ["INVALID_SYN"]
    assert dropping.reasons("server") == []
    assert len(dropping.sent("server", flags="S.")) > len(
        aborting.sent("server", flags="S.")
    )


def test_power_loss_is_silent_and_a_reboot_forgets() -> None:
    """Nothing leaves; afterwards the peer's data is refused."""
    story = tell(established(1), wait(1), server_host.vanish(), client.send(1), wait(1))
    assert story.sent("server")[-1].time < SECOND
    again = tell(
        established(1), wait(1), server_host.reboot(), client.send(1), settle()
    )
    assert again.reasons("server") == ["NO_SOCKET"]


def test_a_nat_that_forgets_refuses_what_it_does_not_know() -> None:
    """Conntrack: through while known, a RST by the box after it forgot."""
    story = tell(
        network.track("tcp-reset"),
        established(1),
        wait(0.1),
        client.send(5).gives("5"),
        wait(0.1),
        network.forget(),
        client.send(5).gives("5"),
        wait(0.1),
        client.send(5).gives("-ECONNRESET"),
        server.poll().gives("POLLIN|POLLOUT"),
    )
    assert story.run.surprises == []


def test_a_nat_forgets_by_itself_after_its_idle_time() -> None:
    """300 s without a segment, and the next one is not of a known connection."""
    world, one, two = _hosts()
    assert one.link is not None
    one.link.boxes.append(Tracker("drop", idle=300 * SECOND))
    us, them = one.spawn("us"), two.spawn("them")
    listening, connecting = them.socket(), us.socket()
    them.listen(listening, 80, 5)
    us.connect(connecting, Address("192.0.2.2", 80))
    world.run_until(301 * SECOND + SECOND)
    us.send(connecting, b"x")
    world.run_until(400 * SECOND)
    accepted = them.accept(listening)
    assert them.receive(accepted.descriptor, 1, wait=False).result == "-EAGAIN"


def test_a_forged_reset_ends_one_side_only() -> None:
    """The pretended sender goes on, and is then refused."""
    story = tell(
        established(1), wait(0.1), network.forge("client", "R"), wait(0.1),
        client.receive().gives("-ECONNRESET"),
        server.send(5).gives("5"), wait(0.1),
        server.receive().gives("-ECONNRESET"),
    )  # fmt: skip
    assert story.run.surprises == []
    assert story.reasons("client") == ["NO_SOCKET"]


def test_a_host_without_a_cable_sends_nothing() -> None:
    """The kernel retransmits, but nothing leaves."""
    story = tell(established(1), wait(1), client_host.unplug(), client.send(5), wait(5))
    assert story.sent("client")[-1].time < SECOND


def test_descriptors_start_at_three_and_are_not_reused() -> None:
    """As after stdin, stdout and stderr; a new number tells sockets apart."""
    _, one, _ = _hosts()
    process = one.spawn("program")
    assert [process.socket() for _ in range(3)] == [3, 4, 5]


def test_a_udp_server_tells_clients_by_their_address() -> None:
    """One dispatcher: the source address says whose datagram it is."""
    world, one, two = _hosts()
    server_side = two.spawn("server")
    dispatcher = server_side.datagram_socket(53)
    clients = [
        one.spawn(name).datagram_socket(port) for name, port in (("a", 1), ("b", 2))
    ]
    for number, socket in enumerate(clients):
        one.processes[number].send_datagram(socket, b"hello", dispatcher.local)
    world.run_until(SECOND)
    senders = []
    while (datagram := dispatcher.receive()) is not None:
        senders.append(datagram.source.port)
        server_side.send_datagram(dispatcher, b"for you", datagram.source)
    world.run_until(2 * SECOND)
    assert senders == [1, 2]
    assert all(socket.receive() is not None for socket in clients)


def test_a_connected_udp_socket_gets_its_peer_s_datagrams_first() -> None:
    """One socket a client: the closer match wins over the listening one."""
    world, one, two = _hosts()
    us, them = one.spawn("us"), two.spawn("them")
    client_socket = us.datagram_socket(1000)
    wide, narrow = them.datagram_socket(53), them.datagram_socket(53)
    narrow.connect(client_socket.local)
    us.send_datagram(client_socket, b"x", wide.local)
    us.send_datagram(us.datagram_socket(2000), b"y", wide.local)
    world.run_until(SECOND)
    first, second = narrow.receive(), wide.receive()
    assert first is not None
    assert second is not None
    assert (first.payload, second.payload) == (b"x", b"y")
