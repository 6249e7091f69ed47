"""`lastack nc`: a netcat that shows its calls, and its faults when asked for one."""

import argparse
import signal
import socket
import sys
from typing import Final

NAME: Final = "nc"
HELP: Final = "a netcat that shows every call, and ends its connection as you say"

_EXAMPLES: Final = """\
examples:
  a server; each call, its time, its result:
      lastack nc -l -p 9999 --trace
  a client that never closes after end of file, so that CLOSE_WAIT stays:
      lastack nc --ignore-eof 127.0.0.1 9999
  leave 1 byte unread: close sends RST:
      lastack nc -l -p 9999 --unread 1
  a RST after two seconds:
      lastack nc --linger 0 --close-after 2 127.0.0.1 9999
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nc's flags, and those that make it end badly on purpose."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EXAMPLES
    parser.add_argument(
        "where", nargs="*", metavar="[HOST] PORT", help="whom to connect to"
    )
    parser.add_argument("-l", dest="listen", action="store_true", help="listen")
    parser.add_argument(
        "-p", dest="port", type=_port, help="port to listen on, or the client's own"
    )
    parser.add_argument("-u", dest="udp", action="store_true", help="UDP")
    parser.add_argument(
        "-k", dest="keep", action="store_true", help="with -l: serve one after another"
    )
    parser.add_argument(
        "-N",
        dest="half_close",
        action="store_true",
        help="at end of input shutdown(WR): a half-close",
    )
    parser.add_argument(
        "-w",
        dest="timeout",
        type=_seconds,
        metavar="SECONDS",
        help="give up a connect, or an idle connection, after this time",
    )
    parser.add_argument(
        "-z", dest="scan", action="store_true", help="only connect, then close"
    )
    parser.add_argument("-v", dest="verbose", action="store_true", help="say more")
    parser.add_argument(
        "-n", dest="numeric", action="store_true", help="HOST is an address"
    )
    version = parser.add_mutually_exclusive_group()
    version.add_argument("-4", dest="ipv4", action="store_true", help="IPv4 only")
    version.add_argument("-6", dest="ipv6", action="store_true", help="IPv6 only")
    parser.add_argument(
        "--trace",
        action="store_true",
        help="print each call with its time and result on standard error",
    )
    ending = parser.add_argument_group("how the connection ends")
    ending.add_argument(
        "--ignore-eof",
        action="store_true",
        help="go on sending after end of file, as a program that never checks for it",
    )
    ending.add_argument(
        "--linger",
        type=_whole,
        metavar="SECONDS",
        help="SO_LINGER: close waits so long; 0 sends RST",
    )
    ending.add_argument(
        "--keepalive", action="store_true", help="SO_KEEPALIVE, with the system's times"
    )
    ending.add_argument(
        "--keepalive-times",
        type=_keepalive_times,
        metavar="IDLE,INTERVAL,COUNT",
        help="SO_KEEPALIVE with these times in seconds, and this many probes",
    )
    ending.add_argument(
        "--close-after",
        type=_seconds,
        metavar="SECONDS",
        help="close so long after the connection began, whatever happens",
    )
    ending.add_argument(
        "--unread",
        type=_whole,
        default=0,
        metavar="N",
        help="leave the last N bytes received unread at close",
    )
    ending.add_argument(
        "--shutdown-read", action="store_true", help="shutdown(RD) before close"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run one netcat; 0 for done, 1 for a failed connection, 2 for wrong usage."""
    from lastack.check.netcat import Netcat, Options
    from lastack.check.traced_calls import TracedCalls

    def say(text: str) -> None:
        sys.stderr.write(f"lastack nc: {text}\n")

    try:
        host, port, source_port = _where(arguments)
    except (ValueError, argparse.ArgumentTypeError) as error:
        say(str(error))
        return 2
    family = socket.AF_UNSPEC
    if arguments.ipv4 or arguments.ipv6:
        family = socket.AF_INET6 if arguments.ipv6 else socket.AF_INET
    options = Options(
        host=host,
        port=port,
        source_port=source_port,
        family=family,
        numeric=arguments.numeric,
        listen=arguments.listen,
        keep_listening=arguments.keep,
        udp=arguments.udp,
        scan=arguments.scan,
        verbose=arguments.verbose,
        timeout=arguments.timeout,
        half_close=arguments.half_close,
        ignore_eof=arguments.ignore_eof,
        linger=arguments.linger,
        keepalive=arguments.keepalive,
        keepalive_times=arguments.keepalive_times,
        close_after=arguments.close_after,
        unread=arguments.unread,
        shutdown_read=arguments.shutdown_read,
    )
    # A write to a reset connection must return EPIPE, not end the program.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    return Netcat(
        options, TracedCalls(sys.stderr if arguments.trace else None), say
    ).run()


def _where(arguments: argparse.Namespace) -> tuple[str | None, int, int]:
    """Return host, port and the client's own port out of nc's ways to say them."""
    where: list[str] = arguments.where
    if len(where) > 2:
        raise ValueError(f"one HOST and one PORT, not {len(where)} words")
    if arguments.keep and not arguments.listen:
        raise ValueError("-k goes with -l: only a server serves one after another")
    if arguments.udp and arguments.scan:
        raise ValueError("-z says nothing about UDP: no answer proves nothing there")
    if arguments.listen and arguments.scan:
        raise ValueError("-z connects and -l listens: choose one")
    if arguments.udp and arguments.keep:
        raise ValueError("-k is for TCP: with -u one peer is served")
    if arguments.listen:
        return _where_to_listen(where, arguments.port)
    if len(where) != 2:
        raise ValueError("give HOST and PORT, or -l to listen")
    return where[0], _port(where[1]), arguments.port or 0


def _where_to_listen(where: list[str], port: int | None) -> tuple[str | None, int, int]:
    if len(where) == 2:
        if port is not None:
            raise ValueError("the port is given twice: by -p and after the host")
        return where[0], _port(where[1]), 0
    if port is not None:
        return (where[0] if where else None), port, 0
    if not where:
        raise ValueError("give a port to listen on: -l -p PORT")
    return None, _port(where[0]), 0


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"not a port from 0 to 65535: {text!r}")
    return int(text)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 1 << 30:
        raise argparse.ArgumentTypeError(f"not a whole number from 0: {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 1e6:
        raise argparse.ArgumentTypeError(f"not a number of seconds: {text!r}")
    return seconds


def _keepalive_times(text: str) -> tuple[int, int, int]:
    parts = text.split(",")
    if len(parts) != 3:
        raise argparse.ArgumentTypeError(f"not IDLE,INTERVAL,COUNT: {text!r}")
    idle, interval, count = (_whole(part) for part in parts)
    if not (1 <= idle <= 32767 and 1 <= interval <= 32767 and 1 <= count <= 127):
        raise argparse.ArgumentTypeError(
            f"times are from 1 to 32767 s, probes from 1 to 127: {text!r}"
        )
    return idle, interval, count
