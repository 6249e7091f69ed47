"""The scenarios, one a file: a module here with a `SCENARIO` is found."""

import inspect
import pkgutil
from importlib import import_module

from lastack.tcp.scenario import Scenario, Step

Parameter = int | float | str | bool


def names() -> list[str]:
    """Return the slugs of all scenarios, sorted."""
    return sorted(
        module.name.replace("_", "-")
        for module in pkgutil.iter_modules(__path__)
        if not module.ispkg
    )


def load(slug: str) -> Scenario:
    """Return the scenario `slug`; raises LookupError that names its likes."""
    if slug not in names():
        import difflib

        near = difflib.get_close_matches(slug, names(), n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise LookupError(f"no scenario {slug!r}{hint}")
    scenario = import_module(f"{__name__}.{slug.replace('-', '_')}").SCENARIO
    assert isinstance(scenario, Scenario)
    return scenario


def page(slug: str) -> str:
    """Return what the scenario teaches; its first line is its title."""
    return inspect.getdoc(import_module(f"{__name__}.{slug.replace('-', '_')}")) or ""


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
