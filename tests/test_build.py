"""Whether the hot path is compiled: all of it, or none where no compiler is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import lastack
from tests.both_forms import compiled

ROOT = Path(__file__).parents[1]
PACKAGE = Path(lastack.__file__).parent
PROJECT = """\
[project]
name = "one"
version = "1"
[tool.setuptools.packages.find]
where = ["src"]
"""


def build(
    folder: Path, types: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Build a project of one module with these types, and of one without."""
    shutil.copy(ROOT / "setup.py", folder)
    (folder / "pyproject.toml").write_text(PROJECT)
    package = folder / "src" / "one"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "plain.py").write_text("HERE = True\n")
    (package / "typed.py").write_text("def twice(number):\n    return 2 * number\n")
    (package / "typed.pxd").write_text(types)
    return subprocess.run(
        [sys.executable, "setup.py", "build_ext", "--inplace"],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def compiled_files(folder: Path) -> list[str]:
    """Return which modules of that project were compiled."""
    return [path.name.partition(".")[0] for path in folder.glob("src/one/typed.*.*")]


def test_every_typed_module_is_compiled_or_none() -> None:
    """No module of the hot path stays plain, and slow, beside compiled ones."""
    names = [
        ".".join(types.relative_to(PACKAGE.parent).with_suffix("").parts)
        for types in PACKAGE.rglob("*.pxd")
        if types.with_suffix(".py").exists() and "cdef inline" not in types.read_text()
    ]
    plain = [name for name in names if compiled(name) is None]
    assert plain in ([], names)


def test_a_typed_module_is_compiled(tmp_path: Path) -> None:
    """A module with a .pxd beside it is compiled where a compiler is."""
    done = build(tmp_path, "cpdef long long twice(long long number) except -1\n")
    assert done.returncode == 0, done.stderr
    assert compiled_files(tmp_path) == ["typed"]


def test_code_that_does_not_compile_fails_the_build(tmp_path: Path) -> None:
    """A compiler that works and C that is wrong: nobody is to miss that."""
    done = build(tmp_path, 'cdef extern from "no_such_header.h":\n    pass\n')
    assert done.returncode != 0
    assert "no_such_header.h" in done.stderr


def test_without_a_compiler_it_stays_plain(tmp_path: Path) -> None:
    """No compiler is no error, and is said in one line."""
    nowhere = str(tmp_path / "cc")
    done = build(tmp_path, "cpdef twice(number)\n", CC=nowhere)
    assert done.returncode == 0
    assert done.stderr == (
        "lastack is installed as plain Python:"
        " no C compiler with Python's headers is here\n"
    )
    assert compiled_files(tmp_path) == []


def test_plain_python_can_be_asked_for(tmp_path: Path) -> None:
    """LASTACK_PLAIN leaves all as it is, compiler or not."""
    done = build(tmp_path, "cpdef twice(number)\n", LASTACK_PLAIN="1")
    assert done.returncode == 0
    assert compiled_files(tmp_path) == []
