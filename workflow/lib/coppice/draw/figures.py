"""The registry of figures: a figure is added by adding one entry.

`FIGURES` are drawn for every analysis, those `BY_REQUEST` where a draw spec names them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from coppice.errors import nearest

if TYPE_CHECKING:  # the names of the figures are wanted where nothing is drawn, and matplotlib is slow to import
    from coppice.draw.layout import Drawing

Result = Mapping[str, Any]
COMMON_OPTIONS = ("style", "title", "favours", "arms")  # given by the analysis, not by the options of one figure


def _load(module: str, function: str) -> Callable[..., Drawing]:
    """Import a figure's module when it is drawn, so that one figure costs the import of one module."""
    imported = __import__(f"coppice.draw.{module}", fromlist=[function])
    loaded: Callable[..., Drawing] = getattr(imported, function)
    return loaded


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of figure.

    Attributes
    ----------
    name : str
        Key in the configuration, and name of the file.
    title : str
        What it is called in the report.
    load : callable
        Returns the function that draws it, ``draw_<name>``.
    reads : tuple of str
        Which results it reads, in the order of its arguments: ``pool``, ``explore``.
    """

    name: str
    title: str
    load: Callable[[], Callable[..., Drawing]]
    reads: tuple[str, ...] = ("pool",)

    def options(self) -> set[str]:
        """Return the names of the options that the configuration may give."""
        parameters = inspect.signature(self.load()).parameters.values()
        return {item.name for item in parameters if item.kind is item.KEYWORD_ONLY} - set(COMMON_OPTIONS)

    def draw(
        self, results: Mapping[str, Result | None], common: Mapping[str, Any], options: Mapping[str, Any] | None
    ) -> Drawing:
        """Draw the figure.

        Parameters
        ----------
        results : mapping
            ``pool`` and ``explore`` results.
        common : mapping
            Values for `COMMON_OPTIONS`; those the figure does not take are left out.
        options : mapping or None
            The figure's own options.

        Raises
        ------
        ValueError
            If an option is not known, or its value is not.
        """
        function, own = self.load(), dict(options or {})
        allowed = self.options()
        for name in own:
            if name not in allowed:
                raise ValueError(f"figure '{self.name}' has no option '{name}': {nearest(name, allowed)}")
        taken = inspect.signature(function).parameters
        shared = {name: value for name, value in common.items() if name in taken}
        return function(*(results.get(name) or {} for name in self.reads), **shared, **own)


def _entry(name: str, title: str, *reads: str) -> Figure:
    return Figure(name, title, partial(_load, name, f"draw_{name}"), reads or ("pool",))


FIGURES: dict[str, Figure] = {
    figure.name: figure for figure in (_entry("forest", "Forest plot"), _entry("funnel", "Funnel plot"))
}

BY_REQUEST: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        _entry("leave_one_out", "Leave-one-out plot", "pool", "explore"),
        _entry("cumulative", "Cumulative plot", "pool", "explore"),
        _entry("influence", "Influence of each study", "pool", "explore"),
        _entry("baujat", "Baujat plot", "pool", "explore"),
        _entry("bubble", "Bubble plot of a meta-regression"),
        _entry("labbe", "L’Abbé plot"),
        _entry("radial", "Radial plot"),
        _entry("drapery", "Drapery plot"),
        _entry("p_value_function", "p-value function"),
        _entry("orchard", "Orchard plot"),
        _entry("sunset", "Power-enhanced funnel plot"),
    )
}


def figure_named(name: str) -> Figure:
    """Return an entry of the registry.

    Raises
    ------
    ValueError
        If there is none of that name; the message says which is nearest.
    """
    known = FIGURES | BY_REQUEST
    if name not in known:
        raise ValueError(f"unknown figure '{name}': {nearest(name, known)}")
    return known[name]
