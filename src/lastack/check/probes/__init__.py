"""The probes, one a file; a file put here is found by its name."""

import importlib
import inspect
import pkgutil

from lastack.check.probe import AnyProbe, Probe


def load() -> dict[str, AnyProbe]:
    """Return all probes by name, the rough ones last, else by name."""
    found: dict[str, AnyProbe] = {}
    for module in pkgutil.iter_modules(__path__):
        probe = importlib.import_module(f"{__name__}.{module.name}").PROBE
        if not isinstance(probe, Probe):
            raise TypeError(f"probes/{module.name}.py: PROBE is not a Probe")
        found[module.name.replace("_", "-")] = probe
    return dict(sorted(found.items(), key=lambda item: (item[1].rough, item[0])))


def page(name: str) -> str:
    """Return the page of the probe `name`: its file's docstring."""
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    return inspect.getdoc(module) or ""
