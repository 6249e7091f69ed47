"""Real curl asks Python's http.server, which closes first.

The end of the answer is the FIN: curl reads to it and closes too. Two real
programs, and the quietest ending there is. (With --fail curl closes at the 404
already, and its kernel resets the rest of the answer.)
"""

from lastack.tcp.scenario import Scenario, Step, client, server


def steps() -> list[Step]:
    """Both programs are as they come; curl runs to its end."""
    return [
        server.run("{python}", "-m", "http.server", "-b", "{server}", "{port}"),
        client.run(
            "curl",
            "-sS",
            "--resolve",
            "server:{port}:{server}",
            "http://server:{port}/nothing",
            waits=True,
        ).gives("0"),
    ]


SCENARIO = Scenario(
    slug="curl-and-http-server",
    steps=steps,
    truth={},
    seeds=(6,),
    not_in_sim="curl and http.server are real programs",
)
