"""nc -N half-closes at the end of its input and goes on reading.

nc sends what was typed and says shutdown(WR). The client reads it to the end
and still sends, and nc takes it. Without -N this nc would say nothing, and the
client would wait for an end of file that never comes.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, server, wait


def steps(*, pause: float = 0.2, more: int = 100) -> list[Step]:
    """The client sends `more` octets `pause` seconds after end of file."""
    return [
        server.run("nc", "-n", "-N", "-l", "{server}", "{port}", typed=TYPED),
        client.connect().gives("0"),
        client.receive(len(TYPED), everything=True).gives(str(len(TYPED))),
        client.receive().gives("0"),
        wait(pause),
        client.send(more).gives(str(more)),
        client.close().gives("0"),
    ]


TYPED = "what was typed before\n\x04"
SCENARIO = Scenario(
    slug="nc-half-close",
    steps=steps,
    truth={"a": Truth("half-close", "server")},
    seeds=(13, 18),
    not_in_sim="nc is a real program",
    varies={"pause": (0.1, 1.0), "more": (1, 1400)},
)
