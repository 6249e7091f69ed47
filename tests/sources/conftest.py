"""What the tests of `sources` ask for: each compression."""

import sys

import pytest

from tests.sources.captures import Compress, by_gzip, by_lz4, by_zstd


@pytest.fixture(params=[by_gzip, by_zstd, by_lz4], ids=["gzip", "zstd", "lz4"])
def compress(request: pytest.FixtureRequest) -> Compress:
    function: Compress = request.param
    return function


@pytest.fixture
def no_isal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "isal.igzip_lib", None)
