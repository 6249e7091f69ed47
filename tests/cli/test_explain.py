"""`lastack explain` on the captures that the project ships: what a user reads."""

import json
import re
import shlex
from pathlib import Path

import pytest

from lastack import __version__
from lastack.cli import main
from lastack.tcp.notation import parse_trace
from lastack.tcp.segment import Address
from tests.cli.process import CAPTURES, SHIPPED, run, text
from tests.connections.traced import written

# Lines of each screen that carry its meaning; the prose between them may change.
TOLD = {
    "1-killed-client.pcap": [
        "        1  data-after-close          client",
        "stream 0  10.108.1.2:41930 > 10.108.1.3:8080",
        "           the client's kernel has nobody to give it to",
        "Wireshark: frame.number in {6, 8, 9}",
        "More: lastack ending data-after-close",
    ],
    "2-unread-request-body.pcap": [
        "        1  unread-data-at-close      server",
        "Wireshark: frame.number in {13, 17}",
    ],
    "3-idle-race.pcap": [
        "        1  data-after-close          server",
        "Also: keep-alive-race",
        "Wireshark: frame.number in {8, 9, 10}",
    ],
    "4-fin-wait-2-expired.pcap": [
        "        1  fin-wait-2-expired        client",
        "Wireshark: frame.number in {8, 10, 11}",
    ],
    "5-injected-reset.pcap": [
        "        1  injected-reset            path",
        "           its TTL is 57, the server's other packets have 64",
    ],
    "6-accept-queue-overflow.pcap": [
        "        1  accept-queue-overflow     server",
        "stream 3  10.104.1.2:46110 > 10.104.1.3:8080",
        "        3  still-open                none",
    ],
    "7-keepalive-timeout.pcap": ["        1  keepalive-timeout         client"],
    "8-firewall-forgot.pcap": [
        "        1  firewall-reset            path",
        "The client saw: ECONNRESET",
    ],
}


@pytest.mark.parametrize("name", SHIPPED)
def test_tells_a_shipped_capture(name: str) -> None:
    """Each shipped capture is told by its ending, its side and its proof."""
    lines = text("explain", name).splitlines()
    assert [line for line in TOLD[name] if line not in lines] == []


def test_every_shipped_capture_is_in_the_readme() -> None:
    """The table of captures/README.md, which the demo reads, names every capture."""
    readme = (CAPTURES / "README.md").read_text()
    assert re.findall(r"^\| `(.*?)`", readme, re.MULTILINE) == SHIPPED


def test_reads_standard_input() -> None:
    """`-` reads a pipe, and says the same as of the file."""
    octets = (CAPTURES / "3-idle-race.pcap").read_bytes()
    finished = run("explain", "-", stdin=octets)
    told = text("explain", "3-idle-race.pcap")
    assert finished.stdout.decode().partition("\n\n")[2] == told.partition("\n\n")[2]


def test_dash_r_is_a_file_too() -> None:
    """`-r FILE`, as tcpdump takes it, means the same as FILE."""
    assert text("explain", "-r", SHIPPED[0]) == text("explain", SHIPPED[0])


def test_several_files_are_told_in_their_order() -> None:
    """Two files make what one after the other makes, an empty line between."""
    first, second = SHIPPED[1], SHIPPED[0]
    both = text("explain", first, second)
    assert both == text("explain", first) + "\n" + text("explain", second)


def test_connections_that_ended_well_are_told_on_request_only() -> None:
    """Without --all only the bad one of four is told; with it all four are."""
    name = "6-accept-queue-overflow.pcap"
    told = re.compile(r"^stream (\d+)", re.MULTILINE)
    assert told.findall(text("explain", name)) == ["3"]
    assert told.findall(text("explain", "--all", name)) == ["0", "1", "2", "3"]


def test_one_stream() -> None:
    """--stream N tells that connection alone, however it ended."""
    name = "6-accept-queue-overflow.pcap"
    told = re.findall(r"(?m)^stream (\d+)", text("explain", "--stream", "1", name))
    assert told == ["1"]


def test_one_ending() -> None:
    """--ending ID tells only the connections which ended so."""
    told = text("explain", "--ending", "injected-reset", *SHIPPED)
    assert re.findall(r"(?m)^More: lastack ending (\S+)", told) == ["injected-reset"]


def test_most_holds_back_and_says_so() -> None:
    """--most N tells N of a kind in full, and the others in a line each."""
    told = text("explain", "--ending", "still-open", "--most", "1", SHIPPED[5])
    assert re.findall(r"(?m)^stream (\d+)", told) == ["0", "1", "2"]
    assert told.count("\nMore: lastack ending") == 1
    assert "-- Still open, 2 more -----" in told


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a capture of forty connections that were refused, its name a hard one."""
    path = tmp_path / "a b's.pcap"
    refused = "0 > S 0:0(0)\n+0.01 < R. 0:0(0) ack 1 win 0"
    ports = range(41000, 41040)
    segments = [
        one
        for port in ports
        for one in parse_trace(refused, Address("192.0.2.1", port))
    ]
    path.write_bytes(written(segments))
    return path


def by_main(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return what a command prints that runs in this process."""
    assert main(list(words)) == 0
    return capsys.readouterr().out


def test_many_alike_take_one_screen_and_name_the_way_to_all(
    many: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three in full, ten in a line; the command for the others tells all forty."""
    monkeypatch.chdir(many.parent)
    told = by_main(capsys, "explain", many.name)
    assert len(re.findall(r"(?m)^stream \d+", told)) == 13
    (command,) = re.findall(r"\nand 27 more:\s+lastack ((?:.|\n)*)\n$", told)
    words = shlex.split(command)
    assert words == ["explain", many.name, "--ending", "connection-refused"]
    everyone = by_main(capsys, *words)
    assert everyone.count("\nMore: lastack ending") == 40
    assert "more:" not in everyone


def test_a_command_that_takes_two_lines_is_not_named(
    many: Path, tmp_path: Path
) -> None:
    """Of a file with a long name the option alone is named: it can be pasted."""
    path = tmp_path / ("long" * 20)
    many.rename(path)
    told = text("explain", path)
    assert told.endswith("\nand 27 more: add --ending connection-refused\n")


def test_of_a_pipe_the_option_alone_is_named(many: Path) -> None:
    """What came through a pipe cannot be read again by its name."""
    told = run("explain", "-", stdin=many.read_bytes()).stdout
    assert told.endswith(b"\nand 27 more: add --ending connection-refused\n")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("reset", 1),
        ("data-after-close", 1),
        ("any", 1),
        ("silence", 0),
        ("refused", 0),
        ("linger-zero", 0),
    ],
)
def test_fail_on(wanted: str, code: int) -> None:
    """--fail-on exits with 1 if such an ending is there, and prints all the same."""
    assert "data-after-close" in text(
        "explain", "--fail-on", wanted, SHIPPED[0], code=code
    )


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--ending", "no-such", SHIPPED[0]],
        ["--fail-on", "no-such", SHIPPED[0]],
        ["--stream", "one", SHIPPED[0]],
        ["--stream", "99", SHIPPED[0]],
        ["--json", "--jsonl", SHIPPED[0]],
        ["--no-such-option", SHIPPED[0]],
        ["-", "-"],
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: list[str]) -> None:
    """Wrong usage exits with 2, says why on standard error, and prints nothing."""
    finished = run("explain", *arguments)
    assert (finished.returncode, finished.stdout) == (2, b"")
    assert finished.stderr.decode().splitlines()[-1].startswith("lastack")


def test_the_catalogue_and_a_page() -> None:
    """`lastack ending` lists every ending, and its page begins with what happened."""
    slugs = [line.split()[0] for line in text("ending").splitlines()]
    assert "unread-data-at-close" in slugs
    assert len(slugs) == len(set(slugs)) >= 25
    assert "## What to do" in text("ending", "unread-data-at-close")


def test_a_page_says_how_its_examples_are_read() -> None:
    """A reader who does not know packetdrill is told what < and > are."""
    page = " ".join(text("ending", "unread-data-at-close").split())
    assert "> from the client or < from the server" in page


def test_a_misspelt_ending_is_guessed() -> None:
    """An ending that does not exist is answered with the one that was meant."""
    finished = run("ending", "unread-data")
    assert (finished.returncode, finished.stdout) == (2, b"")
    assert b"is it unread-data-at-close?" in finished.stderr


def test_version() -> None:
    """`--version` names the version of the package."""
    assert text("--version") == f"lastack {__version__}\n"


def cut_in_two(tmp_path: Path) -> list[str]:
    """Return a shipped capture in two files, cut after its eighth frame."""
    octets = (CAPTURES / "1-killed-client.pcap").read_bytes()
    at = 24
    for _ in range(8):
        at += 16 + int.from_bytes(octets[at + 8 : at + 12], "little")
    names = [str(tmp_path / "ring.pcap0"), str(tmp_path / "ring.pcap1")]
    Path(names[0]).write_bytes(octets[:at])
    Path(names[1]).write_bytes(octets[:24] + octets[at:])
    return names


def test_merge_tells_a_connection_across_two_files(tmp_path: Path) -> None:
    """With --merge, in whatever order, it is one; frames are those of each file."""
    first, second = cut_in_two(tmp_path)
    lines = text("explain", "--merge", second, first).splitlines()
    assert "        1  data-after-close          client" in lines
    assert first in "".join(line.strip() for line in lines[1:])
    wide = " ".join(lines)
    assert re.search(r"ring\.pcap0: +frame\.number in \{6, 8\}", wide)
    assert re.search(r"ring\.pcap1: +frame\.number in \{1\}", wide)


def test_merge_in_json_numbers_through(tmp_path: Path) -> None:
    """In JSON a merged capture has the frames of the capture that was cut."""
    whole = json.loads(text("explain", "--jsonl", "1-killed-client.pcap"))
    merged = json.loads(text("explain", "--jsonl", "--merge", *cut_in_two(tmp_path)))
    assert whole | {"capture": ""} == merged | {"capture": ""}


def test_merge_is_proposed(tmp_path: Path) -> None:
    """Files that share a connection are told one by one, with one line that helps."""
    finished = run("explain", *cut_in_two(tmp_path))
    assert finished.returncode == 0
    (line,) = finished.stderr.decode().splitlines()
    assert "--merge" in line
    assert run("explain", "--quiet", *cut_in_two(tmp_path)).stderr == b""


def test_merge_cannot_read_standard_input() -> None:
    """A pipe cannot be put in order: wrong usage."""
    finished = run("explain", "--merge", "-", SHIPPED[0])
    assert finished.returncode == 2
    assert len(finished.stderr.splitlines()) == 1


def test_overlapping_captures_are_not_merged(tmp_path: Path) -> None:
    """Files of the same time are refused in one line that names a way out."""
    same = tmp_path / "same.pcap"
    same.write_bytes((CAPTURES / "4-fin-wait-2-expired.pcap").read_bytes())
    finished = run("explain", "--merge", "4-fin-wait-2-expired.pcap", same)
    assert finished.returncode == 3
    assert finished.stdout == b""
    assert b"mergecap" in finished.stderr


@pytest.mark.parametrize(
    "arguments", [("--stream", "99"), ("--stream", "-1"), ("--most", "-1")]
)
def test_numbers_out_of_range(arguments: tuple[str, ...]) -> None:
    """A number that nothing can have is wrong usage, told in one line."""
    finished = run("explain", *arguments, SHIPPED[0])
    assert finished.returncode == 2
    assert finished.stdout == b""
    assert len(finished.stderr.splitlines()) == 1


def test_a_stream_of_one_file_of_several() -> None:
    """Files without that stream are passed over in silence."""
    name = "6-accept-queue-overflow.pcap"
    assert text("explain", "--stream", "3", SHIPPED[0], name) == text(
        "explain", "--stream", "3", name
    )


def test_a_misspelt_ending_of_an_option_is_guessed() -> None:
    """The nearest name of an ending is proposed, wherever one is to be given."""
    for option in ("--ending", "--fail-on"):
        finished = run("explain", option, "unread-data", SHIPPED[0])
        assert finished.returncode == 2
        assert b"is it unread-data-at-close?" in finished.stderr


def test_nothing_to_tell_is_said() -> None:
    """A screen without a connection says how to see them, or that none is such."""
    narrowed = text("explain", "--ending", "icmp-rejected", SHIPPED[0])
    assert narrowed.endswith("\nNo connection is such.\n")


def test_the_table_alone() -> None:
    """`--most 0` shows how many connections ended how, and tells of none."""
    shown = text("explain", "--most", "0", SHIPPED[0])
    assert shown.splitlines()[-1] == "        1  data-after-close          client"


@pytest.mark.parametrize(
    ("slug", "named"),
    [
        ("linger-zero", "linger-zero, any, reset"),
        ("connect-timeout", "connect-timeout, any, silence"),
        ("icmp-rejected", "icmp-rejected, any, refused"),
        ("unknown", "unknown, any"),
        ("orderly-close", "orderly-close"),
    ],
)
def test_a_page_names_its_class(slug: str, named: str) -> None:
    """The page of an ending says by which words --fail-on finds it."""
    last = text("ending", slug).splitlines()[-1]
    assert last == f"explain --fail-on knows it as: {named}"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("timeout", "connect-timeout or keepalive-timeout or retransmission-timeout"),
        ("unread-data", "unread-data-at-close"),
        ("linger_zero", "linger-zero"),
    ],
)
def test_an_ending_that_is_not_there_is_guessed(word: str, hint: str) -> None:
    """By a word of its name, else by its spelling."""
    finished = run("ending", word)
    expected = f"lastack ending: {word!r}: no such ending; is it {hint}?\n"
    assert finished.stderr.decode() == expected
    assert finished.returncode == 2


def test_without_a_command_it_lists_them() -> None:
    """On standard error, since nothing was done."""
    finished = run()
    assert (finished.stdout, finished.returncode) == (b"", 2)
    assert b"explain how each connection in a capture ended" in finished.stderr


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        (SHIPPED[0], b"lastack explain FILE"),
        ("expalin", b"is it explain?"),
        ("zzz", b"it is one of check, ending, explain"),
    ],
)
def test_a_word_that_is_no_command(word: str, hint: bytes) -> None:
    """A capture without a command, and a misspelt command, are answered with help."""
    finished = run(word)
    assert finished.returncode == 2
    assert hint in finished.stderr.splitlines()[-1]
