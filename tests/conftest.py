"""What tests ask for: root, a tool, the corpus, either form of a module.

Where something is not to be had, `skipping.unavailable` decides.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests import both_forms
from tests.skipping import unavailable

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture
def needs_root() -> None:
    """The test runs as root."""
    if os.geteuid() != 0:
        unavailable("needs root")


@pytest.fixture(scope="session")
def needs_tool() -> Callable[[str], str]:
    """`needs_tool("tshark")` returns the path of that program."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            unavailable(f"needs {name}, which is not installed")
        return path

    return find


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of labelled captures."""
    if not CORPUS.is_dir():
        unavailable(f"there is no corpus at {CORPUS}")
    return CORPUS


@pytest.fixture(scope="session")
def uncompiled() -> Callable[[str], ModuleType]:
    """`uncompiled("lastack.wire.files.pcap")` is that module as plain Python."""
    return both_forms.uncompiled


@pytest.fixture(scope="session")
def compiled() -> Callable[[str], ModuleType]:
    """`compiled("lastack.wire.files.pcap")` is that module as machine code."""

    def load(name: str) -> ModuleType:
        module = both_forms.compiled(name)
        if module is None:
            unavailable(f"{name} is not compiled: pip install -e . where a cc is")
        return module

    return load


@pytest.fixture(params=["uncompiled", "compiled"])
def form(request: pytest.FixtureRequest) -> Callable[[str], ModuleType]:
    """Runs a test on both forms: `form("lastack.wire.files.pcap")` is one."""
    load: Callable[[str], ModuleType] = request.getfixturevalue(request.param)
    return load
