"""A capture that ends while two programs talk: there is no ending to tell."""

from lastack.tcp.scenario import Scenario, Step, Truth, established


def steps(*, rounds: int = 3, response: int = 2000) -> list[Step]:
    """Requests and answers, and then the capture is over."""
    return established(rounds, 100, response)


SCENARIO = Scenario(
    slug="still-talking",
    steps=steps,
    truth={"a": Truth("still-open", "none")},
    seeds=(6,),
    varies={"rounds": (1, 10), "response": (1, 20_000)},
)
