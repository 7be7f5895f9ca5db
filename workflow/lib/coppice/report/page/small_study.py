"""Small-study effects of one analysis: the result of each test or model, and why others were not used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from coppice.core.number_style import MINUS, degrees
from coppice.explore.small_study.options import ENTRIES
from coppice.report.page import words
from coppice.report.page.html_elements import Html, bullets, join, paragraph
from coppice.report.page.references import Statement
from coppice.report.page.table import Row, table
from coppice.report.report_data import AnalysisView

Part = Mapping[str, Any]
Finding = tuple[str, str, float | None]  # the result, the estimate that it gives, the p value

LEAD = (
    "These methods assess whether small studies show different results from large ones. Publication bias is one explanation; "
    "heterogeneity and chance are others. Adjusted estimates are sensitivity analyses."
)
LATER = (  # after the tests of asymmetry, in this order
    "trim_and_fill", "pet_peese", "selection_step", "selection_beta", "excess_significance", "doi_plot", "fail_safe_n",
    "limit", "copas", "p_uniform", "p_curve",
)  # fmt: skip
FAIL_SAFE = {"rosenthal": "Rosenthal", "orwin": "Orwin", "rosenberg": "Rosenberg", "general": "random-effects model"}
OTHER_MEASURE = re.compile(r"only for .+; the measure is (\S+)")
SHORTEST_TO_SHOW = 4  # significant digits of a slope, which may be per patient


def small_study(analysis: AnalysisView) -> Html | None:
    """Build what was found of small-study effects in one analysis; None where nothing was asked."""
    parts: Part | None = analysis.explore.get("small_study")
    if not parts:
        return None
    if "skipped" in parts:
        return paragraph(f"Small-study effects were not assessed: {str(parts['skipped']).rstrip('.')}.")
    entries = [(code, part) for code, part in sorted(parts.items(), key=_place) if isinstance(part, Mapping)]
    rows = [row for code, part in entries if "skipped" not in part for row in _rows(analysis, code, part)]
    headings = ("Method", "Result", f"Adjusted {words.estimate_heading(analysis)}", "p")
    caption, name = f"{analysis.title}: small-study effects.", f"table-small-study-{analysis.name}"
    advice = [str(part["advice"]) for _, part in entries if part.get("advice")]
    cautions = [str(text) for text in parts.get("cautions") or ()] if rows else []
    path = _path_table(analysis, parts.get("copas") or {})
    lead = [paragraph(LEAD), table(caption, headings, rows, numeric=(2, 3), name=name)] if rows else []
    return join([*lead, paragraph(*cautions, *advice), path, _unused(entries)])


def requested(analyses: Iterable[AnalysisView]) -> Iterator[Statement]:
    """Name the methods that are used on request only, with their sources."""
    parts: list[Part] = [analysis.explore.get("small_study") or {} for analysis in analyses]
    used = {
        code: option
        for code, option in ENTRIES.items()
        if not option.default and any("skipped" not in part[code] for part in parts if code in part)
    }
    if used:
        names = words.listed([option.name for option in used.values()])
        text = f"Small-study effects and the robustness of conclusions were also examined by {names}."
        yield Statement(text, tuple(option.source for option in used.values()))


def _place(item: tuple[str, Any]) -> tuple[int, str]:
    """Return the place of an entry: tests by name, then those of `LATER` in its order."""
    return (LATER.index(item[0]) + 1 if item[0] in LATER else 0), item[0]


def _unused(entries: list[tuple[str, Part]]) -> Html | None:
    """List the methods that were not used, by reason."""
    by_reason: dict[str, list[str]] = {}
    for _, part in entries:
        if "skipped" in part:
            by_reason.setdefault(_of_several(str(part["skipped"])), []).append(str(part["name"]))
    if not by_reason:
        return None
    items = [f"{words.first_upper(reason)}: {words.listed(names)}." for reason, names in by_reason.items()]
    return join([paragraph("Methods not used:"), bullets(items)])


def _of_several(reason: str) -> str:
    """Put the reason of one method in the plural; methods for other measures share a reason."""
    if other := OTHER_MEASURE.fullmatch(reason):
        return f"they are intended for measures other than {other[1]}"
    return re.sub(r"^it needs\b", "they need", re.sub(r"^it is\b", "they are", reason))


def _rows(analysis: AnalysisView, code: str, part: Part) -> Iterator[Row]:
    for name, (text, estimate, p) in PRINTERS.get(code, _regression)(analysis, part):
        method = words.first_upper(str(part["name"])) + (f" ({name})" if name else "")
        yield method, text, estimate, words.p_cell(analysis, p)


def _regression(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    on = f" on {degrees(part['df'])} df" if part.get("df") is not None else ""
    letter = "z" if part.get("df") is None else "t"
    slope = f"{part['estimate']:.{SHORTEST_TO_SHOW}g}".replace("-", MINUS).replace(".", analysis.style.point)
    text = f"slope {slope} by {part['predictor']}, {letter} = {analysis.style.number(part['statistic'], 2)}{on}"
    yield "", (_cautioned(text, part.get("limit")), words.estimate(analysis, part.get("limit")), part["p"])


def _rank(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    yield "", (f"Kendall's tau {analysis.style.number(part['tau'], 2)}", words.DASH, part["p"])


def _trim_and_fill(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    for name, filled in part.items():
        if not isinstance(filled, Mapping):
            continue
        if "skipped" in filled:
            yield name, (str(filled["skipped"]), words.DASH, None)
        else:
            side = f" on the {filled['side']}" if filled["missing"] else ""
            text = f"{words.studies(filled['missing'])} missing{side}"
            yield name, (_cautioned(text, filled), words.estimate(analysis, filled), filled.get("p_missing"))


def _pet_peese(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    for name in ("PET", "PEESE"):
        selected = "selected" if name == part["chosen"] else "not selected"
        text = _cautioned(f"effect in an infinitely large study, {selected}", part[name])
        yield name, (text, words.estimate(analysis, part[name]), None)


def _selection(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    weights = [_weight(analysis, weight) for weight in part["weights"]]
    test = part["test"]
    text = f"{words.listed(weights)}; likelihood ratio {analysis.style.number(test['statistic'], 2)} on {degrees(test['df'])} df"
    yield "", (_cautioned(text, part), words.estimate(analysis, part), test["p"])


def _cautioned(text: str, part: Part | None) -> str:
    """Add the caution against an estimate to what is printed beside it, so that it never stands alone."""
    caution = (part or {}).get("caution")
    return f"{text}. Caution: {caution}" if caution else text


def _weight(analysis: AnalysisView, weight: Part) -> str:
    low, high, style = weight["ci_low"], weight["ci_high"], analysis.style
    estimate, *ends = style.together((weight["estimate"], low, high))
    limits = f"{ends[0]} to no upper limit" if high is None else style.between(*ends)
    steps = str(weight["name"]).replace("<=", "\N{LESS-THAN OR EQUAL TO}").replace(".", style.point)
    return f"{steps}: {estimate}" + (f" ({limits})" if low is not None else "")


def _excess(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    text = f"{words.studies(part['observed'])} significant, {analysis.style.number(part['expected'], 1)} expected"
    yield "", (text, words.DASH, part["p"])


def _fail_safe(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    numbers = [f"{name} {part[kind]:,}" for kind, name in FAIL_SAFE.items() if part.get(kind) is not None]
    yield "", (words.listed(numbers), words.DASH, None)


def _doi(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    text = f"LFK index {analysis.style.number(part['lfk'], 2)} ({part['asymmetry']} asymmetry)"
    yield "", (text, words.DASH, None)


def _limit(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    number = analysis.style.number
    text = (
        f"effect in an infinitely large study; small-study effect: Q {number(part['Q_small'], 2)} on 1 df; heterogeneity "
        f"beyond it: Q {number(part['Q_beyond'], 2)}, p {words.p_cell(analysis, part['p_beyond'])}; "
        f"G\N{SUPERSCRIPT TWO} {number(part['G2'], 0)}%"
    )
    yield "", (_cautioned(text, part), words.estimate(analysis, part), part["p_small"])


def _copas(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    row = part["adjusted"]
    if "skipped" in row:
        yield "", (words.first_upper(str(row["skipped"])), words.DASH, None)
        return
    text = (
        f"least precise study published with a chance of {analysis.style.number(row['published'], 1)}; "
        f"{analysis.style.number(row['unpublished'], 1)} unpublished studies expected"
    )
    yield "", (_cautioned(text, row), words.estimate(analysis, row), row["p_residual"])


def _p_uniform(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    text = (
        f"{words.studies(part['significant'])} significant on the welcome side; {words.TAU2} "
        f"{analysis.style.number(part['tau2'], 3)}; test of no effect"
    )
    yield "", (_cautioned(text, part), words.estimate(analysis, part), part["p"])


def _p_curve(analysis: AnalysisView, part: Part) -> Iterator[tuple[str, Finding]]:
    skew, flat = part["right_skew"], part["flatness"]
    half = f"half curve {analysis.style.with_p(skew['half']['p'])}; " if skew["half"] else ""
    text = (
        f"{words.studies(part['significant'])} significant on the welcome side, {part['below_half']} with p < "
        f"{analysis.style.number(0.025, 3)}; flatter than at a power of 33%: {analysis.style.with_p(flat['full']['p'])}; right skew: "
        f"{half}by the authors' rule: {part['verdict']}"
    )
    yield "", (text, words.DASH, skew["full"]["p"])


def _path_table(analysis: AnalysisView, part: Part) -> Html | None:
    """Build the table of the Copas model for every degree of selection; None where it was not used."""
    if not part.get("path"):
        return None
    style = analysis.style
    rows = [
        (
            style.number(row["published"], 1),
            words.estimate(analysis, row),
            style.number(row["unpublished"], 1),
            words.p_cell(analysis, row["p_residual"]),
        )
        for row in part["path"]
    ]
    headings = (
        "Chance that the least precise study is published",
        f"Adjusted {words.estimate_heading(analysis)}",
        "Unpublished studies expected",
        "p of the remaining small-study effect",
    )
    caption = f"{analysis.title}: the Copas selection model by degree of selection."
    return table(caption, headings, rows, numeric=(0, 1, 2, 3), name=f"table-copas-{analysis.name}")


PRINTERS: dict[str, Callable[[AnalysisView, Part], Iterator[tuple[str, Finding]]]] = {
    "begg": _rank,
    "schwarzer": _rank,
    "trim_and_fill": _trim_and_fill,
    "pet_peese": _pet_peese,
    "selection_step": _selection,
    "selection_beta": _selection,
    "excess_significance": _excess,
    "fail_safe_n": _fail_safe,
    "doi_plot": _doi,
    "limit": _limit,
    "copas": _copas,
    "p_uniform": _p_uniform,
    "p_curve": _p_curve,
}
