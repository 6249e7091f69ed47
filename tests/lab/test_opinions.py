"""What explain says of a capture, as the laboratory hears it."""

from pathlib import Path

import pytest

from lastack.lab.opinions import NoOpinionError, opinions
from lastack.tcp.segment import Address
from tests.cli.process import CAPTURES


def test_an_opinion_is_about_its_connection() -> None:
    """Both ends, and the verdict before what else it could be."""
    (said,) = opinions([CAPTURES / "1-killed-client.pcap"])
    assert said.client == Address("10.108.1.2", 41930)
    assert said.server == Address("10.108.1.3", 8080)
    ending, by, confidence = said.ranked[0]
    assert (ending, by) == ("data-after-close", "client")
    assert confidence == max(it[2] for it in said.ranked)


def test_no_opinion_is_no_silence(tmp_path: Path) -> None:
    """Where explain can read nothing, its own line says why."""
    with pytest.raises(NoOpinionError, match="no such file"):
        list(opinions([tmp_path / "none.pcap"]))
