"""Files of a rotated capture read as one: the same as if it had never been cut."""

from pathlib import Path
from random import Random
from typing import Final

import pytest

from lastack.diagnosis.explained import Explained
from lastack.diagnosis.verdict import Verdict, verdict
from lastack.sources.read_capture import Read, read_capture
from lastack.sources.rotated import OverlapError, Rotation, read_rotated
from tests.metamorphic.test_same_verdicts import pcap
from tests.walk import iterate

CUT: Final = ["close-unread", "fw2-timeout-then-data", "blackhole-write", "nc-killed"]


def cut(path: Path, into: Path, count: int) -> list[str]:
    """Write the frames of a capture to `count` files, one after the other."""
    frames = list(iterate(path))
    ends = [len(frames) * number // count for number in range(count + 1)]
    names = []
    for number in range(count):
        part = into / f"ring.pcap{number}"
        part.write_bytes(pcap(frames[ends[number] : ends[number + 1]]))
        names.append(str(part))
    return names


def verdicts(read: Read) -> list[Verdict]:
    """Return all that is said of each connection."""
    explained = Explained("capture", read.scan)
    return [verdict(one) for one in explained.diagnoses()]


@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_same_as_uncut(name: str, count: int, corpus: Path, tmp_path: Path) -> None:
    """Whatever the order in which its files are named, all of a verdict is equal."""
    path = corpus / f"{name}.c.pcap"
    names = cut(path, tmp_path, count)
    Random(count).shuffle(names)
    read, parts = read_rotated(names)
    assert [part.name for part in parts] == sorted(names)
    assert verdicts(read) == verdicts(read_capture(str(path)))


def test_a_file_that_cannot_be_read_is_left_out(corpus: Path, tmp_path: Path) -> None:
    """A file of the ring that is gone or still empty is told; the others are read."""
    names = cut(corpus / "close-unread.c.pcap", tmp_path, 2)
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    header = tmp_path / "header"
    header.write_bytes(pcap([]))
    gone = str(tmp_path / "gone")
    read, parts = read_rotated([gone, names[0], str(empty), str(header), names[1]])
    assert [part.name for part in parts] == names
    assert read.partial
    assert read.trouble == [f"{gone}: no such file", f"{empty}: it is empty"]


def test_a_cut_file_counts_its_own_frames(corpus: Path, tmp_path: Path) -> None:
    """Where a file of the ring is cut is told by the number of a frame in it."""
    names = cut(corpus / "close-unread.c.pcap", tmp_path, 2)
    frames = len(list(iterate(Path(names[1]))))
    whole = Path(names[1]).read_bytes()
    Path(names[1]).write_bytes(whole[:-1])
    read, _ = read_rotated(names)
    (line,) = read.trouble
    assert line.endswith(f"after frame {frames - 1}")
    assert line.startswith(f"{names[1]}: partial: ")


def test_no_file_is_nothing(tmp_path: Path) -> None:
    """If none can be read there is no part, and each is told."""
    read, parts = read_rotated([str(tmp_path / "a"), str(tmp_path / "b")])
    assert parts == []
    assert len(read.trouble) == 2


def test_overlapping_files_are_refused(corpus: Path) -> None:
    """Two captures of the same time are no parts of one, and it says so."""
    names = [str(corpus / f"fw2-timeout-then-data.{side}.pcap") for side in "cs"]
    with pytest.raises(OverlapError, match="no parts of one"):
        read_rotated(names)


def test_a_continued_connection_is_noticed(corpus: Path, tmp_path: Path) -> None:
    """Read one by one, files that share a connection are seen to belong together."""
    rotation = Rotation()
    for name in cut(corpus / "close-unread.c.pcap", tmp_path, 2):
        rotation.take(read_capture(name))
    assert rotation.continued == 1
    assert "--merge" in rotation.says


def test_strangers_are_not_noticed(corpus: Path) -> None:
    """Two captures without a common connection are not taken for parts of one."""
    rotation = Rotation()
    for name in ("close-unread.c.pcap", "nc-killed.c.pcap"):
        rotation.take(read_capture(str(corpus / name)))
    assert rotation.continued == 0
