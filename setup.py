"""Compiles the hot path with Cython where a C compiler is at hand.

Every `.py` that has a `.pxd` of the same name beside it becomes an extension
module; the same file runs as plain Python where it could not be compiled. A `.pxd`
of inline functions is compiled into the modules that call them, so that its `.py`
always stays plain.
"""

from pathlib import Path

from Cython.Build import cythonize
from Cython.Compiler.Options import get_directive_defaults
from setuptools import Extension, setup

SOURCE = Path("src")

# Nothing in the hot path makes cycles, and tracking a million objects costs time.
# A .pxd cannot say so of its classes, so that it is said of all.
get_directive_defaults()["no_gc"] = True


def extensions() -> list[Extension]:
    """Return an extension for each typed module of the hot path."""
    return [
        Extension(
            ".".join(types.with_suffix("").relative_to(SOURCE).parts),
            [str(types.with_suffix(".py"))],
            extra_compile_args=["-O2"],
        )
        for types in sorted(SOURCE.rglob("*.pxd"))
        if types.with_suffix(".py").exists() and "cdef inline" not in types.read_text()
    ]


def compiled() -> list[Extension]:
    """Return the extensions as C, each optional: Python stays where cc fails."""
    found: list[Extension] = cythonize(
        extensions(),
        compiler_directives={
            "language_level": 3,
            "boundscheck": True,
            "wraparound": False,
            "cdivision": True,
            "initializedcheck": False,
            "always_allow_keywords": True,
            "binding": True,
            "annotation_typing": False,
        },
    )
    for extension in found:
        # cythonize makes new extensions, and forgets that they were optional.
        extension.optional = True
    return found


setup(ext_modules=compiled())
