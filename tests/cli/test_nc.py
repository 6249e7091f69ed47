"""The arguments of `lastack nc`."""

import argparse

import pytest

from lastack.cli import nc


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    nc.add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (["-l", "99"], (None, 99, 0)),
        (["-l", "-p", "99"], (None, 99, 0)),
        (["-lp", "99", "::1"], ("::1", 99, 0)),
        (["-l", "127.0.0.1", "99"], ("127.0.0.1", 99, 0)),
        (["example", "99"], ("example", 99, 0)),
        (["-p", "7", "example", "99"], ("example", 99, 7)),
        (["-vnz", "example", "99"], ("example", 99, 0)),
    ],
)
def test_host_and_port_as_nc_takes_them(
    words: list[str], where: tuple[str | None, int, int]
) -> None:
    """The forms that the netcats of this world accept mean what they mean there."""
    assert nc._where(parsed(*words)) == where


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["99"],
        ["a", "b", "c"],
        ["host", "http"],
        ["-l"],
        ["-l", "-z", "99"],
        ["-k", "host", "99"],
        ["-u", "-z", "host", "99"],
        ["-l", "-p", "99", "host", "98"],
    ],
)
def test_wrong_usage_is_one_line(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be meant gives exit code 2 and one line on standard error."""
    assert nc.run(parsed(*words)) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["-p", "65536", "-l"],
        ["-w", "-1", "h", "1"],
        ["-w", "nan", "h", "1"],
        ["--unread", "x", "h", "1"],
        ["--keepalive-times", "1,2", "h", "1"],
        ["--keepalive-times", "0,1,1", "h", "1"],
    ],
)
def test_numbers_are_bounded(words: list[str]) -> None:
    """A number out of its range is refused by the parser with exit code 2."""
    with pytest.raises(SystemExit) as refused:
        parsed(*words)
    assert refused.value.code == 2
