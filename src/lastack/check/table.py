"""A report as a table of 80 columns, with the reasons below what is bad."""

import textwrap
from typing import Final

from lastack.check.examination import Finding, Report
from lastack.check.probe import Verdict
from lastack.render.colour import BOLD, GREEN, RED, YELLOW, paint

_DID: Final = 28
_SERVER_DID: Final = 40
_COLOURS: Final = {
    Verdict.GOOD: (GREEN,),
    Verdict.BAD: (BOLD, RED),
    Verdict.NOT_TOLD: (YELLOW,),
    Verdict.SKIPPED: (YELLOW,),
}


def table(report: Report, *, colour: bool = False) -> str:
    """Return the report as text; `colour` adds ANSI colours to the verdicts."""
    target = report.target
    if target != report.address:
        target = f"{target} ({report.address})"
    lines = [
        *textwrap.wrap(f"{target}, {report.speech}", 80),
        "",
        f"{'lastack':<{_DID}}  {'the server':<{_SERVER_DID}}  verdict",
        f"{'-' * _DID}  {'-' * _SERVER_DID}  --------",
    ]
    for finding in report.findings:
        lines += _row(finding, colour=colour)
    count = dict.fromkeys(Verdict, 0)
    for finding in report.findings:
        count[finding.verdict] += 1
    counted = ", ".join(f"{n} {verdict.value}" for verdict, n in count.items() if n)
    lines += ["", f"{counted}; {report.connections} connections opened"]
    return "\n".join(lines) + "\n"


def _row(finding: Finding, *, colour: bool) -> list[str]:
    did = textwrap.wrap(finding.did, _DID)
    server_did = textwrap.wrap(finding.server_did, _SERVER_DID)
    lines = []
    for at in range(max(len(did), len(server_did))):
        left = did[at] if at < len(did) else ""
        middle = server_did[at] if at < len(server_did) else ""
        verdict = _verdict(finding.verdict, colour=colour) if at == 0 else ""
        lines.append(f"{left:<{_DID}}  {middle:<{_SERVER_DID}}  {verdict}".rstrip())
    for name, text in (("why it matters", finding.why), ("change", finding.change)):
        lines += textwrap.wrap(
            text,
            80,
            initial_indent=f"  {name + ':':<16}",
            subsequent_indent=" " * 18,
        )
    return lines


def _verdict(verdict: Verdict, *, colour: bool) -> str:
    text = "BAD" if verdict is Verdict.BAD else verdict.value
    return paint(text, *_COLOURS[verdict], colour=colour)
