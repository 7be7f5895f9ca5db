"""How effects that depend on one another within studies were handled: in the methods, and beside the results."""

from __future__ import annotations

from collections.abc import Iterator

from coppice.pool.dependence.options import CORRELATED, HIERARCHICAL, is_three_level
from coppice.report.page import words
from coppice.report.page.html_elements import Html, paragraph
from coppice.report.page.references import Statement
from coppice.report.page.words import I2, TAU2
from coppice.report.report_data import AnalysisView

HANDLED = {
    "aggregate": "by combining them into one effect per study",
    "multilevel": "in a three-level model with independent sampling errors",
    "che": "in a three-level model of correlated and hierarchical effects",
    "ce": "in a model of correlated effects",
    "he": "in a model of hierarchical effects with independent sampling errors",
}


def three_level(settings: dict[str, str], effects: str, level: str) -> Iterator[Statement]:
    """Say how effects that depend on one another within studies were modelled."""
    is_correlated, rho = settings["dependence"] == CORRELATED, settings.get("rho")
    if is_correlated:
        yield Statement(
            f"{effects} were pooled in the correlated-effects model, in which the effects of a study share the weight of one "
            f"effect. The between-study variance {TAU2} was estimated by the method of moments, and sampling errors within a "
            f"study were assumed to be correlated at {rho}.",
            ("hedges2010",),
        )
    elif settings["dependence"] == HIERARCHICAL:
        yield Statement(
            f"{effects} were pooled in the hierarchical-effects model, with variances between studies and within studies "
            "estimated by the method of moments and sampling errors assumed to be independent.",
            ("hedges2010",),
        )
    else:
        method = "maximum likelihood" if settings["tau2"] == "ML" else "restricted maximum likelihood"
        errors = f"correlated at {rho} within a study" if rho else "independent"
        yield Statement(
            f"{effects} were pooled in a three-level model, with variances between studies and within studies estimated by "
            f"{method} and sampling errors assumed to be {errors}. The covariance of effects that share a control arm was "
            "derived from that arm.",
            ("pustejovsky2022" if rho else "konstantopoulos2011", "gleser2009"),
        )
    freedom = " and Satterthwaite's degrees of freedom" if settings["inference"] == "CR2" else ""
    robust = f"cluster-robust ({settings['inference']}), with the studies as clusters{freedom}"
    yield Statement(f"Confidence intervals ({level}) and tests are {robust}.", ("tipton2015",))
    if settings.get("subgroup_tau2") == "common":
        yield Statement("The variances between and within studies were assumed to be common to all subgroups.")
    variances = TAU2 if is_correlated else "both variances"
    yield Statement(f"{I2} was computed from {variances} and is reported with Cochran's Q.", ("i2", "cochran"))
    yield Statement(
        "Coefficients were fitted by generalised least squares in statsmodels, given the variances; the variances and "
        "the cluster-robust inference were computed by Coppice, which is tested against metafor and clubSandwich.",
        ("statsmodels", "metafor"),
    )


def aggregated(settings: dict[str, str]) -> Iterator[Statement]:
    """Say how the effects of a study were combined into one, if they were, and remove those settings."""
    if settings.pop("dependence", None) is not None:
        yield Statement(
            f"Multiple effects from a study were combined into one, assuming a correlation of {settings.pop('rho')} between "
            "them; the covariance of effects that share a control arm was derived from that arm.",
            ("borenstein2021", "gleser2009"),
        )


def handled(analysis: AnalysisView) -> Html | None:
    """Say how several effects of a study were handled, and what other correlations would give."""
    settings = analysis.pool["settings"]
    how, rows = settings.get("dependence"), analysis.pool.get("over_rho")
    if how not in HANDLED:
        return None
    part, style = analysis.pool["heterogeneity"], analysis.style
    rho = f", correlated at {settings['rho']:g} within a study" if settings.get("rho") is not None else ""
    robust = f", with cluster-robust inference ({settings['inference']})" if is_three_level(settings) else ""
    text = f"Multiple effects from a study were handled {HANDLED[how]}{rho}{robust}"
    if part and how == CORRELATED:
        text += f": {TAU2} is {style.variance(part['tau2'])}"
    elif part and part.get("tau2_between") is not None:
        text += f": {TAU2} is {style.variance(part['tau2_between'])} between studies and "
        text += f"{style.variance(part['tau2_within'])} within studies"
    others = words.listed([f"{words.estimate(analysis, row)} at {row['rho']:g}" for row in rows or ()])
    sensitivity = f"Sensitivity to the assumed correlation: the estimate is {others}." if others else None
    return paragraph(f"{text}.", _shares(analysis), sensitivity)


def _shares(analysis: AnalysisView) -> str | None:
    """Say how much of all variance lies between studies and how much within them: I2 by level."""
    part = analysis.pool["heterogeneity"]
    if not part or part.get("I2_between") is None or analysis.pool["settings"].get("dependence") == CORRELATED:
        return None
    between, within = (analysis.style.percent(share, 0) for share in (part["I2_between"], part["I2_within"]))
    return f"By level ({I2}), {between} of the total variance lies between studies and {within} within studies; the rest is sampling error."
