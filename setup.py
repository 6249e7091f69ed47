"""Compiles the hot path with Cython where a C compiler is at hand.

Every `.py` that has a `.pxd` of the same name beside it becomes an extension
module; the same file runs as plain Python where it could not be compiled. A `.pxd`
of inline functions is compiled into the modules that call them, so that its `.py`
always stays plain.

Where no compiler is, that is said in one line. Where one is and our code does not
compile, the build fails: a part that stayed plain would be slow, and nobody would
know. LASTACK_PLAIN=1 in the environment asks for plain Python.
"""

import os
import sys
import tempfile
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError, LinkError, PlatformError

SOURCE = Path("src")

PROBE = """\
#include <Python.h>
PyMODINIT_FUNC PyInit_probe(void) { return PyModule_New("probe"); }
"""


def extensions() -> list[Extension]:
    """Return an extension for each typed module of the hot path."""
    return [
        Extension(
            ".".join(types.with_suffix("").relative_to(SOURCE).parts),
            [str(types.with_suffix(".py"))],
            # What debuggers read would be five sixths of the file.
            extra_compile_args=["-O2", "-g0"],
        )
        for types in sorted(SOURCE.rglob("*.pxd"))
        if types.with_suffix(".py").exists() and "cdef inline" not in types.read_text()
    ]


def translated(found: list[Extension]) -> list[Extension]:
    """Return the extensions as C, in the same order. Raises CompileError."""
    from Cython.Build import cythonize
    from Cython.Compiler.Options import get_directive_defaults

    # Nothing in the hot path makes cycles, and tracking a million objects costs
    # time. A .pxd cannot say so of its classes, so that it is said of all.
    get_directive_defaults()["no_gc"] = True
    as_c: list[Extension] = cythonize(
        found,
        compiler_directives={
            "language_level": 3,
            "boundscheck": True,
            "wraparound": False,
            "cdivision": True,
            "initializedcheck": False,
            "always_allow_keywords": True,
            # Nothing asks what parameters a function has, and to have it ready for
            # all of them would take a fortieth of the time that explain starts in.
            "binding": False,
            "annotation_typing": False,
        },
    )
    return as_c


class BuildWherePossible(build_ext):
    """Builds all extensions or none of them."""

    def build_extensions(self) -> None:
        """Build, or say in one line why not. Raises CompileError if it is our fault."""
        reason = self.why_not()
        if reason:
            print(f"lastack is installed as plain Python: {reason}", file=sys.stderr)
            self.extensions = []
            return
        for extension, as_c in zip(
            self.extensions, translated(self.extensions), strict=True
        ):
            extension.sources = as_c.sources
        try:
            super().build_extensions()
        except CompileError:
            print(
                "lastack: LASTACK_PLAIN=1 installs it as plain Python", file=sys.stderr
            )
            raise

    def why_not(self) -> str:
        """Return why nothing can be compiled here; nothing if it can be."""
        if os.environ.get("LASTACK_PLAIN"):
            return "LASTACK_PLAIN asks for it"
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "probe.c")
            source.write_text(PROBE)
            probe = Extension("probe", [str(source)])
            try:
                objects = self.compiler.compile(
                    [str(source)],
                    output_dir=folder,
                    include_dirs=self.include_dirs,
                )
                self.compiler.link_shared_object(
                    objects,
                    str(Path(folder, "probe")),
                    libraries=self.get_libraries(probe),
                    library_dirs=self.library_dirs,
                    export_symbols=self.get_export_symbols(probe),
                )
            except (CompileError, LinkError, PlatformError):
                return "no C compiler with Python's headers is here"
        return ""


setup(ext_modules=extensions(), cmdclass={"build_ext": BuildWherePossible})
