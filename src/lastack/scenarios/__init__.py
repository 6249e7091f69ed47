"""The scenarios, one a file: a module here with a `SCENARIO` is found."""

import functools
import inspect
import pkgutil
from importlib import import_module

from lastack.folder import similar
from lastack.tcp.scenario import Scenario, Step
from lastack.tcp.scenario.mirror import SUFFIX, mirrored

Parameter = int | float | str | bool


def names() -> list[str]:
    """Return the slugs of all scenarios, sorted."""
    return sorted(
        module.name.replace("_", "-")
        for module in pkgutil.iter_modules(__path__)
        if not module.ispkg
    )


def mirrors() -> list[str]:
    """Return the slugs of those mirrored, of all that have a mirror."""
    return [
        mirror.slug for slug in names() if (mirror := mirrored(load(slug))) is not None
    ]


@functools.cache
def load(slug: str) -> Scenario:
    """Return the scenario `slug`; raises LookupError that names its likes.

    With `-mirrored` behind the name of one that has a mirror, that one.
    """
    if slug.endswith(SUFFIX) and slug.removesuffix(SUFFIX) in names():
        mirror = mirrored(load(slug.removesuffix(SUFFIX)))
        if mirror is None:
            raise LookupError(
                f"{slug.removesuffix(SUFFIX)} has no mirror: its sides have different"
                " parts in the handshake"
            )
        return mirror
    if slug not in names():
        near = similar(slug, names())
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise LookupError(f"no scenario {slug!r}{hint}")
    scenario = import_module(f"{__name__}.{slug.replace('-', '_')}").SCENARIO
    assert isinstance(scenario, Scenario)
    return scenario


def page(slug: str) -> str:
    """Return what the scenario teaches; its first line is its title."""
    file = slug.removesuffix(SUFFIX)
    text = inspect.getdoc(import_module(f"{__name__}.{file.replace('-', '_')}")) or ""
    if file == slug:
        return text
    return f"{text}\n\nMirrored: read client for server, and server for client."


def parameters(scenario: Scenario) -> dict[str, Parameter]:
    """Return the scenario's own parameters with their defaults."""
    return {
        name: parameter.default
        for name, parameter in inspect.signature(scenario.steps).parameters.items()
    }


def steps_of(scenario: Scenario, **given: Parameter) -> list[Step]:
    """Return the steps with `given` parameters; raises LookupError for others."""
    known = parameters(scenario)
    for name in given:
        if name not in known:
            has = ", ".join(known) or "none"
            raise LookupError(
                f"{scenario.slug} has no parameter {name!r}; it has {has}"
            )
    return scenario.steps(**given)
