"""A folder is a registry: what is put there is found."""

import zipfile
from pathlib import Path

import pytest

from lastack.folder import modules, similar

FILES = ("two.py", "one.cpython-311-x86_64-linux-gnu.so", "one.py", "_hidden.py")


def test_every_module_is_found_once(tmp_path: Path) -> None:
    """Sources and compiled modules, each once and in order; nothing else."""
    for name in (*FILES, "types.pxd", "notes.txt", "__init__.py"):
        (tmp_path / name).touch()
    (tmp_path / "inner").mkdir()
    assert modules([str(tmp_path)]) == ["one", "two"]


def test_a_folder_in_an_archive_is_read(tmp_path: Path) -> None:
    """The package may be in a zip archive, as zipapp makes them."""
    path = tmp_path / "app.pyz"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("two.py", "one.py", "_hidden.py", "__init__.py"):
            archive.writestr(f"lastack/{name}", "")
    assert modules([str(path / "lastack")]) == ["one", "two"]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("linger", ["linger-zero", "killed-linger", "lingers-on"]),
        ("lingers", ["lingers-on", "linger-zero", "killed-linger"]),
        ("lnger-zero", ["linger-zero", "lingers-on"]),
        ("data", ["unread-data"]),
        ("ata", []),
        ("nope", []),
    ],
)
def test_names_like_a_word(word: str, found: list[str]) -> None:
    """Those with the word, then with its beginning, then those spelt like it."""
    names = ["killed-linger", "linger-zero", "lingers-on", "unread-data"]
    assert similar(word, names) == found


def test_no_more_than_are_wanted() -> None:
    """Of many only the first are named."""
    names = [f"close-{number}" for number in range(9)]
    assert similar("close", names, 2) == ["close-0", "close-1"]
