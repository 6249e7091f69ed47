"""The same seed gives the same octets: in another process, with other hashes."""

import os
import subprocess
import sys

from lastack import scenarios
from lastack.sim.personalities import load
from lastack.sim.run import play
from lastack.tcp.events import Call

_EVERYTHING = """
from hashlib import sha256
from lastack import scenarios
from lastack.sim import personalities
from lastack.sim.explore.search import explore
from lastack.sim.run import play
from lastack.sim.trace import pcap

digest = sha256()
for slug in scenarios.names():
    scenario = scenarios.load(slug)
    if scenario.not_in_sim:
        continue
    for system in personalities.names():
        run = play(scenario, scenario.steps(), client=personalities.load(system))
        for where in ("client", "wire", "server"):
            digest.update(pcap(run.events, where=where, client="192.0.2.1"))
        digest.update(repr((run.events, run.transitions)).encode())
linux = personalities.load("linux")
found = explore(linux, linux, (["close", "send"], ["close", "kill"]), faults=1)
digest.update(repr((found.endings, found.states)).encode())
print(digest.hexdigest())
"""


def _digest(hash_seed: int) -> str:
    """What a new interpreter makes of all scenarios on all systems."""
    environment = os.environ | {"PYTHONHASHSEED": str(hash_seed)}
    done = subprocess.run(
        [sys.executable, "-c", _EVERYTHING],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_another_process_with_other_hashes_makes_the_same_octets() -> None:
    """Captures, timelines, transitions and explorations, to the last octet."""
    assert _digest(1) == _digest(2)


def test_every_time_is_an_integer_of_nanoseconds() -> None:
    """No float adds up differently elsewhere."""
    for slug in scenarios.names():
        scenario = scenarios.load(slug)
        if scenario.not_in_sim:
            continue
        for event in play(scenario, scenario.steps(), client=load("linux")).events:
            assert type(event.time) is int
            if isinstance(event, Call):
                assert type(event.duration) is int
