"""What the tests of `wire` ask for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.wire.comparison import Compared

Tool = Callable[[str], str]


@pytest.fixture
def compare(needs_tool: Tool, tmp_path: Path) -> Compared:
    return Compared(needs_tool("tshark"), tmp_path)
