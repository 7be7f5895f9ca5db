"""The reference of measures, options of models, profiles, figures, commands and formats, from their registries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from docs.site.entry import code, entry, plain, source

import coppice
from coppice import cli
from coppice.core import dose_options as of_doses
from coppice.core.common_methods import COMMON_METHODS
from coppice.core.kinds import KINDS
from coppice.core.measures import MEASURES
from coppice.core.multivariate_options import STRUCTURE_OPTIONS
from coppice.draw.registry import EVERY_FIGURE, FIGURES
from coppice.explore.options import COMBINATIONS, EXPLORATIONS
from coppice.explore.small_study.options import ENTRIES as SMALL_STUDY
from coppice.extract import options as of_extract
from coppice.extract.registry import ROUTES
from coppice.pool import options as of_pool
from coppice.pool.models.bayes.options import PRIORS
from coppice.pool.models.glmm.options import GLMM_MODELS, LIKELIHOODS
from coppice.pool.multivariate.diagnostic.options import MODELS as DIAGNOSTIC_MODELS
from coppice.pool.multivariate.diagnostic.options import ZERO_RULES
from coppice.pool.profiles import DEFAULT_PROFILE, PROFILES
from coppice.report.formats import FORMATS

# title, where the configuration takes it, and the options
OPTIONS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "Estimators of the between-study variance": ("model.tau2", of_pool.TAU2_ESTIMATORS),
    "Common effect": ("model.common", COMMON_METHODS),
    "Confidence intervals and tests of the pooled effect": ("model.inference", of_pool.INFERENCES),
    "Prediction intervals": ("model.prediction", of_pool.PREDICTIONS),
    "Confidence intervals of the between-study variance": ("model.tau2_interval", of_pool.TAU2_INTERVALS),
    "Between-study variance of subgroups": ("model.subgroup_tau2", of_pool.SUBGROUP_TAU2_OPTIONS),
    "Tables that the common effect corrects": ("model.common_to", of_pool.CORRECTED_TABLES),
    "Tables without events in the common effect": ("model.common_double_zeros", of_pool.DOUBLE_ZERO_TABLES),
    "Exact likelihoods": ("model.likelihood", LIKELIHOODS),
    "Generalised linear mixed models": ("model.glmm", GLMM_MODELS),
    "Several effects of a study": ("dependence.method", of_pool.DEPENDENCE_METHODS),
    "Robust variance estimation": ("dependence.robust", of_pool.ROBUST_METHODS),
    "Priors of the heterogeneity": ("bayes.tau_prior", PRIORS),
    "Models of test accuracy": ("diagnostic.model", DIAGNOSTIC_MODELS),
    "Empty cells of test accuracy": ("diagnostic.zero_cells", ZERO_RULES),
    "Several outcomes": ("structure", STRUCTURE_OPTIONS),
    "Shapes of a curve through doses": ("dose_response.shape", of_doses.SHAPES),
    "Stages of a curve through doses": ("dose_response.stages", of_doses.STAGES),
    "Covariance of the doses of a study": ("dose_response.covariance", of_doses.COVARIANCES),
    "What is explored": ("explore", EXPLORATIONS),
    "Combined p values": ("explore.combined_p", COMBINATIONS),
    "Small-study effects": ("explore.small_study", SMALL_STUDY),
    "Zero cells": ("extract.zero_cells", of_extract.ZERO_CELLS),
    "Zero cells: which cells": ("extract.zero_in", of_extract.ZERO_IN),
    "Zero cells: which studies": ("extract.zero_to", of_extract.ZERO_TO),
    "Zero cells in both arms": ("extract.double_zeros", of_extract.DOUBLE_ZEROS),
    "Variance of standardised mean differences": ("extract.smd_variance", of_extract.SMD_VARIANCES),
}


def measures_page() -> str:
    """Return the page of every effect measure."""
    head = "# Effect measures\n\nThe values of `measure` of an analysis. The codes are those of metafor's `escalc` where it has the measure.\n"
    parts = [head]
    for name, measure in MEASURES.items():
        statistics = dict.fromkeys(route.statistic for route in ROUTES.values() if name in route.gives)
        null = "" if measure.null is None else f"{measure.back(measure.null):g}"
        parts.append(
            entry(
                "measure",
                name,
                f"{measure.name[0].upper()}{plain(measure.name[1:])}.",
                {
                    "Scale of the model": measure.scale.name,
                    "Value of no effect, as printed": null,
                    "From the statistics": code(statistics) if len(statistics) < 40 else "all with a route",
                },
            )
        )
    return "\n".join(parts)


def options_page() -> str:
    """Return the page of every estimator, interval and test."""
    head = "# Estimators, intervals and tests\n\nWhat the configuration offers for the models, by the key that takes it, each with its source.\n"
    parts = [head]
    for title, (key, options) in OPTIONS.items():
        parts.append(f"## {title}\n\nKey `{key}`.\n")
        for name, option in options.items():
            text = f"{plain(option.name[0].upper() + option.name[1:])}."
            parts.append(entry("option", f"{key} {name}", text, {"Source": source(option.source)}))
    return "\n".join(parts)


def profiles_page() -> str:
    """Return the page of every profile with its defaults."""
    names = [item.name for item in fields(next(iter(PROFILES.values()))) if item.name != "profile"]
    head = (
        "# Profiles\n\nA profile is a set of named defaults, those of a guideline or of a program: `profile` of the configuration. "
        f"The default is `{DEFAULT_PROFILE}`.\n"
    )
    parts = [head]
    for name, settings in PROFILES.items():
        option = of_pool.PROFILE_OPTIONS[name]
        lines = [f"- `{item}`: `{value}`" for item in names if (value := getattr(settings, item)) is not None]
        parts.append(entry("profile", name, f"{plain(option.name)}. {source(option.source)}\n\n" + "\n".join(lines)))
    return "\n".join(parts)


def figures_page() -> str:
    """Return the page of every figure with its options."""
    parts = ["# Figures\n\nThe names under `figures` of the configuration. [The gallery](../gallery.md) shows each.\n"]
    for name, figure in EVERY_FIGURE.items():
        of = (
            ", ".join(KINDS[kind].title.lower() for kind in figure.kinds)
            if name in FIGURES
            else "the review as a whole"
        )
        caption = figure.caption[0].upper() + figure.caption[1:]
        facts = {
            "Of": of,
            "Drawn by default": "yes" if figure.is_standard or name not in FIGURES else "no",
            "Options": code(sorted(figure.options())),
        }
        parts.append(entry("figure-name", name, f"**{plain(figure.title)}.** {plain(caption)}", facts))
    return "\n".join(parts)


def commands_page() -> str:
    """Return the page of every command with its options."""
    head = (
        "# Commands\n\n`snakemake --cores all` runs a review; the five verbs are what its rules call, and the others are for people. "
        "Each is called as `python -m coppice COMMAND`.\n"
    )
    parts = [head]
    for name, text in (cli.VERBS | cli.TOOLS).items():
        top = cli.parser(name)
        (commands,) = (action.choices for action in top._actions if action.choices)
        lines = []
        for action in commands[name]._actions:
            words = code(action.option_strings) or f"`{action.metavar or action.dest}`"
            lines.append(f"- {words}: {plain(str(action.help or ''))}".rstrip(": "))
        parts.append(entry("command", name, f"{plain(text[0].upper() + text[1:])}.\n\n" + "\n".join(lines)))
    return "\n".join(parts)


def rst(title: str, directives: str) -> str:
    """Return a section of directives of autodoc."""
    return f"## `{title}`\n\n```{{eval-rst}}\n{directives}```\n"


def python_page() -> str:
    """Return the page of every function and class for Python users, from their docstrings."""
    parts = [
        "# Functions and classes\n\n[From Python](../api.md) shows how they are used; these are their docstrings.\n"
    ]
    for name in coppice.API:
        directive = "autoclass" if name[0].isupper() else "autofunction"
        members = "   :members:\n   :inherited-members: BaseException\n" if directive == "autoclass" else ""
        parts.append(rst(f"coppice.{name}", f".. {directive}:: coppice.{name}\n{members}"))
    # the package of the verb, which can be called
    called = ".. py:function:: coppice.pool(data, ...)\n\n   Pool effects, as below.\n\n.. autofunction:: coppice.api.pooling.pool\n"
    parts.append(rst("coppice.pool", called))
    return "\n".join(parts)


def formats_page() -> str:
    """Return the page of every format of the report."""
    head = "# Formats of the report\n\nThe values of `formats` of `report`, beside the page and the notebook, which are always made.\n"
    parts = [head]
    for name, item in FORMATS.items():
        facts = {"Files": code(item.files), "Needs the extra": f"`{item.extra}`" if item.extra else ""}
        parts.append(entry("format", name, f"{plain(item.description[0].upper() + item.description[1:])}.", facts))
    return "\n".join(parts)
