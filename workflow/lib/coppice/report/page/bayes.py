"""The Bayesian model of one analysis: what it says, how much of it is prior, and how the studies' effects shrink."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coppice.core.contracts.bayes import Bayes, BayesRow, PosteriorSummary, ProbabilityBeyond, StudyPosterior
from coppice.core.contracts.lines import Limits
from coppice.report.page import words
from coppice.report.page.html_elements import Html, join, paragraph
from coppice.report.page.references import Statement
from coppice.report.page.table import Column, analysis_table, number
from coppice.report.report_data import AnalysisView, ReviewView

TAU = "\N{GREEK SMALL LETTER TAU}"
LITTLE = 0.8  # overlap of prior and posterior of tau from which the data are said to add little to the prior
SOME = 0.1  # share of the precision of mu from which its prior is said to matter
NEVER, ALWAYS = 0.001, 0.999  # a probability beyond these is printed as such
QUANTITIES = {"important": "important", "large": "large", "beyond": "as requested"}


def section(analysis: AnalysisView) -> Html | None:
    """Build what the Bayesian model says, or why it is missing; None where it was not requested."""
    if "bayes" not in analysis.pool:
        return None
    bayes = analysis.pool["bayes"]
    if bayes is None:
        reason = analysis.pool["reasons"].get("bayes")
        return paragraph(f"There is no Bayesian model: {words.symbols(reason)}." if reason else None)
    return join(
        [
            part
            for part in (
                paragraph(*_effect(analysis, bayes)),
                paragraph(*_spread(analysis, bayes)),
                paragraph(*_how_much_is_prior(analysis, bayes)),
                paragraph(*_factors(analysis, bayes)),
                _thresholds(analysis, bayes),
                _studies(analysis, bayes),
                _without_each(analysis),
            )
            if part
        ]
    )


def priors(bayes: Bayes) -> str:
    """Name the priors: the half-normal(0.5) prior of tau and a flat prior of the mean effect."""
    mu = bayes["mu_prior"]
    of_mu = (
        "a flat prior" if mu is None else f"a normal prior (mean {mu['mean']:g}, SD {mu['sd']:g}, on the model's scale)"
    )
    return f"the prior {words.quoted(bayes['tau_prior']['name'])} of {TAU} and {of_mu} of the mean effect"


def _limits(part: PosteriorSummary) -> dict[str, Any]:
    return {"estimate": part["median"], "ci_low": part["shortest"]["low"], "ci_high": part["shortest"]["high"]}


def _effect(analysis: AnalysisView, bayes: Bayes) -> Iterator[str]:
    measure, level = analysis.measure.printed_name, words.level(bayes)
    mean, new = (words.texts(analysis, _limits(bayes[name])) for name in ("mu", "new"))
    yield (
        f"With {priors(bayes)}, the posterior median of the mean {measure} is {mean[0]} ({level} credible interval "
        f"{analysis.style.between(*mean[1:])}), and that of the {measure} in a new study {new[0]} "
        f"({analysis.style.between(*new[1:])})."
    )
    above, above_new = bayes["above_null"], bayes["new_above_null"]
    if above is not None and above_new is not None:
        side = "above" if above >= 0.5 else "below"
        chances = [_probability(analysis, value if side == "above" else 1 - value) for value in (above, above_new)]
        null = analysis.style.number(analysis.measure.back(analysis.measure.null or 0.0), 0)
        yield (
            f"The probability that the mean {measure} lies {side} {null} is {chances[0]}; for the {measure} in a new study "
            f"it is {chances[1]}."
        )
    if bayes["k"] == 1:
        yield "There is one study: the mean effect differs from its effect by as much as the prior expects studies to differ."


def _probability(analysis: AnalysisView, value: float) -> str:
    if NEVER < value < ALWAYS:
        return analysis.style.percent(100 * value, 1)
    return f"{'above' if value >= ALWAYS else 'below'} {analysis.style.percent(100 * (ALWAYS if value >= ALWAYS else NEVER), 1)}"


def _spread(analysis: AnalysisView, bayes: Bayes) -> Iterator[str]:
    tau, prior, level = bayes["tau"], bayes["tau_prior"], words.level(bayes)
    yield (
        f"The posterior median of the between-study standard deviation {TAU} is {_tau(analysis, tau['median'])} ({level} credible "
        f"interval {_interval(analysis, tau['shortest'])})."
    )
    if prior["proper"]:
        yield (
            f"Its prior has the median {_tau(analysis, prior['median'])} and the central {level} interval "
            f"{_interval(analysis, prior['interval'])}."
        )


def _tau(analysis: AnalysisView, value: float | None) -> str:
    return "0" if value == 0 else analysis.style.number(value, 2)


def _interval(analysis: AnalysisView, limits: Limits | None) -> str:
    parts = limits or {"low": None, "high": None}
    return analysis.style.between(_tau(analysis, parts["low"]), _tau(analysis, parts["high"]))


def _how_much_is_prior(analysis: AnalysisView, bayes: Bayes) -> Iterator[str]:
    """Say how much of the result the priors decide."""
    overlap, style = bayes["tau_overlap"], analysis.style
    if overlap is None:
        yield f"The prior of {TAU} is improper: it is no distribution, so that it can't be compared with the posterior."
    else:
        says = f"the studies add little to what the prior says about {TAU}" if overlap >= LITTLE else ""
        little = "" if not says else f": {says}, and with it about the width of the intervals"
        yield f"Prior and posterior of {TAU} overlap by {style.percent(100 * overlap, 0)}{little}."
    if bayes["mu_prior"] is not None:
        share = bayes["prior_weight"]
        much = ", so that it matters for the estimate" if share >= SOME else ""
        yield f"The prior of the mean effect has {style.percent(100 * share, 1)} of the precision of the mean effect{much}."


def _factors(analysis: AnalysisView, bayes: Bayes) -> Iterator[str]:
    factors = bayes["bayes_factors"]
    texts = [
        f"of {name} against its prior {analysis.style.number(value, 2)}"
        for name, value in ((f"{TAU} = 0", factors["tau_zero"]), ("no effect", factors["mu_null"]))
        if value is not None
    ]
    if texts:
        yield f"Bayes factors: {words.listed(texts)}; above 1 they speak for the simpler hypothesis, and they depend on the priors."


def _thresholds(analysis: AnalysisView, bayes: Bayes) -> Html | None:
    printing = (analysis.decimals, analysis.landmarks)
    columns: list[Column[ProbabilityBeyond] | None] = [
        Column("Effect", lambda row: f"{row['side']} {analysis.style.number(row['threshold'], *printing)}"),
        Column("Threshold", lambda row: QUANTITIES[row["of"]]),
        number("Mean effect", lambda row: _probability(analysis, row["mu"])),
        number("Effect in a new study", lambda row: _probability(analysis, row["new"])),
    ]
    shows = ": posterior probabilities of an effect beyond a threshold."
    return analysis_table(analysis, "bayes-thresholds", shows, bayes["beyond"], columns)


def _studies(analysis: AnalysisView, bayes: Bayes) -> Html | None:
    pairs = list(zip(analysis.effects, bayes["studies"], strict=True))

    def posterior(pair: tuple[Mapping[str, Any], StudyPosterior]) -> str:
        part, size = _limits(pair[1]), pair[0].get("size")
        values = [analysis.back(part[name], size) for name in ("estimate", "ci_low", "ci_high")]
        middle, low, high = analysis.style.together(values, analysis.decimals, analysis.landmarks)
        return f"{middle} ({analysis.style.between(low, high)})"

    columns: list[Column[tuple[Any, StudyPosterior]] | None] = [
        Column("Study", lambda pair: pair[1]["label"]),
        number(
            words.estimate_heading(analysis),
            lambda pair: words.estimate(analysis, {**pair[0], "estimate": pair[0]["yi"]}),
        ),
        number("Given all studies", posterior),
        number("Shrinkage", lambda pair: analysis.style.percent(100 * pair[1]["shrinkage"], 0)),
        number("Weight", lambda pair: analysis.style.percent(100 * pair[1]["weight"])),
    ]
    shows = (
        ": the effect in each study as reported and given all studies (posterior median, shortest credible interval). Shrinkage is "
        "the weight of the mean effect in it, Weight the study's share in the precision of the mean effect; both are posterior means."
    )
    return analysis_table(analysis, "bayes-studies", shows, pairs, columns)


def _without_each(analysis: AnalysisView) -> Html | None:
    """Build the table of the model without each study; None where it was not explored."""
    rows = analysis.explore.get("bayes_leave_one_out")
    if rows is None:
        return None
    if not isinstance(rows, list):
        return paragraph(f"Leave-one-out of the Bayesian model: {words.symbols(rows['skipped'])}.")
    columns: list[Column[BayesRow] | None] = [
        Column("Study omitted", lambda row: row["label"]),
        number("Mean effect", lambda row: words.estimate(analysis, row)),
        number(f"Median of {TAU}", lambda row: _tau(analysis, row["tau"])),
    ]
    shows = ": the Bayesian model without each study (posterior medians, central credible intervals)."
    return analysis_table(analysis, "bayes-leave-one-out", shows, rows, columns)


def statements(review: ReviewView) -> Iterator[Statement]:
    """Say how the Bayesian models were fitted, once for each choice of priors."""
    groups: dict[tuple[str, str], list[AnalysisView]] = {}
    for analysis in review.analyses:
        if bayes := analysis.pool.get("bayes"):
            groups.setdefault((priors(bayes), bayes["tau_prior"]["source"]), []).append(analysis)
    for (names, source), analyses in groups.items():
        whose = f" of {words.listed([item.title for item in analyses])}" if len(groups) > 1 else ""
        yield Statement(
            f"Beside the model above, a Bayesian normal-normal model{whose} was fitted with {names}, by numerical integration over "
            f"{TAU} without simulation; estimates are posterior medians with shortest credible intervals.",
            ("roever2020", source),
        )
