"""The pages of docs/ show what can be run, and nothing else.

That they show what is printed is `bench/seed_pages.py`'s to check, as root; one
page of it is checked here.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lastack import cli, scenarios

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SEEDS = sorted(DOCS.glob("seeds/[0-9]*.md"))
PAGES = sorted(DOCS.rglob("*.md"))
ROWS = 23
OUTPUT = re.compile(r"^```console\n.*?^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"^```(?:console|text|python)\n.*?^```$", re.DOTALL | re.MULTILINE)
SLUG = re.compile(r"lastack\s+(?:lab|sim)\s+run\s+([a-z0-9]+(?:-[a-z0-9]+)*)")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def name(page: Path) -> str:
    """Its place below docs/."""
    return str(page.relative_to(DOCS))


def text(page: Path) -> str:
    """What the page says."""
    return page.read_text(encoding="utf-8")


def test_every_row_has_its_page() -> None:
    """Rows 1 to 23, one file each, whose title begins with its number."""
    assert [int(page.name[:2]) for page in SEEDS] == list(range(1, ROWS + 1))
    titles = [text(page).splitlines()[0] for page in SEEDS]
    numbers = [f"# {row}. " for row in range(1, ROWS + 1)]
    assert all(map(str.startswith, titles, numbers))


@pytest.mark.parametrize("page", SEEDS, ids=lambda page: page.stem)
def test_page_shows_a_run(page: Path) -> None:
    """A command of ours with its output, and what it teaches."""
    found = OUTPUT.findall(text(page))
    assert [block for block in found if block.startswith("```console\n$ lastack ")]
    assert all(len(block.splitlines()) > 3 for block in found)
    assert "**What it teaches.**" in text(page) or "**What a program" in text(page)
    assert "**Elsewhere" in text(page) or "netstat" in text(page)


@pytest.mark.parametrize("page", SEEDS, ids=lambda page: page.stem)
def test_page_plays_a_scenario_of_its_row(page: Path) -> None:
    """A scenario that names this row in `seeds`, or lastack nc."""
    row = int(page.name[:2])
    played = SLUG.findall(text(page))
    named = {row for slug in played for row in scenarios.load(slug).seeds}
    assert row in named


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_page_names_only_scenarios_that_exist(page: Path) -> None:
    """After `lab run` and `sim run` comes the name of a file."""
    known = {*scenarios.names(), *scenarios.mirrors()}
    assert [slug for slug in SLUG.findall(text(page)) if slug not in known] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_page_names_only_commands_that_exist(page: Path) -> None:
    """Every `lastack WORD` in code is a command."""
    code = re.findall(r"`[^`\n]+`|^ {4}.*$|^[$>] .*$", text(page), re.MULTILINE)
    words = {
        found[1]
        for part in code
        for found in re.finditer(r"(?<![\w.-])lastack\s+([a-z]+)\b(?!\.)", part)
    }
    assert words - set(cli.commands()) == set()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_page_wraps_at_80_columns(page: Path) -> None:
    """Outside of output, programs, tables and bench/seed_pages.py's directives."""
    rest = re.sub(r"<!-- show\n.*?-->", "", CODE.sub("", text(page)), flags=re.DOTALL)
    long = [line for line in rest.splitlines() if len(line) > 80]
    assert [line for line in long if not line.startswith("|")] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_page_links_to_files_that_exist(page: Path) -> None:
    """Relative links lead somewhere."""
    links = LINK.findall(OUTPUT.sub("", text(page)))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_index_names_every_page() -> None:
    """docs/seeds/README.md has a link to each row."""
    index = text(DOCS / "seeds" / "README.md")
    assert [page.name for page in SEEDS if f"({page.name})" not in index] == []


@pytest.mark.usefixtures("needs_root")
def test_page_shows_what_is_printed() -> None:
    """The output of row 9, on the kernel and in the simulator, is still so."""
    page = DOCS / "seeds" / "09-linger-zero.md"
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "seed_pages.py"), str(page)],
        check=False,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.usefixtures("needs_root")
def test_page_that_lies_is_found(tmp_path: Path) -> None:
    """A FIN written where a RST was printed is told, with exit status 1."""
    page = tmp_path / "page.md"
    original = text(DOCS / "seeds" / "09-linger-zero.md")
    page.write_text(original.replace("[R.]", "[F.]"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "seed_pages.py"), str(page)],
        check=False,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 1
    assert "only on the page: client > Flags [F.]" in done.stdout


def test_code_on_a_page_is_in_the_file_that_it_names() -> None:
    """Row 12 quotes the scenario as it is."""
    page = text(DOCS / "seeds" / "12-linger-scripts.md")
    path = re.search(r"`(src/\S+\.py)`", page)
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert path
    assert code
    assert code[1] in (ROOT / path[1]).read_text(encoding="utf-8")
