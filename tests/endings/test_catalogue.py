"""Each page of the catalogue is whole, and its traces get the verdicts it says."""

import ast
from itertools import combinations
from pathlib import Path
from typing import Final

import pytest

from lastack import endings as catalogue
from lastack.ending import Ending
from lastack.endings import endings, page
from tests.endings.pages import Section, opening, sections, verdict
from tests.reset_reasons import MPTCP_REASONS, NOT_OF_TCP, TCP_REASONS

SLUGS: Final = (
    "accept-queue-overflow",
    "connect-timeout",
    "connection-refused",
    "data-after-close",
    "fin-unanswered",
    "fin-wait-2-expired",
    "firewall-reset",
    "half-close",
    "handshake-abandoned",
    "handshake-incomplete",
    "icmp-rejected",
    "injected-reset",
    "keepalive-timeout",
    "linger-zero",
    "listener-closed",
    "orderly-close",
    "orphan-limit",
    "peer-lost-state",
    "retransmission-timeout",
    "socket-destroyed",
    "stale-connection-reused",
    "still-open",
    "unknown",
    "unread-data-at-close",
    "zero-window-stall",
)
"""The vocabulary: no slug is ever reused, and none may vary its meaning."""

HEADINGS: Final = ("What happened", "How it is told", "What to do", "Example")
LOOK_ALIKE: Final = "Not this: "
KINDS: Final = ("reset", "refused", "silence", "end")
BY: Final = {"client", "server", "both", "path", "none", "unknown"}
WIDEST: Final = 80
FEWEST_LINES, MOST_LINES = 40, 90

OUT_OF_SCOPE: Final = {
    "NOT_SPECIFIED": "a caller that gave no reason: it says nothing of the cause",
    "TCP_TOO_OLD_ACK": "a handshake's ACK far behind: never provoked on a real kernel",
    "TCP_OLD_ACK": "a handshake's ACK behind: never provoked on a real kernel",
    "TCP_ACK_UNSENT_DATA": "an ACK of what was never sent: never provoked likewise",
    "ERROR": "a reason that the kernel failed to find",
    **dict.fromkeys(MPTCP_REASONS, "Multipath TCP, which the catalogue leaves out"),
}
"""Reasons that no ending claims, and why."""


def files() -> list[Path]:
    """Return every file of the catalogue."""
    folder = Path(catalogue.__file__).parent
    return sorted(file for file in folder.glob("*.py") if file.stem != "__init__")


def section(slug: str, heading: str) -> Section:
    """Return the section of a page under a heading."""
    return next(one for one in sections(page(slug)) if one.heading == heading)


def look_alikes() -> list[tuple[str, str]]:
    """Return each page with each look-alike that it sets itself apart from."""
    return [
        (slug, one.heading.removeprefix(LOOK_ALIKE))
        for slug in endings()
        for one in sections(page(slug))
        if one.heading.startswith(LOOK_ALIKE)
    ]


every_ending = pytest.mark.parametrize(
    "ending", endings().values(), ids=lambda ending: ending.slug
)


def test_the_catalogue_is_the_vocabulary() -> None:
    """There is a file for every slug of the vocabulary, and no other."""
    assert tuple(endings()) == SLUGS


@every_ending
def test_a_page_has_all_its_sections_in_order(ending: Ending) -> None:
    """A page tells, proves, remedies, shows an example, then look-alikes."""
    headings = tuple(one.heading for one in sections(page(ending.slug)))
    assert headings[: len(HEADINGS)] == HEADINGS
    rest = headings[len(HEADINGS) :]
    assert rest
    assert all(heading.startswith(LOOK_ALIKE) for heading in rest)
    assert len(set(rest)) == len(rest)


@every_ending
def test_a_page_begins_with_one_sentence(ending: Ending) -> None:
    """What stands before the first heading is one sentence on one line."""
    first = opening(page(ending.slug))
    assert first.count("\n") == 0
    assert first.endswith(".")


@every_ending
def test_a_page_says_something_under_each_heading(ending: Ending) -> None:
    """No section is empty, and only examples and look-alikes have traces."""
    for one in sections(page(ending.slug)):
        told = one.heading in HEADINGS[:3]
        assert one.text.strip(), one.heading
        assert (len(one.traces) == 0) == told, one.heading


@every_ending
def test_a_page_fits_a_terminal(ending: Ending) -> None:
    """No line is wider than 80 columns; a page is of 40 to 90 lines."""
    lines = page(ending.slug).strip().splitlines()
    assert [line for line in lines if len(line) > WIDEST] == []
    assert FEWEST_LINES <= len(lines) <= MOST_LINES


@every_ending
def test_an_example_gets_its_verdict(ending: Ending) -> None:
    """The page's example, as octets of a capture, is judged to be this ending."""
    example = section(ending.slug, "Example")
    assert verdict(example.traces).first.slug == ending.slug


@pytest.mark.parametrize(("slug", "other"), look_alikes())
def test_a_look_alike_gets_the_other_verdict(slug: str, other: str) -> None:
    """The page's look-alike is judged to be the ending that it is said to be."""
    judged = verdict(section(slug, LOOK_ALIKE + other).traces)
    assert judged.first.slug == other
    assert other != slug


@pytest.mark.parametrize(("slug", "other"), look_alikes())
def test_a_look_alike_is_one_that_the_ending_names(slug: str, other: str) -> None:
    """What a page sets itself apart from is among what it is mistaken for."""
    assert other in endings()[slug].mistaken_for


def test_look_alikes_are_mutual() -> None:
    """If one ending is mistaken for another, so is the other for the one."""
    one_sided = [
        (ending.slug, other)
        for ending in endings().values()
        for other in ending.mistaken_for
        if ending.slug not in endings()[other].mistaken_for
    ]
    assert one_sided == []


@every_ending
def test_an_ending_is_mistaken_for_others_only(ending: Ending) -> None:
    """The look-alikes exist, are named once, and are not the ending itself."""
    names = ending.mistaken_for
    assert names
    assert set(names) <= set(SLUGS) - {ending.slug}
    assert len(set(names)) == len(names)


@every_ending
def test_an_ending_cites_its_sources(ending: Ending) -> None:
    """Every ending has references, each named once, and none is empty."""
    assert ending.references
    assert all(reference.strip() for reference in ending.references)
    assert len(set(ending.references)) == len(ending.references)


@every_ending
def test_an_ending_has_a_remedy_and_a_class(ending: Ending) -> None:
    """What to do is said in one line, and its class is one of `--fail-on`."""
    assert ending.remedy.endswith(".")
    assert ending.kind in KINDS


@every_ending
def test_good_news_is_an_end(ending: Ending) -> None:
    """An ending that needs no attention is neither a reset nor a silence."""
    assert not ending.good or ending.kind == "end"


def test_titles_are_unique() -> None:
    """No two endings bear one title."""
    same = [
        (one.slug, two.slug)
        for one, two in combinations(endings().values(), 2)
        if one.title.casefold() == two.title.casefold()
    ]
    assert same == []


@every_ending
def test_an_ending_claims_reasons_that_the_kernel_has(ending: Ending) -> None:
    """Each kernel reason is a member of `enum sk_rst_reason`, named once."""
    reasons = ending.kernel_reasons
    assert set(reasons) <= {*TCP_REASONS, *NOT_OF_TCP}
    assert len(set(reasons)) == len(reasons)


def test_every_kernel_reason_is_claimed_or_out_of_scope() -> None:
    """The catalogue is whole: it accounts for every reason of the kernel, once."""
    claimed = {
        reason for ending in endings().values() for reason in ending.kernel_reasons
    }
    assert claimed | set(OUT_OF_SCOPE) == {*TCP_REASONS, *NOT_OF_TCP}
    assert claimed & set(OUT_OF_SCOPE) == set()


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_cases_are_unique_within_a_file(file: Path) -> None:
    """No two lines of argument of one ending bear one name.

    The table of odds knows a line of argument by ending and case: two that
    share a name would be measured as one.
    """
    cases = claimed_cases(file)
    assert cases
    assert sorted(set(cases)) == sorted(cases)


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_claims_name_sides_of_the_vocabulary(file: Path) -> None:
    """Whom a claim names in so many words is one that a verdict can name."""
    named = {
        claim.args[0].value
        for claim in made_claims(ast.parse(file.read_text()))
        if isinstance(claim.args[0], ast.Constant)
    }
    assert named <= BY


def made_claims(tree: ast.Module) -> list[ast.Call]:
    """Return each `Claim(by, case, strength)` that a file makes."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Claim"
    ]


def claimed_cases(file: Path) -> list[str]:
    """Return the case of each claim that a file makes.

    Where the case is a variable, each literal that is assigned to it counts; a
    formatted one counts as it is written.
    """
    tree = ast.parse(file.read_text())
    found: list[str] = []
    for claim in made_claims(tree):
        case = claim.args[1]
        if isinstance(case, ast.Name):
            found += assigned_literals(tree, case.id)
        else:
            found.append(ast.unparse(case).strip("'"))
    return found


def assigned_literals(tree: ast.Module, name: str) -> list[str]:
    """Return the string literals that are assigned to a variable of a file."""
    found: list[str] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign):
            continue
        if not any(
            isinstance(target, ast.Name) and target.id == name
            for target in node.targets
        ):
            continue
        found += [
            one.value
            for one in ast.walk(node.value)
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
    return found
