"""The scripts beside this file hold on the real kernel: they do not record us."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lastack.lab.script_kernel import ScriptKernel
from lastack.sim.packetdrill.parser import parse
from lastack.sim.packetdrill.runner import Failure, run

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.pkt"))
_SLOW = {"time_wait_limit"}
"""Scripts of minutes; `lastack sim script --kernel` runs them, when asked."""
_AT_ONCE = 8
_TRIES = 4


def _tried(path: Path) -> tuple[str, Failure | None]:
    """Run a script; a machine that is busy may spoil its times once or twice."""
    script = parse(path.read_text())
    failure: Failure | None = None
    for _ in range(_TRIES):
        with ScriptKernel() as kernel:
            failure = run(script, kernel)
        if failure is None:
            break
    return path.name, failure


@pytest.mark.usefixtures("needs_root")
def test_linux_passes_each_script_behind_a_tun_device() -> None:
    """What the scripts say of Linux is what this kernel does."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        quick = [path for path in SCRIPTS if path.stem not in _SLOW]
        tried = dict(pool.map(_tried, quick))
    assert len(tried) == len(SCRIPTS) - len(_SLOW)
    failed = [it.report(name) for name, it in tried.items() if it is not None]
    assert not failed, "\n".join(failed)


@pytest.mark.usefixtures("needs_root")
def test_a_script_that_is_wrong_fails_on_the_kernel() -> None:
    """The kernel sends F. after close(), not R."""
    text = (SCRIPTS[0].parent / "linger_zero.pkt").read_text()
    wrong = "\n".join(it for it in text.splitlines() if "setsockopt(4" not in it)
    with ScriptKernel() as kernel:
        failure = run(parse(wrong), kernel)
    assert failure is not None
    assert failure.message == "other flags"
    assert failure.actual.startswith("> F. 1:1(0) ack 1")
