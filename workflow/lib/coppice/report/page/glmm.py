"""A generalised linear mixed model in words: why it was taken, what a correction would have given, and how it was fitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from coppice.core.contracts.glmm import CountTest, Glmm
from coppice.core.number_style import degrees
from coppice.pool.models.glmm.options import GLMM_MODELS, LIKELIHOODS
from coppice.pool.options import INFERENCES, PREDICTIONS
from coppice.report.page import words
from coppice.report.page.html_elements import Html
from coppice.report.page.references import Statement
from coppice.report.page.table import Column, analysis_table
from coppice.report.page.words import TAU2
from coppice.report.report_data import AnalysisView

BY = {"wald": "by Wald's method", "t": "on the t distribution", "PL": "by profile likelihood"}
ARMS = (("events_e", ("n_e", "time_e")), ("events_c", ("n_c", "time_c")), ("events", ("n", "time")))


def glmm_of(analysis: AnalysisView) -> Glmm | None:
    """Return the model of the counts of an analysis; None where it has none, or no estimate."""
    return analysis.pool.get("glmm") if analysis.pool["random"] else None


def reason(analysis: AnalysisView) -> str | None:
    """Say why the counts are pooled as they are: the studies with zeros."""
    part = glmm_of(analysis)
    if part is None:
        return None
    model = f", {GLMM_MODELS[part['model']].name} ({part['model']})" if part["model"] else ""
    lead = f"The counts were pooled in a generalised linear mixed model ({LIKELIHOODS[part['likelihood']].name} likelihood{model})"
    of_all = words.studies(part["k"])
    if not part["zeros"]:
        return f"{lead}. None of the {of_all} has an empty cell, so that a model of effects and variances would be possible too."
    double = f", {part['double_zeros']} of them without any event" if part["double_zeros"] else ""
    have = "has" if part["zeros"] == 1 else "have"
    effect = "no estimate or no variance" if analysis.measure.is_of_one_group else "no finite effect"
    return f"{lead}, because {part['zeros']} of the {of_all} {have} an empty cell{double}: such a study gives {effect} without a continuity correction, and enters here as it is."


def without_it(analysis: AnalysisView) -> str | None:
    """Say what the usual model gives with a continuity correction."""
    part = glmm_of(analysis)
    usual = part["corrected"] if part else None
    if usual is None:
        return None
    inference = INFERENCES[usual["line"]["inference"]].name
    corrected = (
        f"With 0.5 added to the cells of {words.count(usual['corrected'], 'table')} with a zero"
        if usual["corrected"]
        else "With inverse-variance weights and no correction"
    )
    return f"{corrected}, the usual random-effects model ({TAU2} by {usual['estimator']}, {inference}) would give {words.estimate(analysis, usual['line'])} from {words.studies(usual['k'])}."


def intervals(analysis: AnalysisView) -> str | None:
    """Give the interval by the other inferences, and the estimate without heterogeneity."""
    part, main = glmm_of(analysis), analysis.pool["random"]
    if part is None or main is None:
        return None
    others = [
        f"{BY[name]} it would be {words.interval(analysis, line)}"
        for name, line in part["inferences"].items()
        if name != main["inference"] and line["ci_low"] is not None and line["ci_high"] is not None
    ]
    used = BY.get(main["inference"], main["inference"])
    text = f"The confidence interval was made {used}; {words.listed(others)}." if others else ""
    if equal := part["equal_effects"]:
        text += f" Without heterogeneity, the model gives {words.estimate(analysis, equal)}."
    return text.strip() or None


def tests(analysis: AnalysisView) -> str | None:
    """Give the tests of heterogeneity from counts."""
    part = glmm_of(analysis)
    if part is None:
        return None
    named = (("likelihood-ratio test", part["likelihood_ratio"]), ("Wald's test", part["wald"]))
    texts = [_test(analysis, name, test) for name, test in named if test and test["statistic"] is not None]
    if not texts:
        return None
    left = part["informative"] - (part["wald"]["k"] if part["wald"] else part["informative"])
    note = f" Wald's leaves out {words.studies(left)} whose own effect is infinite." if left > 0 else ""
    return f"Tests of heterogeneity: {words.listed(texts)}.{note}"


def _test(analysis: AnalysisView, name: str, test: CountTest) -> str:
    style = analysis.style
    return f"{name}, chi-squared {style.number(test['statistic'], 2)} on {degrees(test['df'])} df ({style.with_p(test['p'])})"


def counts(analysis: AnalysisView) -> Html | None:
    """Build the table of the counts of all studies in the model."""
    if glmm_of(analysis) is None:
        return None
    rows = [*analysis.effects, *(item for item in analysis.pool["excluded"] if "reported" in item)]
    arms = [name for name, _ in ARMS if (rows[0].get("reported") or {}).get(name) is not None] if rows else []
    titles = {"events_e": analysis.experimental, "events_c": analysis.control, "events": "Events"}
    columns: list[Column[Any]] = [
        Column("Study", lambda row: row["label"]),
        *(Column(words.first_upper(titles[arm]), partial(_count, arm=arm)) for arm in arms),
    ]
    return analysis_table(
        analysis, "counts", ": counts in the model, events of patients or of person-time.", rows, columns
    )


def _count(row: Mapping[str, Any], arm: str) -> str:
    figure = row["reported"] or {}
    total = next(figure[name] for name in dict(ARMS)[arm] if figure.get(name) is not None)
    return f"{figure[arm]:,}/{total:,}"


def glmm_methods(settings: dict[str, str], effects: str, level: str) -> Iterator[Statement]:
    """Describe a generalised linear mixed model in the methods."""
    code, likelihood = settings.get("glmm"), LIKELIHOODS[settings["likelihood"]]
    kind = GLMM_MODELS.get(code or "")
    name = f"{likelihood.name} likelihood" + (f" ({kind.name}, {code})" if kind else "")
    sources = (likelihood.source, kind.source) if kind else (likelihood.source, "linxu2020")
    counted = effects.replace("effects", "counts").replace("Effects", "Counts")
    yield Statement(
        f"{counted} were pooled in a generalised linear mixed model with a {name}, so that studies with zeros entered without a continuity correction.",
        tuple(dict.fromkeys(sources)),
    )
    fixed = settings["tau2"] != "ML"
    how = (
        f"set to {settings['tau2']}"
        if fixed
        else "estimated by maximum likelihood, with its profile-likelihood interval"
    )
    yield Statement(
        f"The between-study variance {TAU2} was {how}; the likelihood was integrated over the random effects by adaptive quadrature.",
        () if fixed else ("ml",),
    )
    inference = INFERENCES[settings["inference"]]
    yield Statement(
        f"Confidence intervals ({level}) use the method {words.quoted(inference.name)}.", (inference.source,)
    )
    if predicted := PREDICTIONS.get(settings.get("prediction", "")):
        text = f"Prediction intervals use the method {words.quoted(predicted.name)}."
        yield Statement(text, (predicted.source, "inthout2016"))
    yield Statement(
        "Heterogeneity was tested by the likelihood ratio against a model with an effect of each study, and by Wald's test of "
        f"the studies' own effects; I\N{SUPERSCRIPT TWO} sets {TAU2} against the variances that inverse variance would give.",
        ("jackson2018",),
    )
    yield Statement(
        "The models of counts were fitted by Coppice, which is tested against metafor and lme4.", ("metafor",)
    )
