"""The tables of a diagnostic meta-analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coppice.report.other_view import OtherView
from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, join
from coppice.report.page.table import table

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView

WHOLE = 1e-9  # of a percentage
SIDES = ("sensitivity", "specificity")
RATIOS = {"dor": "Diagnostic odds ratio", "lr_positive": "Positive likelihood ratio", "lr_negative": "Negative likelihood ratio"}  # fmt: skip
PEOPLE = {
    "tp": "True positives: detected",
    "fn": "False negatives: missed",
    "fp": "False positives: wrongly classified as having it",
    "tn": "True negatives: correctly classified as not having it",
}


def _three(analysis: OtherView, values: Sequence[float], decimals: int) -> str:
    middle, *limits = analysis.style.together(list(values), decimals)
    return f"{middle} ({analysis.style.between(*limits)})"


def percent(analysis: OtherView, share: Mapping[str, float]) -> str:
    """Print a proportion with its interval in percent: ``24.7% (10.8 to 47.2)``."""
    middle, *limits = analysis.style.together([100 * share[key] for key in ("estimate", "ci_low", "ci_high")], 1)
    return f"{middle}% ({analysis.style.between(*limits)})"


def prevalence(analysis: OtherView, row: Mapping[str, Any]) -> str:
    """Print a prevalence in percent, a round one without decimals."""
    value = 100 * float(row["prevalence"])
    return analysis.style.percent(value, 0 if abs(value - round(value)) < WHOLE else 1)


def ratio(analysis: OtherView, part: Mapping[str, float]) -> str:
    """Print a ratio with its interval."""
    return _three(analysis, [part[key] for key in ("estimate", "ci_low", "ci_high")], 2)


def consequences(analysis: OtherView) -> Html | None:
    """Build what happens to 1,000 people at each prevalence."""
    rows = analysis.pool["consequences"]
    if not rows:
        return None
    style, level = analysis.style, analysis.level
    headings = ["In 1,000 people tested"] + [f"Prevalence {prevalence(analysis, row)}" for row in rows]
    cells = [
        [label, *(_three(analysis, [row[name][key] for key in ("estimate", "ci_low", "ci_high")], 0) for row in rows)]
        for name, label in PEOPLE.items()
    ]
    cells += [
        [label, *(style.percent(100 * row[name]) for row in rows)]
        for name, label in (("ppv", "Positive predictive value"), ("npv", "Negative predictive value"))
    ]
    sources = "; ".join(dict.fromkeys(row["source"] for row in rows))
    text = f"{analysis.title}: consequences for 1,000 people ({level} CI from that of sensitivity or specificity). Prevalences: {sources}."
    return table(text, headings, cells, numeric=range(1, len(headings)), name=f"table-consequences-{analysis.name}")


def ratios(analysis: OtherView) -> Html | None:
    """Build the table of the summary point and its ratios."""
    point = analysis.pool["point"]
    if point is None:
        return None
    rows = [(f"Summary {side}", percent(analysis, point[side])) for side in SIDES]
    rows += [(label, ratio(analysis, point[name])) for name, label in RATIOS.items()]
    text = f"{analysis.title}: summary point ({analysis.level} CI)."
    return table(text, ("Measure", "Estimate"), rows, numeric=(1,), name=f"table-point-{analysis.name}")


def subgroups(analysis: OtherView) -> Html | None:
    """Build the table of the summary points by subgroup."""
    part = analysis.pool["subgroups"]
    if part is None:
        return None
    rows = [
        (
            words.level_of(part["by"], item["level"]),
            item["k"],
            *(percent(analysis, item["point"][side]) for side in SIDES),
            ratio(analysis, item["point"]["dor"]),
        )
        for item in part["levels"]
    ]
    text = f"{analysis.title}: summary points by {words.readable(part['by']).lower()} ({analysis.level} CI)."
    headings = ("Subgroup", "Studies", "Sensitivity", "Specificity", RATIOS["dor"])
    return table(text, headings, rows, numeric=range(1, 5), name=f"table-subgroups-{analysis.name}")


def tests(analysis: OtherView, part: Mapping[str, Any] | None) -> str | None:
    """Give the likelihood ratio tests of subgroups or covariates."""
    if part is None:
        return None
    names = {"both": "sensitivity or specificity", "sensitivity": "sensitivity", "specificity": "specificity"}
    texts = [
        f"{label}, chi-squared {analysis.style.number(test['chi2'], 2)} on {test['df']} df, {analysis.style.with_p(test['p'])}"
        for name, label in names.items()
        if (test := part["tests"][name])
    ]
    return f"Likelihood ratio tests of a difference: {'; '.join(texts)}." if texts else None


def covariates(analysis: OtherView) -> Html | None:
    """Build the table of the coefficients of covariates."""
    part = analysis.pool["regression"]
    if part is None:
        return None
    style = analysis.style
    rows = [
        (
            words.first_upper(side),
            row["name"],
            _three(analysis, [row[key] for key in ("estimate", "ci_low", "ci_high")], 3),
            style.p_value(row["p"]).removeprefix("= "),
        )
        for side in SIDES
        for row in part[side]
    ]
    text = f"{analysis.title}: covariates ({part['formula']}) in {words.studies(part['k'])}, on the logit scale."
    headings = ("Of", "Covariate", f"Coefficient ({analysis.level} CI)", "p")
    return table(text, headings, rows, numeric=(2, 3), name=f"table-covariates-{analysis.name}")


def _explored(analysis: OtherView, part: str, first: str, text: str) -> Html | None:
    rows = analysis.explore.get(part)
    if not isinstance(rows, list) or not rows:
        return None
    cells = [
        (
            row["label"],
            row["k"],
            *(percent(analysis, row[side]) if row[side] else words.DASH for side in SIDES),
            ratio(analysis, row["dor"]) if row["dor"] else f"not available: {row.get('reason', '')}",
        )
        for row in rows
    ]
    headings = (first, "Studies", "Sensitivity", "Specificity", RATIOS["dor"])
    caption = f"{analysis.title}: {text} ({analysis.level} CI)."
    return table(caption, headings, cells, numeric=range(1, 5), name=f"table-{part.replace('_', '-')}-{analysis.name}")


def leave_one_out(analysis: OtherView) -> Html | None:
    """Build the table of the summary point without each study."""
    return _explored(analysis, "leave_one_out", "Without", "summary point without each study")


def models(analysis: OtherView) -> Html | None:
    """Build the table of the summary point by each model."""
    return _explored(analysis, "multiverse", "Model", "summary point by other models")


def included(review: ReviewView, analysis: OtherView) -> Html | None:
    """Build the table of the studies that were pooled, each with the report of its counts."""
    if not analysis.effects:
        return None
    has_threshold = any("threshold" in effect for effect in analysis.effects)
    headings = ["Study", "TP", "FP", "FN", "TN", *["Threshold"] * has_threshold, "Sensitivity", "Specificity", "Report"]
    rows = [list(_row(review, analysis, effect, has_threshold=has_threshold)) for effect in analysis.effects]
    text = f"{analysis.title}: counts of the studies, with exact {analysis.level} confidence intervals."
    numeric = [*range(1, 5), len(headings) - 3, len(headings) - 2]
    return table(text, headings, rows, numeric=numeric, name=f"table-effects-{analysis.name}")


def _row(
    review: ReviewView, analysis: OtherView, effect: Mapping[str, Any], *, has_threshold: bool
) -> Iterator[object]:
    yield html_elements.study_link(effect["label"], effect["study"])
    yield from (f"{effect[name]:,}" for name in ("tp", "fp", "fn", "tn"))
    if has_threshold:
        yield effect.get("threshold", words.NOT_STATED)
    yield from (percent(analysis, effect[side]) for side in SIDES)
    yield join([review.citation(effect["study"], effect["report"]) or words.NOT_STATED])


def excluded(analysis: OtherView) -> Html | None:
    """Build the table of the studies that could not be pooled."""
    rows = [(item["label"], item["reason"]) for item in analysis.pool["excluded"]]
    text = f"{analysis.title}: studies not pooled."
    return table(text, ("Study", "Reason"), rows, name=f"table-excluded-{analysis.name}") if rows else None
