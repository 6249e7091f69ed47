"""A TCP server: listen, accept, and a worker for each connection.

After fork() the parent closes its copy of the connection, or the worker's close
would send no FIN. Two clients are served at once; neither waits for the other.
"""

from lastack.tcp.scenario import Program, Scenario, Step, Truth, client, client2, server

worker1 = Program("worker1", "server")
worker2 = Program("worker2", "server")


def steps(*, request: int = 100, response: int = 2000) -> list[Step]:
    """Each worker answers one request and closes."""
    workers = {"a": (client, worker1), "b": (client2, worker2)}
    return [
        server.listen(),
        *(
            step
            for name, (caller, worker) in workers.items()
            for step in (
                caller.connect(name),
                server.accept(name),
                server.fork(worker),
                server.close(name),
            )
        ),
        *(
            step
            for name, (caller, worker) in reversed(workers.items())
            for step in (
                caller.send(request, name),
                worker.receive(request, name, everything=True).gives(str(request)),
                worker.send(response, name),
                worker.close(name),
                caller.receive(response, name, everything=True).gives(str(response)),
                caller.receive(name=name).gives("0"),
                caller.close(name),
            )
        ),
    ]


SCENARIO = Scenario(
    slug="worker-each",
    steps=steps,
    truth={
        "a": Truth("orderly-close", "server"),
        "b": Truth("orderly-close", "server"),
    },
    seeds=(6,),
    varies={"request": (1, 1400), "response": (1, 20000)},
)
