"""Who is there: the usual programs, hosts and path, and how they begin to talk."""

from lastack.tcp.scenario.host import Host
from lastack.tcp.scenario.path import Network
from lastack.tcp.scenario.program import Program
from lastack.tcp.scenario.step import Step

client = Program("client", "client")
server = Program("server", "server")
client2 = Program("client2", "client")
server2 = Program("server2", "server")
client_host = Host("client")
server_host = Host("server")
network = Network()


def exchange(
    rounds: int = 1, request: int = 100, response: int = 200, name: str = "a"
) -> list[Step]:
    """The client asks and the server answers, `rounds` times, all of it read."""
    return [
        step
        for _ in range(rounds)
        for step in (
            client.send(request, name),
            server.receive(request, name, everything=True),
            server.send(response, name),
            client.receive(response, name, everything=True),
        )
    ]


def established(
    rounds: int = 0, request: int = 100, response: int = 200, name: str = "a"
) -> list[Step]:
    """The server listens, the client connects, and they have talked a while."""
    return [
        server.listen().gives("0"),
        client.connect(name).gives("0"),
        server.accept(name),
        *exchange(rounds, request, response, name),
    ]
