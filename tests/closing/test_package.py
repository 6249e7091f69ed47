"""The package itself: lazy, whole, and a stranger to the rest."""

import ast
import subprocess
import sys
from pathlib import Path

import lastack.closing

HOME = Path(lastack.closing.__file__).parent


def test_every_public_name_is_there() -> None:
    """`__all__`, the lazy table and the modules agree."""
    assert sorted(lastack.closing._HOME) == sorted(lastack.closing.__all__)
    for name in lastack.closing.__all__:
        assert getattr(lastack.closing, name).__doc__, name


def test_no_module_hides_a_public_name() -> None:
    """A module named as a function would replace it once it is imported."""
    modules = {path.stem for path in HOME.glob("*.py")}
    assert modules.isdisjoint(lastack.closing.__all__)


def test_importing_is_cheap() -> None:
    """Neither asyncio nor socket, until something needs them; then not asyncio."""
    program = (
        "import sys; before = set(sys.modules); import lastack.closing as c;"
        "print({'asyncio', 'socket', 'ssl'} & (set(sys.modules) - before));"
        "c.close_gracefully, c.abort, c.detect_dead_peer_within, c.linger;"
        "c.half_close, c.explain_error, c.retry_safe, c.KeepAlive;"
        "print({'asyncio', 'ssl'} & (set(sys.modules) - before))"
    )
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["set()", "set()"]


def test_it_imports_nothing_else_of_ours() -> None:
    """Standard library and lastack.closing only."""
    for path in HOME.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                top = name.split(".")[0]
                assert top in sys.stdlib_module_names or name.startswith(
                    "lastack.closing"
                ), (path.name, name)


def test_what_is_not_there_is_an_attribute_error() -> None:
    """As of any module, so that hasattr() and copy work."""
    assert not hasattr(lastack.closing, "close_somehow")
