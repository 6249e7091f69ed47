"""Numbers as a person types them."""

import pytest

from lastack.cli._quantities import like, positive, probability, seconds, size


def test_times() -> None:
    """Times have a unit, or are in seconds."""
    assert [seconds(it) for it in ("50ms", "1.5", "2s", "250us")] == [
        0.05,
        1.5,
        2.0,
        0.00025,
    ]


def test_shares() -> None:
    """A share is a percentage or a probability."""
    assert [probability(it) for it in ("1%", "0.25", "100%")] == [0.01, 0.25, 1.0]


def test_sizes() -> None:
    """Sizes are decimal unless the unit says Ki or Mi."""
    assert [size(it) for it in ("300k", "1M", "64Ki", "7")] == [
        300_000,
        1_000_000,
        65536,
        7,
    ]


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (seconds, "5 apples"),
        (seconds, "-1s"),
        (seconds, ""),
        (probability, "101%"),
        (probability, "2"),
        (size, "3q"),
        (size, "-1k"),
    ],
)
def test_nonsense_is_named(read: object, text: str) -> None:
    """An error repeats what was typed."""
    with pytest.raises(ValueError, match="is no") as error:
        read(text)  # type: ignore[operator]
    assert repr(text) in str(error.value)


def test_a_parameter_is_of_its_defaults_kind() -> None:
    """Whole numbers are sizes, fractions are times, `no` is false."""
    assert like(1, "300k") == 300_000
    assert like(1, "-1") == -1
    assert like(1.0, "50ms") == 0.05
    assert like(True, "no") is False
    assert like("x", "y") == "y"


def test_counts_begin_at_one() -> None:
    """How many at once is a whole number, and nought would wait for ever."""
    assert positive("8") == 8
    for text in ("0", "-1", "1.5", "²", ""):
        with pytest.raises(ValueError, match="is no number from 1 on"):
            positive(text)
