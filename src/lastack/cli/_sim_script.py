"""`lastack sim script`: packetdrill's scripts against a simulated system."""

import argparse
import sys

from lastack.sim import personalities
from lastack.sim.packetdrill.parser import parse
from lastack.sim.packetdrill.runner import run
from lastack.sim.packetdrill.script import ScriptError
from lastack.sim.packetdrill.subject import SimulatedSubject

_MOST_CHARACTERS = 1 << 20


def run_scripts(arguments: argparse.Namespace) -> int:
    """Run the scripts; 1 if one fails, 2 if one cannot be read."""
    personality = personalities.load(arguments.os)
    code = 0
    for path in arguments.files:
        with open(path, encoding="utf-8") as file:
            text = file.read(_MOST_CHARACTERS + 1)
        try:
            script = parse(text)
            failure = run(script, SimulatedSubject(personality, seed=arguments.seed))
        except ScriptError as error:
            print(error.report(str(path)), file=sys.stderr)
            code = 2
            continue
        if failure is None:
            print(f"OK    {path}")
        else:
            print(f"FAIL  {failure.report(str(path))}")
            code = code or 1
    return code
