"""`lastack check`: a server tested from outside for how it ends connections."""

import argparse
import re
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lastack.check.examination import Report
    from lastack.check.probe import AnyProbe
    from lastack.check.server import Server
    from lastack.check.speech import Speech

NAME: Final = "check"
HELP: Final = "test how a server handles the endings of its connections"

_MOST_CONNECTIONS: Final = 200
_MOST_SENT: Final = 65536
_ESCAPE: Final = re.compile(rb"\\(x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"0": b"\0", b"\\": b"\\"}

_EPILOG: Final = """\
exit codes: 0 nothing bad, 1 something bad or no answer, 2 wrong usage

examples:
  lastack check 127.0.0.1:8080
  lastack check 127.0.0.1:8080 --path /big --wait 120
  lastack check '[::1]:6379' --send 'PING\\r\\n'
  lastack check --page idle-close-race
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a check."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("target", nargs="?", metavar="HOST:PORT", help="the server")
    parser.add_argument("--path", default="/", help="what to GET (default /)")
    parser.add_argument(
        "--send",
        metavar="TEXT|@FILE",
        help="speak no HTTP: send this; \\n \\r \\t \\0 \\xHH are understood in TEXT",
    )
    parser.add_argument(
        "--probe", action="append", metavar="NAME", help="only this one; repeatable"
    )
    parser.add_argument(
        "--wait",
        type=_seconds,
        default=10.0,
        metavar="SECONDS",
        help="how long to wait for a close of the server's own (default 10)",
    )
    parser.add_argument(
        "--patience",
        type=_seconds,
        default=5.0,
        metavar="SECONDS",
        help="how long to wait for an answer (default 5)",
    )
    parser.add_argument(
        "--idle-limit",
        type=_seconds,
        default=120.0,
        metavar="SECONDS",
        help="a useless connection that lives so long is bad (default 120)",
    )
    parser.add_argument(
        "--burst",
        type=_count,
        default=64,
        metavar="N",
        help="connections at once against the accept queue (default 64)",
    )
    parser.add_argument(
        "--body-size",
        type=_bytes,
        default=8 << 20,
        metavar="BYTES",
        help="a body that the server did not ask for (default 8388608)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument(
        "--color",
        "--colour",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour the verdicts (default: on a terminal)",
    )
    parser.add_argument(
        "--yes",
        action="store_true",
        help="I may test this server; needed if it is not this host",
    )
    parser.add_argument("--list", action="store_true", help="list the probes and stop")
    parser.add_argument("--page", metavar="NAME", help="explain one probe and stop")


def run(arguments: argparse.Namespace) -> int:
    """Check one server: 0 for nothing bad, 1 for something bad, 2 for wrong usage."""
    from lastack.check import probes
    from lastack.folder import similar

    known = probes.load()
    if arguments.list:
        for name, probe in known.items():
            sys.stdout.write(f"{name:<26}{probe.title}\n")
        return 0
    unknown = {arguments.page, *(arguments.probe or ())} - {None} - set(known)
    if unknown:
        near = similar(min(unknown), known)
        hint = f"is it {' or '.join(near)}?" if near else "--list names them"
        return _refuse(f"no probe {min(unknown)!r}; {hint}")
    if arguments.page:
        sys.stdout.write(probes.page(arguments.page) + "\n")
        return 0
    try:
        server = _server(arguments)
    except (ValueError, OSError) as error:
        return _refuse(str(error))
    wanted = arguments.probe or known
    chosen = {name: probe for name, probe in known.items() if name in wanted}
    report = _examine(server, chosen, arguments.target)
    if isinstance(report, int):
        return report
    if arguments.json:
        import msgspec

        encoded = msgspec.json.format(msgspec.json.encode(report), indent=2)
        sys.stdout.write(encoded.decode() + "\n")
    else:
        from lastack.check.table import table
        from lastack.render.colour import wants_colour

        coloured = wants_colour(arguments.color, sys.stdout)
        sys.stdout.write(table(report, colour=coloured))
    return 1 if report.bad else 0


def _examine(
    server: "Server", probes: "dict[str, AnyProbe]", target: str
) -> "Report | int":
    """Return the report, or the exit code of a check that could not be made."""
    from lastack.check.examination import (
        NoAnswerError,
        TooManyConnectionsError,
        examine,
    )

    live = sys.stderr.isatty()

    def progress(title: str) -> None:
        if live:
            sys.stderr.write(f"\r\x1b[K{title} ...")
            sys.stderr.flush()

    try:
        return examine(server, probes, target, progress)
    except TooManyConnectionsError as error:
        return _refuse(f"{error}: choose a smaller --burst or fewer probes")
    except NoAnswerError as error:
        sys.stderr.write(f"lastack check: {error}\n")
        return 1
    finally:
        if live:
            sys.stderr.write("\r\x1b[K")


def _server(arguments: argparse.Namespace) -> "Server":
    """Return the server to check; ValueError says in one line why there is none."""
    from lastack.check.own_address import is_own
    from lastack.check.server import Server, Settings, resolve

    if arguments.target is None:
        raise ValueError("give HOST:PORT of the server")
    host, port = _host_and_port(arguments.target)
    try:
        family, address = resolve(host, port)
    except socket.gaierror as error:
        raise ValueError(f"{host!r}: {error.strerror}") from error
    except UnicodeError:
        raise ValueError(f"{host!r}: no host can have that name") from None
    if not arguments.yes and not is_own(str(address[0])):
        raise ValueError(
            f"{address[0]} is not this host: a check resets and stalls connections. "
            "If you may test that server, say --yes"
        )
    settings = Settings(
        wait=arguments.wait,
        patience=arguments.patience,
        idle_limit=arguments.idle_limit,
        burst=arguments.burst,
        body_size=arguments.body_size,
    )
    speech = _speech(arguments)
    return Server(family, address, speech, settings, _MOST_CONNECTIONS)


def _speech(arguments: argparse.Namespace) -> "Speech":
    from lastack.check.http import Http
    from lastack.check.speech import Raw

    if arguments.send is None:
        if not re.fullmatch(r"/[!-~]*", arguments.path):
            raise ValueError(f"--path begins with / and is ASCII: {arguments.path!r}")
        return Http(arguments.target, arguments.path)
    if arguments.send.startswith("@"):
        with Path(arguments.send[1:]).open("rb") as file:
            sent = file.read(_MOST_SENT + 1)
    else:
        sent = _unescaped(arguments.send.encode())
    if not 0 < len(sent) <= _MOST_SENT:
        raise ValueError(f"--send takes 1 to {_MOST_SENT} bytes")
    return Raw(sent)


def _unescaped(text: bytes) -> bytes:
    def replace(match: re.Match[bytes]) -> bytes:
        name = match[1]
        if len(name) == 3:
            return bytes([int(name[1:], 16)])
        if name not in _ESCAPES:
            raise ValueError(
                f"--send: unknown escape \\{name.decode(errors='replace')}"
            )
        return _ESCAPES[name]

    return _ESCAPE.sub(replace, text)


def _host_and_port(target: str) -> tuple[str, int]:
    found = re.fullmatch(r"(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})", target, re.ASCII)
    if found is None or not 0 < int(found[3]) < 65536:
        raise ValueError(f"not HOST:PORT: {target!r} (an IPv6 host has brackets)")
    return found[1] or found[2], int(found[3])


def _refuse(reason: str) -> int:
    sys.stderr.write(f"lastack check: {reason}\n")
    return 2


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"from 0.1 to 3600 seconds, not {text!r}")
    return seconds


def _count(text: str) -> int:
    return _whole(text, _MOST_CONNECTIONS)


def _bytes(text: str) -> int:
    return _whole(text, 1 << 30)


def _whole(text: str, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"from 1 to {most}, not {text!r}")
    return int(text)
