"""The documentation's examples run, and the documentation shows what runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lastack.closing

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "closing").glob("*.py"))
PAGES = ROOT / "docs" / "closing"
# asyncio's debug mode remarks that a machine with much to do is slow.
_SLOW = re.compile(r"^Executing <.*> took [\d.]+ seconds\n", re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs(example: Path) -> None:
    """Exit status 0, output, and not a word on stderr, warnings included."""
    source = str(Path(lastack.closing.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-X", "dev", str(example)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": source},
    )
    assert (done.returncode, _SLOW.sub("", done.stderr)) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_page_shows_the_example(example: Path) -> None:
    """The code on the page is the file that runs; the failure comes first."""
    page = (PAGES / f"{example.stem}.md").read_text(encoding="utf-8")
    code = example.read_text(encoding="utf-8").strip()
    assert f"```python\n{code}\n```" in page
    assert page.split("\n\n")[1].startswith("**The failure.**")


def test_every_call_has_a_page() -> None:
    """The index names every page, and the pages name every public name."""
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    text = ""
    for page in PAGES.glob("*.md"):
        text += page.read_text(encoding="utf-8")
        assert page.name == "README.md" or f"({page.name})" in index
    missing = [name for name in lastack.closing.__all__ if name not in text]
    assert missing == []
