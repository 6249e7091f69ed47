"""Small programs that scenarios run as real ones; a package, so none is a scenario.

Each is a file that any Python runs by itself.
"""

from pathlib import Path


def python(name: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs the program `name` of this folder."""
    return ("{python}", str(Path(__file__).with_name(f"{name}.py")), *arguments)
