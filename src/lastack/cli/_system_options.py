"""The options of `sim run` and `sim explore` that name the two operating systems."""

import argparse


def add_system_options(parser: argparse.ArgumentParser) -> None:
    """Add `--os`, of both sides, and `--client-os`, `--server-os`, of one."""
    parser.add_argument(
        "--os",
        default="linux",
        metavar="SYSTEM",
        help="of both sides, see lastack sim list (default %(default)s)",
    )
    parser.add_argument("--client-os", metavar="SYSTEM", help="of the client")
    parser.add_argument("--server-os", metavar="SYSTEM", help="of the server")


def chosen_systems(options: argparse.Namespace) -> tuple[str, str]:
    """Return the names of the client's and of the server's system."""
    return options.client_os or options.os, options.server_os or options.os
