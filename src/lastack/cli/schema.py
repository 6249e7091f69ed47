"""`lastack schema`: the JSON Schema of a verdict."""

import argparse

NAME = "schema"
HELP = "print the JSON Schema of what explain --jsonl prints a line of"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of schema."""
    parser.add_argument(
        "--document", action="store_true", help="the schema of --json instead"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the schema; return the exit code."""
    import msgspec

    from lastack.diagnosis.verdict import Verdict
    from lastack.render.json import Document

    schema = msgspec.json.schema(Document if arguments.document else Verdict)
    print(msgspec.json.format(msgspec.json.encode(schema), indent=2).decode())
    return 0
