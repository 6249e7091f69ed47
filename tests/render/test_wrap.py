"""Text is folded as textwrap folds it."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastack.render.wrap import wrapped

plain = st.text("ab-.é", min_size=1, max_size=8) | st.integers(1, 62).map("x".__mul__)
words = plain | st.tuples(plain, plain).map("\N{NO-BREAK SPACE}".join)
texts = st.lists(words, max_size=40).flatmap(
    lambda found: st.tuples(
        *[st.sampled_from([f"{word} ", f"{word}  "]) for word in found]
    ).map(lambda parts: "".join(parts).rstrip(" "))
)


@settings(deadline=None)
@given(texts, st.integers(24, 60), st.sampled_from(["", "  ", "   12  "]))
def test_folds_as_textwrap_does(text: str, width: int, first: str) -> None:
    """Words short and long, double spaces and both indents give textwrap's lines."""
    theirs = textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent="    ",
        break_on_hyphens=False,
    )
    ours = wrapped(text, width, first, "    ")
    # Before a word that is cut, textwrap leaves a space at the end of a full line.
    assert ours == [line.rstrip(" ") for line in theirs]


@pytest.mark.parametrize("before", ["", "x "])
def test_a_word_longer_than_a_line_is_cut(before: str) -> None:
    """No line is longer than the width, and no character is lost."""
    lines = wrapped(f"{before}{'y' * 95} z", 40, "1: ", "   ")
    assert max(map(len, lines)) == 40
    kept = "".join(line[3:] for line in lines).replace(" ", "")
    assert kept == f"{before.strip()}{'y' * 95}z"


def test_nothing_is_no_line() -> None:
    """Of an empty text there is no line, whatever the indent."""
    assert wrapped("", 80, "  ") == []
