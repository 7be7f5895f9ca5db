"""Numbers of other programs beside ours: the examples of docs/comparison.md, and the page."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coppice.extract.outcome import extract_outcome
from coppice.plan import plan
from coppice.pool.kinds import pooling

ROOT = Path(__file__).resolve().parents[1]
OF_METAFOR: Mapping[str, Mapping[str, float]] = json.loads((ROOT / "docs" / "comparison.json").read_text("utf-8"))
# Fleiss 1993, 10.1177/096228029300200202: deaths and patients with aspirin, with placebo
ASPIRIN = """study,events_e,n_e,events_c,n_c
MRC-1 1974,49,615,67,624
CDP 1976,44,758,64,771
MRC-2 1979,102,832,126,850
GASP 1979,32,317,38,309
PARIS 1980,85,810,52,406
AMIS 1980,246,2267,219,2257
ISIS-2 1988,1570,8587,1720,8600
"""
COLUMNS_OF_BCG = "{study: [author, year], ai: tpos, bi: tneg, ci: cpos, di: cneg}"
NAMES = {
    "random.estimate": "random effects",
    "random.se": "its standard error",
    "random.ci_low": "95% CI, lower limit",
    "random.ci_high": "95% CI, upper limit",
    "common.estimate": "common effect",
    "common.se": "its standard error",
    "common.ci_low": "95% CI, lower limit",
    "common.ci_high": "95% CI, upper limit",
    "prediction.low": "95% prediction interval, lower limit",
    "prediction.high": "95% prediction interval, upper limit",
    "heterogeneity.tau2": "τ²",
    "heterogeneity.tau2_low": "95% CI of τ², lower limit",
    "heterogeneity.tau2_high": "95% CI of τ², upper limit",
    "heterogeneity.I2": "I² (%)",
    "heterogeneity.I2_q": "I² from Q (%)",
    "heterogeneity.Q": "Q",
    "common.Q": "Q",
    "moderators.QM": "test of the moderators",
    "moderators.QE": "residual Q",
    "moderators.R2": "R² (%)",
}


@dataclass(frozen=True, slots=True)
class Example:
    """One call of another program, and the configuration that asks for the same.

    `printed` are numbers as they are printed there, by their place in results/pool/; those of ratios where `is_ratio`.
    """

    program: str
    call: str
    language: str
    here: str
    printed: Mapping[str, str]
    data: str = "bcg"
    is_ratio: bool = False


def bcg() -> str:
    """Return the table of the page Start here."""
    page = (ROOT / "docs" / "start.md").read_text("utf-8")
    found = re.search(r"^```csv\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError("docs/start.md: the table of studies is missing")
    return found[1]


def of_metafor(call: str, here: str) -> Example:
    """Return an example whose numbers R has given."""
    return Example("metafor", call, "r", here, {place: f"{value:.4f}" for place, value in OF_METAFOR[call].items()})


def interval(part: str, *values: str) -> dict[str, str]:
    """Return an estimate and its limits by their places."""
    return dict(zip((f"{part}.{name}" for name in ("estimate", "ci_low", "ci_high")), values, strict=True))


METAFOR = "profile: metafor\nanalyses:\n  tuberculosis: {measure: RR"
EXAMPLES: Sequence[Example] = (
    of_metafor("rma(yi, vi, data = dat)", METAFOR + "}"),
    of_metafor('rma(yi, vi, data = dat, test = "knha")', METAFOR + ", model: {inference: HKSJ}}"),
    of_metafor('rma(yi, vi, data = dat, method = "PM")', METAFOR + ", model: {tau2: PM}}"),
    of_metafor(
        'rma.mh(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat, measure = "RR")',
        METAFOR + ", model: {common: MH}}",
    ),
    of_metafor("rma(yi, vi, mods = ~ latitude, data = dat)", METAFOR + ", moderators: latitude}"),
    Example(
        "meta",
        'metabin(d.asp, n.asp, d.plac, n.plac, data = Fleiss1993bin, sm = "OR")',
        "r",
        "profile: meta\nanalyses:\n  death: {measure: OR}",
        interval("common", "0.8969", "0.8405", "0.9570")
        | interval("random", "0.8683", "0.7559", "0.9973")
        | {"heterogeneity.tau2": "0.0147", "common.Q": "9.95"},
        "aspirin",
        is_ratio=True,
    ),
    Example(
        "RevMan",
        "Mantel-Haenszel, odds ratio, random effects (DerSimonian and Laird), as meta gives it for RevMan 5:\n"
        'metabin(d.asp, n.asp, d.plac, n.plac, data = Fleiss1993bin, sm = "OR", method.tau = "DL")',
        "text",
        "profile: revman5\nanalyses:\n  death: {measure: OR}",
        interval("common", "0.8969", "0.8405", "0.9570")
        | interval("random", "0.8763", "0.7743", "0.9917")
        | {"heterogeneity.tau2": "0.0096", "common.Q": "9.95", "heterogeneity.I2_q": "39.7"},
        "aspirin",
        is_ratio=True,
    ),
    Example(
        "Stata",
        "metan tpos tneg cpos cneg, fixedi rr",
        "stata",
        METAFOR + "}",
        interval("common", "0.6503", "0.6007", "0.7040") | {"heterogeneity.Q": "152.2330"},
        is_ratio=True,
    ),
    Example(
        "Stata",
        "metan tpos tneg cpos cneg, randomi rr",
        "stata",
        METAFOR + ", model: {tau2: DL}}",
        interval("random", "0.4896", "0.3449", "0.6950")
        | {"heterogeneity.tau2": "0.3088", "heterogeneity.I2": "92.1173"},
        is_ratio=True,
    ),
    Example(
        "JASP",
        "Meta-Analysis, Classical: Restricted ML, Knapp-Hartung; predictors latitude and allocation",
        "text",
        METAFOR + ", moderators: latitude + allocation, model: {inference: HKSJ}}",
        {
            "moderators.coefficients.0.estimate": "0.2932",
            "moderators.coefficients.0.se": "0.4188",
            "moderators.coefficients.1.estimate": "-0.0273",
            "moderators.coefficients.1.se": "0.0095",
            "moderators.coefficients.1.p": "0.0186",
            "moderators.coefficients.2.estimate": "-0.2675",
            "moderators.coefficients.3.estimate": "0.0585",
            "moderators.tau2": "0.1446",
            "moderators.QE": "26.20",
            "moderators.QM": "3.45",
        },
    ),
)
SOURCES = {
    "metafor": "R 4.2.2, metafor 3.8-1: `Rscript docs/comparison.R`, compared live by `make oracle`. `dat` is the table of "
    '[Start here](start.md) after `escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg)`; effects are logarithms.',
    "meta": "Printed by the documentation of meta 8.5-0 for the seven aspirin trials of Fleiss (1993), "
    "[`10.1177/096228029300200202`](https://doi.org/10.1177/096228029300200202).",
    "RevMan": "RevMan can't be run by a test. These are the numbers of the same trials that meta 8.5-0 prints and says to be computed as "
    "RevMan 5 computes them. Of a review that `coppice import` reads, every pooled result that RevMan stored is compared with that of the "
    "run, in the report.",
    "Stata": "The numbers of Stata's `metan` for these trials that the tests of metafor hold itself to "
    "(`test_misc_metan_vs_rma.uni_with_dat.bcg.r`).",
    "JASP": "The numbers of JASP's own example *Effectiveness of the BCG Vaccine Against Tuberculosis*, from the tests of its module "
    "(jaspMetaAnalysis, `test-example-Effectiveness of the BCG Vaccine Against Tuberculosis.R`), to four decimals.",
}
HEAD = """# Numbers side by side

The same data in another program and here. The last digit is that which is printed there; *same* means that ours, rounded to as many
digits, is the same number. What each program calls things is in [coming from another program](coming_from.md).

This page is written by `make docs`, which computes our column; a test compares the two.
"""


def pooled(example: Example) -> Mapping[str, Any]:
    """Return the result of an example's analysis, as results/pool/ would have it."""
    columns = f"\ncolumns: {COLUMNS_OF_BCG}" if example.data == "bcg" else ""
    config = f"review: {{title: An example}}\nstudies: studies.csv{columns}\n{example.here}\n"
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("studies.csv").write_text(bcg() if example.data == "bcg" else ASPIRIN, "utf-8")
        Path("config.yaml").write_text(config, "utf-8")
        review = plan.load([Path("config.yaml")], {})
        (name,) = review.review.analyses
        extracts = [
            extract_outcome(review.content("extract", study=study, outcome=outcome))
            for study, outcome in review.reads("pool", analysis=name)
        ]
        spec = review.content("pool", analysis=name)
        return pooling(spec).pool(spec, extracts)


def at(result: Mapping[str, Any], place: str) -> Any:
    """Return the value at a place, whose steps are keys and indices."""
    value: Any = result
    for step in place.split("."):
        value = value[int(step)] if step.isdigit() else value[step]
    return value


def lines(example: Example) -> Iterable[tuple[str, str, str]]:
    """Yield what each number is, as it is printed there, and ours to as many digits."""
    shown = pooled(example)
    for place, there in example.printed.items():
        is_effect = place.split(".")[-1] in ("estimate", "ci_low", "ci_high") and not place.startswith("moderators")
        value = at(shown["display"] if example.is_ratio and is_effect else shown, place)
        digits = len(there.partition(".")[2])
        yield name(place, shown), there, f"{value:.{digits}f}"


def name(place: str, result: Mapping[str, Any]) -> str:
    """Return what the number at a place is."""
    if place.startswith("moderators.coefficients"):
        head, _, last = place.rpartition(".")
        words = {"estimate": "", "se": ", standard error", "p": ", p"}[last]
        return f"coefficient of `{at(result, head)['name']}`{words}"
    return NAMES.get(place, "residual τ²" if place == "moderators.tau2" else place)


def table(example: Example) -> str:
    """Return the numbers of an example as a table."""
    rows = [
        f"| {what} | {there} | {ours} | {'same' if there == ours else 'differs'} |"
        for what, there, ours in lines(example)
    ]
    there = "RevMan 5, by meta" if example.program == "RevMan" else example.program
    return "\n".join([f"| number | {there} | Coppice | agreement |", "|---|---|---|---|", *rows])


def comparison_page() -> str:
    """Return the page."""
    parts = [HEAD]
    for program in dict.fromkeys(example.program for example in EXAMPLES):
        parts.append(f"## {program}\n\n{SOURCES[program]}\n")
        for example in EXAMPLES:
            if example.program == program:
                parts.append(
                    f"```{example.language}\n{example.call}\n```\n\n```yaml\n{example.here}\n```\n\n{table(example)}\n"
                )
    return "\n".join(parts)
