"""`make demo`: explains every capture of this folder, then says it on one screen.

    python captures/demo.py

What truly happened stands in README.md beside it, and is printed in the last
table next to the verdicts: the machines that made the captures are known.
"""

import json
import subprocess
import sys
from pathlib import Path

from lastack.render.claim import claimed, percent

FOLDER = Path(__file__).resolve().parent
COLUMNS = 80


def truths() -> dict[str, str]:
    """Return what truly happened in each capture, from the table of README.md."""
    found = {}
    for line in (FOLDER / "README.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            found[cells[0].strip("`")] = cells[1]
    return found


def lastack(*arguments: str) -> str:
    """Return what the command prints; it says itself what goes wrong."""
    command = [sys.executable, "-m", "lastack", *arguments]
    finished = subprocess.run(
        command, cwd=FOLDER, stdout=subprocess.PIPE, text=True, check=True
    )
    return finished.stdout


def main() -> int:
    """Explain them all; return the exit code."""
    colour = "always" if sys.stdout.isatty() else "never"
    happened = truths()
    for name in happened:
        print(f"$ lastack explain {name}")
        print(lastack("explain", f"--color={colour}", name))
    print("=" * COLUMNS)
    print("What truly happened, and what the packets told:\n")
    for name, truth in happened.items():
        lines = lastack("explain", "--jsonl", name).splitlines()
        verdicts = [json.loads(line) for line in lines]
        worst = min(verdicts, key=lambda one: one["ending"] == "still-open")
        said = claimed(worst["ending"], worst["by"])
        print(truth)
        print(f"    {said:<33}{percent(worst['confidence']):>7}   {name}")
    print("\nNow one of yours:  .venv/bin/lastack explain FILE")
    print("What an ending is: .venv/bin/lastack ending unread-data-at-close")
    return 0


if __name__ == "__main__":
    sys.exit(main())
