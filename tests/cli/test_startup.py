"""What `explain` loads before its first verdict: nothing that others need only."""

import subprocess
import sys

from lastack.cli import explain
from lastack.cli._parser import parse
from tests.cli.process import CAPTURES, SHIPPED, environment

# Each takes 1 to 6 ms to load, of the 20 that explain takes to start.
HEAVY = {
    "argparse",
    "dataclasses",
    "datetime",
    "enum",
    "hashlib",
    "inspect",
    "ipaddress",
    "json",
    "msgspec",
    "pathlib",
    "pkgutil",
    "random",
    "re",
    "rich",
    "select",
    "shutil",
    "subprocess",
    "threading",
    "textwrap",
    "typing",
    "zlib",
}


def loaded(statement: str) -> set[str]:
    """Return the modules that a fresh interpreter has after a statement."""
    program = f"{statement}\nimport sys\nprint()\nprint(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        env=environment(),
    )
    return set(run.stdout.splitlines()[-1].split())


def test_explain_loads_nothing_heavy() -> None:
    """A plain capture is explained as text without one heavy module."""
    capture = str(CAPTURES / SHIPPED[0])
    explain = f"from lastack.cli import main\nmain(['explain', {capture!r}])"
    assert set() == (loaded(explain) - loaded("pass")) & HEAVY


def test_a_command_to_paste_loads_nothing_heavy() -> None:
    """What to type for more of a row takes no `shlex`, which would load `re`."""
    told = "from lastack.render.text import _to_tell_all\n"
    told += "print(_to_tell_all('captures/of-1.a_b+c.pcap', 'linger-zero'))"
    assert set() == (loaded(told) - loaded("pass")) & HEAVY


def test_explain_loads_no_link_type_that_comes_after_its_own() -> None:
    """Files of link types are loaded until one is the capture's: Ethernet, early."""
    capture = str(CAPTURES / SHIPPED[0])
    explain = f"from lastack.cli import main\nmain(['explain', {capture!r}])"
    links = {name for name in loaded(explain) if name.startswith("lastack.wire.links.")}
    names = {"bsd_loopback", "cisco_hdlc", "ethernet"}
    assert links == {f"lastack.wire.links.{name}" for name in names}


def test_without_options_it_is_asked_what_the_parser_says() -> None:
    """Words that are no options need no parser, and mean what it makes of them."""
    words = ["one.pcap", "-", "two.pcap"]
    module, parsed = parse(["explain", "--color", "auto", *words])
    assert module is explain
    assert vars(explain.Arguments(words)) | {"command": "explain"} == vars(parsed)
