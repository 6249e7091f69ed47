"""What a test does where it lacks something: skips, or fails in CI."""

import os
from typing import NoReturn

import pytest


def unavailable(reason: str) -> NoReturn:
    """Skip the test for `reason`; fail it where LASTACK_NO_SKIPS=1 is set."""
    if os.environ.get("LASTACK_NO_SKIPS") == "1":
        pytest.fail(f"skips are forbidden: {reason}", pytrace=False)
    pytest.skip(reason)
