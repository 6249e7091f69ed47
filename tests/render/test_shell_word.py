"""A path in a command that is there to be pasted."""

import shlex

from hypothesis import example, given
from hypothesis import strategies as st

from lastack.render.text import _shell_word

paths = st.text(st.sampled_from("aZ9/._-+ $'\"\\*~é\n"), min_size=1) | st.text(
    min_size=1
)


@given(paths)
@example("captures/of-1.a_b+c.pcap")
@example("it's one.pcap")
@example("../-")
@example("٣.pcap")
def test_a_path_is_one_word_of_a_shell(path: str) -> None:
    """A shell reads the word as the path, and it is what shlex makes of it."""
    assert [path] == shlex.split(_shell_word(path))
    assert shlex.quote(path) == _shell_word(path)
