"""README.md shows what the command prints, and names what is there."""

import re
import subprocess

import pytest

from lastack.cli import commands
from tests.cli.process import PROJECT, command, environment

README = (PROJECT / "README.md").read_text()


def test_the_first_screen_is_real() -> None:
    """The example of README.md is what the command prints, to the letter."""
    block = re.search(r"```console\n\$ lastack (.*?)\n(.*?)```", README, re.DOTALL)
    assert block is not None
    printed = subprocess.run(
        command(*block[1].split()),
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(),
        timeout=60,
        check=True,
    ).stdout
    assert printed.decode() == block[2]


def test_every_command_is_introduced() -> None:
    """Each command of the program is to be met in README.md."""
    assert [name for name in commands() if f"lastack {name}" not in README] == []


@pytest.mark.parametrize(
    "page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "captures/README.md"]
)
def test_links_lead_somewhere(page: str) -> None:
    """Every relative link of the project's pages leads to a file that is there."""
    folder = (PROJECT / page).parent
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (PROJECT / page).read_text())
    assert [link for link in links if not (folder / link).exists()] == []


def test_every_room_is_on_the_map() -> None:
    """Each folder of the package has its row in ARCHITECTURE.md."""
    page = (PROJECT / "ARCHITECTURE.md").read_text()
    folders = (PROJECT / "src" / "lastack").glob("*/__init__.py")
    assert [
        one.parent.name for one in folders if f"`{one.parent.name}`" not in page
    ] == []


def test_make_demo_and_make_test_exist() -> None:
    """The two commands of the first screen are targets of the Makefile."""
    makefile = (PROJECT / "Makefile").read_text()
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
