"""`lab score` compares each label with the verdict on its connection."""

from pathlib import Path

import pytest

from lastack.lab.corpus import COLUMNS, LABELS
from lastack.lab.score import CorpusError, scores
from lastack.tcp.notation import CLIENT, SERVER
from tests.connections.traced import HANDSHAKE, segments, written

CLOSED = "+1 > F. 1:1(0) ack 1\n+.01 < F. 1:1(0) ack 2\n+.01 > . 2:2(0) ack 2"


def corpus(folder: Path, also: str = "-", truth: str = "orderly-close") -> Path:
    """Write a corpus of one connection, which its client closed first."""
    row = dict.fromkeys(COLUMNS, "-") | {
        "capture": "1.client.pcap",
        "vantage": "client",
        "client": CLIENT.host,
        "client_port": str(CLIENT.port),
        "server": SERVER.host,
        "server_port": str(SERVER.port),
        "ending": truth,
        "by": "client",
        "also": also,
    }
    lines = ("\t".join(COLUMNS), "\t".join(row[name] for name in COLUMNS))
    (folder / LABELS).write_text("\n".join(lines) + "\n")
    (folder / row["capture"]).write_bytes(written(segments(HANDSHAKE + CLOSED)))
    return folder


def test_a_verdict_that_is_the_label_is_right_and_listed(tmp_path: Path) -> None:
    """The score's first five counts are one each: of all, right, decidable ..."""
    assert scores(corpus(tmp_path))["client"].row()[:6] == (1, 1, 1, 1, 1, 0)


def test_another_right_answer_makes_it_undecidable(tmp_path: Path) -> None:
    """What the label allows beside the truth is right, and the truth not listed."""
    folder = corpus(tmp_path, "orderly-close/client,still-open/none", "half-close")
    assert scores(folder)["client"].row()[:6] == (1, 1, 0, 0, 0, 0)


def test_a_sure_verdict_beside_the_label_is_sure_and_wrong(tmp_path: Path) -> None:
    """A capture that contradicts its label counts as the worst."""
    folder = corpus(tmp_path, truth="linger-zero")
    assert scores(folder)["client"].row()[:6] == (1, 0, 1, 0, 0, 1)


def test_a_label_without_a_connection_is_missed(tmp_path: Path) -> None:
    """A verdict that is not there is neither right nor listed."""
    folder = corpus(tmp_path)
    text = (folder / LABELS).read_text()
    (folder / LABELS).write_text(text.replace(f"\t{CLIENT.port}\t", "\t9\t"))
    assert scores(folder)["client"].row()[:6] == (1, 0, 1, 0, 0, 0)


def test_a_folder_without_labels_is_no_corpus(tmp_path: Path) -> None:
    """The error names the folder and the command that makes a corpus."""
    with pytest.raises(CorpusError, match=f"lastack lab corpus {tmp_path}"):
        scores(tmp_path)
