"""How effects that depend on one another within studies were handled: in the methods, and beside the results."""

from __future__ import annotations

from coppice.pool.dependence.options import CORRELATED, is_three_level
from coppice.report.page import words
from coppice.report.page.html_elements import Html, paragraph
from coppice.report.page.statement import Statement, Statements
from coppice.report.page.tables import I2, TAU2
from coppice.report.report_data import AnalysisView

HANDLED = {
    "aggregate": "by combining them into one effect per study",
    "multilevel": "in a three-level model with independent sampling errors",
    "che": "in a three-level model of correlated and hierarchical effects",
    "ce": "in a model of correlated effects",
}


def three_level(settings: dict[str, str], whose: str, level: str) -> Statements:
    """Say how effects that depend on one another within studies were modelled."""
    method = "maximum likelihood" if settings["tau2"] == "ML" else "restricted maximum likelihood"
    rho = settings.get("rho")
    errors = f"correlated at {rho} within a study" if rho else "independent"
    source = "pustejovsky2022" if rho else "konstantopoulos2011"
    variances = TAU2 if settings["dependence"] == CORRELATED else "both variances"
    statements = [
        _correlated(settings, whose)
        if settings["dependence"] == CORRELATED
        else Statement(
            f"{f'{whose}effects' if whose else 'Effects'} were pooled in a three-level model, with variances between studies and "
            f"within studies estimated by {method} and sampling errors assumed to be {errors}. The covariance of effects that "
            "share a control arm was derived from that arm.",
            (source, "gleser2009"),
        ),
        Statement(
            f"Confidence intervals ({level}) and tests are cluster-robust ({settings['inference']}), with the studies as clusters"
            + (" and Satterthwaite's degrees of freedom." if settings["inference"] == "CR2" else "."),
            ("tipton2015",),
        ),
    ]
    if settings.get("subgroup_tau2") == "common":
        statements.append(
            Statement("The variances between and within studies were assumed to be common to all subgroups.")
        )
    return [
        *statements,
        Statement(
            f"I\N{SUPERSCRIPT TWO} was computed from {variances} and is reported with Cochran's Q.", ("i2", "cochran")
        ),
        Statement(
            "Coefficients were fitted by generalised least squares in statsmodels, given the variances; the variances and "
            "the cluster-robust inference were computed by Coppice, which is tested against metafor and clubSandwich.",
            ("statsmodels", "metafor"),
        ),
    ]


def _correlated(settings: dict[str, str], whose: str) -> Statement:
    """Say how the correlated-effects model was fitted."""
    return Statement(
        f"{f'{whose}effects' if whose else 'Effects'} were pooled in the correlated-effects model, in which the effects of a "
        f"study share the weight of one effect. The between-study variance {TAU2} was estimated by the method of moments, and "
        f"sampling errors within a study were assumed to be correlated at {settings['rho']}.",
        ("hedges2010",),
    )


def aggregated(settings: dict[str, str]) -> Statements:
    """Say how the effects of a study were combined into one, where they were, and take that out of the settings."""
    if settings.pop("dependence", None) is None:
        return []
    return [
        Statement(
            f"Multiple effects from a study were combined into one, assuming a correlation of {settings.pop('rho')} between "
            "them; the covariance of effects that share a control arm was derived from that arm.",
            ("borenstein2021", "gleser2009"),
        )
    ]


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
    shares = _shares(analysis)
    if not rows:
        return paragraph(f"{text}.", shares)
    others = [f"{words.estimate(analysis, row)} at {row['rho']:g}" for row in rows]
    return paragraph(
        f"{text}.", shares, f"Sensitivity to the assumed correlation: the estimate is {words.listed(others)}."
    )


def _shares(analysis: AnalysisView) -> str | None:
    """Say how much of all variance lies between studies and how much within them: I2 by level."""
    part = analysis.pool["heterogeneity"]
    if not part or part.get("I2_between") is None or analysis.pool["settings"].get("dependence") == CORRELATED:
        return None
    between, within = (analysis.style.percent(share, 0) for share in (part["I2_between"], part["I2_within"]))
    return f"By level ({I2}), {between} of the total variance lies between studies and {within} within studies; the rest is sampling error."
