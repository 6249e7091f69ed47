"""`lastack sim script`: packetdrill's scripts against a simulated system."""

import argparse
import sys

from lastack.sim import personalities
from lastack.sim.packetdrill.parser import parse
from lastack.sim.packetdrill.runner import Failure, run
from lastack.sim.packetdrill.script import Script, ScriptError
from lastack.sim.packetdrill.subject import SimulatedSubject

_MOST_CHARACTERS = 1 << 20


def run_scripts(arguments: argparse.Namespace) -> int:
    """Run the scripts; 1 if one fails, 2 if one cannot be read."""
    personality = personalities.load(arguments.os)
    code = 0
    for path in arguments.files:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read(_MOST_CHARACTERS + 1)
        try:
            script = parse(text)
            if arguments.kernel:
                failure = _on_the_kernel(script)
            else:
                subject = SimulatedSubject(personality, seed=arguments.seed)
                failure = run(script, subject)
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


def _on_the_kernel(script: Script) -> Failure | None:
    """Run a script on this host's kernel, behind a TUN device of its own."""
    from lastack.lab.script_kernel import ScriptKernel

    try:
        behind_a_tun = ScriptKernel()
    except PermissionError:
        raise ValueError("sim script --kernel needs root (CAP_NET_ADMIN)") from None
    with behind_a_tun as kernel:
        return run(script, kernel)
