"""Every value of every system has a source and a confidence, and is of its type."""

import ast
from dataclasses import fields
from enum import Enum
from pathlib import Path

import pytest

import lastack.sim
from lastack.sim import personalities
from lastack.sim.personality import Confidence, Personality, Sourced


@pytest.mark.parametrize("system", personalities.names())
def test_each_value_has_a_source(system: str) -> None:
    """No value is bare, and no source empty."""
    personality = personalities.load(system)
    for field in fields(personality):
        if field.name not in {"name", "title"}:
            sourced = getattr(personality, field.name)
            assert isinstance(sourced, Sourced), field.name
            assert sourced.source, field.name
            assert isinstance(sourced.confidence, Confidence), field.name


def test_the_five_systems_are_there() -> None:
    """A file in the folder is a system."""
    assert personalities.names() == ["freebsd", "illumos", "linux", "macos", "windows"]
    assert all(personalities.load(it).name == it for it in personalities.names())


def test_an_unknown_system_is_named_with_those_that_are_known() -> None:
    """The message lists what there is."""
    with pytest.raises(LookupError, match=r"no system 'beos'; there are freebsd"):
        personalities.load("beos")


def test_no_rule_asks_for_a_system_by_name() -> None:
    """Outside of personalities/ no file of the simulator names one in code."""
    folder = Path(lastack.sim.__file__).parent
    for path in folder.glob("*.py"):
        strings = {
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not strings & set(personalities.names()), path


def test_values_of_one_field_are_of_one_type() -> None:
    """A number is a number on every system, an enum the same enum."""
    systems = [personalities.load(name) for name in personalities.names()]
    for field in fields(Personality):
        values = [getattr(system, field.name) for system in systems]
        types = {type(getattr(value, "value", value)) for value in values}
        assert len(types) == 1, field.name
        assert not any(issubclass(it, Enum) and it is Enum for it in types)


def test_a_setting_is_a_copy() -> None:
    """with_settings leaves the original, and refuses a name it does not know."""
    linux = personalities.load("linux")
    changed = linux.with_settings(fin_wait_2=5)
    assert (changed.fin_wait_2.value, linux.fin_wait_2.value) == (5, 60_000_000_000)
    with pytest.raises(LookupError, match="no value 'colour'"):
        linux.with_settings(colour=1)
