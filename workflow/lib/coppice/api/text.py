"""Results as text, for a console."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from coppice.core.measures import MEASURES, Measure

Row = Mapping[str, Any]
NAMED = ("likelihood", "dependence", "rho", "tau2", "inference", "profile")  # the settings that the heading has
SMALLEST_P = 0.0001  # below which a p value is printed as a bound


def number(value: Any) -> str:
    """Return a number with four decimals, or four significant digits where it is small; text as it is."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e6):
        return str(int(value)) if isinstance(value, int) else f"{value:.0f}"
    return f"{value:.4f}" if abs(value) >= 0.001 else f"{value:.4g}"


def p_text(p: float | None) -> str:
    """Return a p value with its sign, such as `= 0.0312` or `< 0.0001`."""
    return "" if p is None else f"< {SMALLEST_P}" if p < SMALLEST_P else f"= {p:.4f}"


def preformatted(text: str) -> str:
    """Return text as a notebook shows it, with its columns."""
    return f"<pre>{escape(text)}</pre>"


def columns(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as text in columns, the first to the left and the others to the right; empty columns are left out."""
    cells = [list(map(str, header)), *([number(cell) for cell in row] for row in rows)]
    keep = [index for index in range(len(header)) if any(row[index] for row in cells[1:])]
    widths = {index: max(len(row[index]) for row in cells) for index in keep}
    return "\n".join(
        "  ".join(
            row[index].ljust(widths[index]) if index == keep[0] else row[index].rjust(widths[index]) for index in keep
        ).rstrip()
        for row in cells
    )


def aligned(table: str) -> str:
    """Return a table in CSV as text in columns."""
    header, *rows = csv.reader(table.splitlines())
    return columns(header, [[_typed(cell) for cell in row] for row in rows])


def _typed(cell: str) -> Any:
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell


def summary(content: Mapping[str, Any]) -> str:
    """Return a pairwise result as text: model, heterogeneity, estimates, moderators, subgroups, and what is missing and why."""
    return "\n".join(_blocks(content)).rstrip()


def _blocks(content: Mapping[str, Any]) -> Iterator[str]:
    measure, settings = MEASURES[content["measure"]], content["settings"]
    options = "; ".join(f"{key}: {settings[key]}" for key in NAMED if settings.get(key) is not None)
    yield f"Random-effects model of the {measure.name} (k = {content['k']}; {options})"
    yield ""
    if spread := content["heterogeneity"]:
        yield from _heterogeneity(spread, content["level"])
        yield ""
    if content["random"] or content["common"]:
        yield _estimates(content, measure)
        yield ""
    if bayes := content.get("bayes"):
        yield _bayes(bayes, measure)
        yield ""
    if moderators := content["moderators"]:
        yield from _moderators(moderators)
    if subgroups := content["subgroups"]:
        yield from _subgroups(subgroups, content["display"]["subgroups"])
    for part, reason in content["reasons"].items():
        yield f"{part}: {reason}"
    yield from content["warnings"]
    for item in content["excluded"]:
        yield f"not pooled: {item['label']}: {item['reason']}"


def _percent(level: float) -> str:
    return f"{100 * level:g}%"


def _interval(low: float | None, high: float | None, level: float) -> str:
    if low is None and high is None:
        return ""
    return f", {_percent(level)} CI {number(low)} to {'infinity' if high is None else number(high)}"


def _heterogeneity(spread: Row, level: float) -> Iterator[str]:
    error = f" (SE {number(spread['tau2_se'])})" if spread["tau2_se"] is not None else ""
    yield f"tau2  {number(spread['tau2'])}{error}{_interval(spread['tau2_low'], spread['tau2_high'], level)}"
    yield f"tau   {number(spread['tau2'] ** 0.5)}"
    for name, unit in (("I2", "%"), ("H2", "")):
        if spread[name] is not None:
            low, high = (spread[f"{name}_{side}"] for side in ("low", "high"))
            limits = (
                "" if low is None or high is None else f", {_percent(level)} CI {low:.2f}{unit} to {high:.2f}{unit}"
            )
            yield f"{name}    {spread[name]:.2f}{unit}{limits}"
    if spread["Q"] is not None:
        yield f"Q     {number(spread['Q'])}, df = {number(spread['df'])}, p {p_text(spread['p'])}"


def _estimates(content: Mapping[str, Any], measure: Measure) -> str:
    printed, is_printed_otherwise = content["display"], measure.scale.name != "identity"
    code = measure.label if measure.code != "GEN" else measure.name
    scale = f"{measure.scale.name} {code}" if is_printed_otherwise else code
    header = (scale, "estimate", "se", "statistic", "df", "p", "ci_low", "ci_high")
    rows: list[Sequence[Any]] = []
    for name in ("random", "common"):
        if line := content[name]:
            p = p_text(line["p"]).removeprefix("= ")
            tested = (line["se"], line["statistic"], line.get("df"), p, line["ci_low"], line["ci_high"])
            rows.append((f"{name} effects" if name == "random" else "common effect", line["estimate"], *tested))
    if limits := content["prediction"]:
        rows.append(("new study", None, None, None, limits["df"], None, limits["low"], limits["high"]))
    text = columns(header, rows)
    if not is_printed_otherwise:
        return text
    shown: list[Sequence[Any]] = []
    for name, label in (("random", "random effects"), ("common", "common effect")):
        if line := printed[name]:
            shown.append((label, line["estimate"], line["ci_low"], line["ci_high"]))
    if limits := printed["prediction"]:
        shown.append(("new study", None, limits["low"], limits["high"]))
    return f"{text}\n\n{columns((code, 'estimate', 'ci_low', 'ci_high'), shown)}"


def _bayes(part: Row, measure: Measure) -> str:
    lines = [
        (name, part[key]["median"], part[key]["shortest"])
        for name, key in (("mean", "mu"), ("new study", "new"), ("tau", "tau"))
    ]
    header = ("Bayesian model", "median", "low", "high")
    table = columns(header, [(name, median, limits["low"], limits["high"]) for name, median, limits in lines])
    scale = "" if measure.scale.name == "identity" else f" on the {measure.scale.name} scale"
    return f"{table}\n(prior of tau: {part['tau_prior']['name']}; shortest {_percent(part['level'])} intervals{scale})"


def _moderators(part: Row) -> Iterator[str]:
    yield f"Meta-regression on {part['formula']} (k = {part['k']}; inference: {part['inference']})"
    explained = "" if part["R2"] is None else f"; R2 {part['R2']:.2f}%"
    yield f"residual tau2 {number(part['tau2'])}{explained}; QE {number(part['QE'])}, df = {number(part['QE_df'])}, p {p_text(part['QE_p'])}"
    if part["QM"] is not None:
        within = "" if part["QM_df2"] is None else f" and {number(part['QM_df2'])}"
        yield f"all moderators: QM {number(part['QM'])}, df = {number(part['QM_df'])}{within}, p {p_text(part['QM_p'])}"
    yield ""
    header = ("", "estimate", "se", "statistic", "p", "ci_low", "ci_high")
    yield columns(
        header,
        [
            (row["name"], row["estimate"], row["se"], row["statistic"], p_text(row["p"]).removeprefix("= "), row["ci_low"], row["ci_high"])
            for row in part["coefficients"]
        ],
    )  # fmt: skip
    yield ""
    yield from part["warnings"]


def _subgroups(part: Row, printed: Sequence[Row]) -> Iterator[str]:
    yield f"Subgroups by {part['by']}"
    rows = []
    for level, shown in zip(part["levels"], printed, strict=True):
        line = shown["random"] or shown["common"] or {}
        spread = level["heterogeneity"] or {}
        values = (line.get("estimate"), line.get("ci_low"), line.get("ci_high"), spread.get("tau2"), spread.get("I2"))
        rows.append((level["level"], level["k"], *values))
    yield columns(("", "k", "estimate", "ci_low", "ci_high", "tau2", "I2"), rows)
    if test := part["test"]:
        yield f"test of differences: {test.get('statistic', 'Q')} {number(test['Q'])}, df = {number(test['df'])}, p {p_text(test['p'])}"
    yield ""
