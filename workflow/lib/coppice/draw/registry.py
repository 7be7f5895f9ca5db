"""The registry of figures: a figure is added by adding one entry.

A figure shows one analysis or the whole review. Of the figures of an analysis those that are `standard` are drawn for
every one unless the configuration switches them off, the others where it names them; a figure of the review is drawn
where the review has what it shows.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from coppice.core.kinds import DIAGNOSTIC, DOSE_RESPONSE, MULTIVARIATE, NETWORK, PAIRWISE
from coppice.core.schema import Object
from coppice.draw import needs
from coppice.draw.captions import caption
from coppice.draw.options import options_of

if TYPE_CHECKING:  # the names of the figures are wanted where nothing is drawn, and matplotlib is slow to import
    from coppice.draw.canvas.canvas import Drawing

Result = Mapping[str, Any]
# given by the analysis or the review, not by the options of one figure
COMMON_OPTIONS = ("style", "title", "favours", "arms", "important", "large", "titles", "sides", "certainty", "outcomes")


def _load(module: str, function: str, *arguments: str) -> Callable[..., Drawing]:
    """Import a figure's module when it is drawn, so that one figure costs the import of one module."""
    imported = __import__(f"coppice.draw.{module}", fromlist=[function])
    return partial(getattr(imported, function), *arguments)


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of figure."""

    name: str  # key in the configuration, and name of the file
    title: str  # in the report
    load: Callable[[], Callable[..., Drawing]]  # returns the function that draws it
    reads: tuple[str, ...] = ("pool",)  # results in the order of its arguments, by the names that `draw` lists
    is_standard: bool = False  # drawn for every analysis unless it is switched off
    need: needs.Need = needs.nothing  # from the results to what is missing for this figure, in words
    kinds: tuple[str, ...] = (PAIRWISE,)  # of the analyses that it shows

    @property
    def caption(self) -> str:
        """What its marks are, as the second part of a sentence."""
        return caption(self.name)

    @property
    def shape(self) -> Object:
        """What the configuration may give."""
        return options_of(self.name)

    def options(self) -> set[str]:
        """Return the names of the options that the configuration may give."""
        return set(self.shape.names)

    def draw(self, results: needs.Results, common: Mapping[str, Any], options: Mapping[str, Any] | None) -> Drawing:
        """Draw the figure by those of the common options that it takes, or the reason why it can't be drawn."""
        function, own = self.load(), dict(options or {})
        for place, message in self.shape.findings(own, ()):
            raise ValueError(f"figure '{self.name}': option {'.'.join(map(str, place))}: {message}")
        if missing := self.need(results):
            from coppice.draw.not_drawn import draw_not_drawn

            return draw_not_drawn(self.title, missing, style=common["style"], title=common.get("title"))
        taken = inspect.signature(function).parameters
        shared = {name: value for name, value in common.items() if name in taken}
        return function(*(results.get(name) or {} for name in self.reads), **shared, **own)


def _entry(
    name: str,
    title: str,
    *reads: str,
    need: needs.Need = needs.nothing,
    is_standard: bool = False,
    module: str = "",
    kinds: tuple[str, ...] = (PAIRWISE,),
) -> Figure:
    load = partial(_load, module or f"figures.{name}", f"draw_{name}")
    return Figure(name, title, load, reads or ("pool",), is_standard, need, kinds)


def _resampled(name: str, title: str, need: needs.Need) -> Figure:
    """Return a figure whose rows `explore` pooled again: one function draws them all, by the name of the part."""
    load = partial(_load, "figures.resampled", "draw_resampled", name)
    return Figure(name, title, load, ("pool", "explore"), need=need)


def _of_network(name: str, title: str, module: str, need: needs.Need = needs.nothing) -> Figure:
    """Return a figure of networks, each of which has it."""
    need = needs.all_of(needs.network, need)
    return _entry(name, title, need=need, is_standard=True, module=f"network.{module}", kinds=(NETWORK,))


def _of_accuracy(name: str, title: str) -> Figure:
    """Return a figure of a diagnostic analysis, drawn for every one."""
    return _entry(name, title, need=needs.accuracy, is_standard=True, kinds=(DIAGNOSTIC,))


FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        _entry("forest", "Forest plot", need=needs.few_effects, is_standard=True, module="forest.forest"),
        _entry("funnel", "Funnel plot", "pool", "explore", is_standard=True),
        _entry("robustness", "Robustness of the estimate", "pool", "explore", need=needs.robustness, is_standard=True),
        _resampled("leave_one_out", "Leave-one-out plot", needs.one_by_one("leave_one_out")),
        _resampled("cumulative", "Cumulative plot", needs.one_by_one("cumulative")),
        _resampled("history", "Estimate at each search", needs.explored("history")),
        _entry("influence", "Influence plot", "pool", "explore", need=needs.one_by_one("influence")),
        _entry("baujat", "Baujat plot", "pool", "explore", need=needs.explored("influence")),
        _entry("gosh", "GOSH plot", "pool", "explore", need=needs.explored("gosh")),
        _entry(
            "adjusted",
            "Estimates adjusted for small-study effects",
            "pool",
            "explore",
            need=needs.adjusted_estimates,
        ),
        _entry("doi", "Doi plot", "pool", "explore", need=needs.explored("small_study", "doi_plot")),
        _entry(
            "multiverse", "Specification curve", "pool", "explore", need=needs.explored("multiverse", "specifications")
        ),
        _entry("bubble", "Bubble plot", need=needs.moderators),
        _entry("labbe", "L’Abbé plot", need=needs.risks),
        _entry("radial", "Radial plot", need=needs.effects),
        _entry(
            "drapery", "Drapery plot", need=needs.all_of(needs.effects, needs.few_effects), module="figures.p_values"
        ),
        _entry("p_value_function", "p-value function", need=needs.estimate, module="figures.p_values"),
        _entry("posterior", "Posterior distributions", need=needs.bayes),
        _entry("shrinkage", "Forest plot with shrinkage", need=needs.all_of(needs.bayes, needs.few_effects)),
        _entry("orchard", "Orchard plot", need=needs.effects),
        _entry("sunset", "Power-enhanced funnel plot", need=needs.effects),
        _of_accuracy("coupled_forest", "Coupled forest plot"),
        _of_accuracy("sroc", "Summary ROC plot"),
        _entry(
            "dose_response",
            "Dose-response curve",
            need=needs.all_of(needs.effects, needs.few_effects),
            is_standard=True,
            kinds=(DOSE_RESPONSE,),
        ),
        _entry(
            "outcomes_forest",
            "Forest plot of the outcomes",
            need=needs.outcomes,
            is_standard=True,
            kinds=(MULTIVARIATE,),
        ),
        _entry("kaplan_meier", "Reconstructed Kaplan-Meier curves", "extracts", need=needs.curves),
        _of_network("network_graph", "Network graph", "graph"),
        _of_network("network_forest", "Forest plot against the reference", "forest"),
        _of_network("league", "League table", "league", need=needs.league),
        _of_network("network_split", "Direct and indirect evidence", "forest", need=needs.loops),
        _entry(
            "network_components",
            "Effects of components",
            need=needs.components,
            module="network.components",
            kinds=(NETWORK,),
        ),
        _of_network("comparison_funnel", "Comparison-adjusted funnel plot", "funnel"),
        _of_network("rankogram", "Rankogram", "rankogram"),
    )
}

REVIEW_FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        _entry("prisma", "Flow of studies", "flow", need=needs.flow),
        _entry("risk_of_bias", "Risk of bias", "assessments", need=needs.assessments),
        _entry("risk_of_bias_summary", "Summary of the risk of bias", "assessments", "pools", need=needs.assessments),
        _entry("summary", "Summary of the analyses", "pools", need=needs.pools),
        _entry("routes_map", "Map of routes", "extracts", need=needs.extracts),
    )
}
EVERY_FIGURE = FIGURES | REVIEW_FIGURES


def asked_for(options: Mapping[str, Any], kind: str = PAIRWISE) -> list[str]:
    """Return the figures of each analysis of a kind that a configuration asks for, by name, in the order of the registry."""
    of_kind = (figure for figure in FIGURES.values() if kind in figure.kinds)
    return [figure.name for figure in of_kind if options.get(figure.name, figure.is_standard) is not False]
