"""The methods in prose, generated from the settings that the results say were used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set

from coppice.core.measures import IDENTITY
from coppice.extract.registry import ROUTES
from coppice.pool.dependence.options import is_three_level
from coppice.pool.kernel.inference import INFERENCES
from coppice.pool.kernel.prediction import PREDICTIONS
from coppice.pool.kernel.tau2 import ESTIMATORS
from coppice.pool.profiles import settings_of
from coppice.report.page import words
from coppice.report.page.absolute import WITH_TREATMENT, baselines
from coppice.report.page.dependence import aggregated, three_level
from coppice.report.page.statement import Statement, Statements
from coppice.report.report_data import Analysis, Review

TAU2 = "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO}"
TAU2_INTERVALS = {
    "QP": Statement("the Q-profile method", ("qprofile",)),
    "PL": Statement("the profile of the restricted likelihood", ("ml",)),
    "PL-ML": Statement("the profile of the likelihood", ("ml",)),
    "J": Statement("the distribution of Q with the weights 1/SE", ("jackson2013",)),
    "BJ": Statement("the distribution of Cochran's Q", ("biggerstaff2008",)),
    "GENQ": Statement("the distribution of Q with the weights of the estimator", ("jackson2013",)),
    "SJ": Statement("the method of Sidik and Jonkman", (ESTIMATORS["SJ"].source,)),
}
WALD_SE = frozenset({"t_k-1", "HTS"})  # the prediction intervals that do not widen the standard error as HKSJ does
SYMBOLS_OF_ROUTES = "A route is given by the formula of the effect, yi, and then that of its variance, vi."
SYMBOLS_OF_ARMS = (
    "e is the experimental arm and "
    "c the control arm; of counts, a of n1 patients had the event in the experimental arm and c of n2 in the control arm, "
    "b and d had not; z is the quantile of the level of an interval"
)
SYMBOLS_OF_ONE_GROUP = {
    "proportion": "x of n patients had the event, a proportion p",
    "rate": "x events happened in the person-time t",
    "mean": "m and sd are the mean and the standard deviation of n patients",
    "correlation": "r is the correlation in n patients",
    "partial_correlation": "r is the partial correlation in n patients, and t its test",
}
COMMON = {"IV": "inverse variance", "MH": "the method of Mantel and Haenszel", "Peto": "Peto's method"}
PROFILES: dict[str, Statement] = {
    "cochrane2025": Statement("with two or fewer effects, or when \N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO} is estimated as 0, the interval is Wald's, and a prediction interval is given only with more than two effects", ("handbook10",)),
}  # fmt: skip


def methods(review: Review) -> Statements:
    """Return the methods of the analyses, statement by statement."""
    return [*effects(review), *models(review), *differences(review), *absolute(review), *language()]


def effects(review: Review) -> Statements:
    """Say how reported figures became effects, by the routes that were taken."""
    routes = sorted({effect["route"] for analysis in review.analyses for effect in analysis.effects})
    said = [
        *what_is_pooled(review),
        Statement(
            "Every reported figure that can be turned into an effect is kept as a candidate. The one that enters is the one marked in the record of the study, with its reason, or else the one whose route has the best rank."
        ),
    ]
    if routes:
        said.append(Statement(symbols_of_routes(routes)))
    codes = {analysis.measure.code for analysis in review.analyses}
    for name in routes:
        route = ROUTES.get(name)
        if route is not None:
            assumed = f" It assumes that {'; '.join(route.assumptions)}." if route.assumptions else ""
            said.append(
                Statement(
                    f"Route \N{LEFT SINGLE QUOTATION MARK}{words.route(name)}\N{RIGHT SINGLE QUOTATION MARK}: {formula(route.formula, codes)}.{assumed}",
                    (source_of(route.source),),
                )
            )
    if any(effect.get("risks") for analysis in review.analyses for effect in analysis.effects):
        said.append(Statement("The risk in each arm has an exact interval by Clopper and Pearson.", ("clopper",)))
    return said


def what_is_pooled(review: Review) -> Statements:
    """Say what the analyses are of: comparisons of two arms, what single groups show, or effects as recorded."""
    measures = list(dict.fromkeys(analysis.measure for analysis in review.analyses))
    compared = [words.plural(measure.name) for measure in measures if measure.compares_arms]
    on_log = " Ratios are pooled on the logarithmic scale and printed back-transformed."
    has_ratios = any(measure.compares_arms and measure.scale.is_ratio for measure in measures)
    said = []
    if compared:
        arms = "each of the experimental arm against the control arm"
        said.append(Statement(f"The effects are {words.listed(compared)}, {arms}.{on_log if has_ratios else ''}"))
    scales: dict[str, list[str]] = {}
    for measure in measures:
        if measure.is_of_one_group:
            scale = measure.scale.name
            on = (
                "as they are"
                if scale == IDENTITY.name
                else "as " + scale
                if "'s " in scale
                else f"on the {scale} scale"
            )
            scales.setdefault(words.plural(measure.printed_name), []).append(on)
    shown = [name + _pooled_on(list(dict.fromkeys(on))) for name, on in scales.items()]
    if shown:
        also = "Also pooled" if compared else "The quantities that are pooled"
        said.append(Statement(f"{also} are {words.listed(shown)}, each of a single group of patients."))
    if any(not measure.compares_arms and not measure.is_of_one_group for measure in measures):
        said.append(Statement("Effects of the measure GEN are pooled as the records give them."))
    return said


def _pooled_on(scales: list[str]) -> str:
    if scales == ["as they are"]:
        return ""
    return f" (pooled {words.listed(scales)}, and printed back-transformed)"


def symbols_of_routes(routes: Iterable[str]) -> str:
    """Say what the symbols in the formulas of the routes stand for, those only that the routes may have."""
    of = {ROUTES[name].statistic for name in routes if name in ROUTES}
    single = [text for statistic, text in SYMBOLS_OF_ONE_GROUP.items() if statistic in of]
    parts = ([SYMBOLS_OF_ARMS] if of - set(SYMBOLS_OF_ONE_GROUP) else []) + single
    return f"{SYMBOLS_OF_ROUTES} In it {'; '.join(parts)}."


def source_of(text: str) -> str:
    """Return the source of a route as works with their DOIs: the registry of routes sets each DOI off by a semicolon."""
    return re.sub(r"; (?=10\.\d{4,9}/)", ", doi:", text)


def formula(text: str, codes: Set[str]) -> str:
    """Keep of a route's formula what is about the measures that were used: each part names its measure before a colon."""
    parts = [part for part in text.split("; ") if ":" not in part or part.partition(":")[0] in codes]
    return "; ".join(parts) or text


def models(review: Review) -> Statements:
    """Say which models were fitted, once for each set of settings that was used."""
    said: Statements = []
    groups = grouped(review.analyses)
    for settings, analyses in groups.items():
        whose = f"{words.listed([analysis.title for analysis in analyses])}: " if len(groups) > 1 else ""
        of_model = three_level if is_three_level(dict(settings)) else model
        said += of_model(dict(settings), whose, words.level(analyses[0].pool))
    return said


def grouped(analyses: Iterable[Analysis]) -> dict[tuple[tuple[str, str], ...], list[Analysis]]:
    """Group the analyses by the settings they used."""
    groups: dict[tuple[tuple[str, str], ...], list[Analysis]] = {}
    for analysis in analyses:
        settings = analysis.pool.get("settings") or {}
        key = tuple(sorted((name, str(value)) for name, value in settings.items() if value is not None))
        groups.setdefault((*key, ("level", words.level(analysis.pool))), []).append(analysis)
    return groups


def model(settings: dict[str, str], whose: str, level: str) -> Statements:
    """Say one model: estimator, intervals, prediction, heterogeneity, profile, and whatever else was set."""
    about = about_mantel_haenszel(settings)
    said = [estimator(settings.pop("tau2", ""), f"{whose}effects" if whose else "Effects")]
    said += aggregated(settings)
    if (chosen := INFERENCES.get(settings.pop("inference", ""))) is not None:
        said.append(
            Statement(
                f"Confidence intervals ({level}) are by the method \N{LEFT SINGLE QUOTATION MARK}{chosen.name}\N{RIGHT SINGLE QUOTATION MARK}.",
                (chosen.source,),
            )
        )
    wald = (
        "; prediction intervals use the model's (Wald) standard error" if settings.get("prediction") in WALD_SE else ""
    )
    if (predicted := PREDICTIONS.get(settings.pop("prediction", ""))) is not None:
        said.append(
            Statement(
                f"Prediction intervals are by the method \N{LEFT SINGLE QUOTATION MARK}{predicted.name}\N{RIGHT SINGLE QUOTATION MARK}.",
                (predicted.source, "inthout2016"),
            )
        )
    profile = settings.pop("profile", "")
    if profile in PROFILES:
        said.append(
            Statement(
                f"The defaults are those of the profile {profile}: {PROFILES[profile].text}.", PROFILES[profile].cites
            )
        )
    elif profile:
        said.append(Statement(f"The defaults are those of the profile {profile}."))
    interval = TAU2_INTERVALS.get(settings.pop("tau2_interval", "QP"))
    if interval is not None:
        said.append(Statement(f"The interval of {TAU2} is by {interval.text}.", interval.cites))
    settings.pop("level", None)
    if settings.pop("subgroup_tau2", "") == "common":
        said.append(Statement(f"All subgroups share one {TAU2}."))
    if (common := settings.pop("common", "")) in COMMON:
        said.append(Statement(f"The common-effect estimate, for comparison, is by {COMMON[common]}."))
    elif common:
        settings["common effect"] = common
    said += about
    if settings:
        said.append(
            Statement(
                f"Further settings: {words.listed([f'{words.readable(name)} {value}' for name, value in settings.items()])}."
            )
        )
    return [
        *said,
        Statement(f"I\N{SUPERSCRIPT TWO} is computed from {TAU2}; Cochran's Q is given beside it.", ("i2", "cochran")),
        Statement(
            f"Intervals of single studies are computed from the effect and its variance, so that the last digit can differ from the printed one{wald}."
        ),
        Statement(
            f"Given {TAU2}, statsmodels fits the coefficients by weighted least squares; {TAU2}, its interval and the "
            "inference on the estimate are computed by Coppice, whose tests compare them with metafor.",
            ("statsmodels", "metafor"),
        ),
    ]


def about_mantel_haenszel(settings: Mapping[str, str]) -> Statements:
    """Say that heterogeneity is about the Mantel-Haenszel estimate, where the settings as shown have it so."""
    names = ("profile", "tau2", "common", "inference", "tau2_interval")
    shown = {name: settings[name] for name in names if name in settings}
    if shown.get("tau2") != "DL" or not settings_of(shown).is_about_mantel_haenszel:
        return []
    about = f"{TAU2}, Cochran's Q and I\N{SUPERSCRIPT TWO} are about it"
    return [Statement(f"Where the common effect is by Mantel and Haenszel, {about}.")]


def estimator(code: str, what: str) -> Statement:
    """Say how the between-study variance was had."""
    lead = f"{what} were pooled in a random-effects model with the between-study variance {TAU2}"
    found = ESTIMATORS.get(code)
    if found is None:
        return Statement(f"{lead} set to {code}.")
    name = found.name if code in found.name else f"{found.name} ({code})"
    return Statement(f"{lead} estimated by {name}.", (found.source,))


def differences(review: Review) -> Statements:
    """Say how subgroups were compared and how the influence of single studies was judged."""
    said: Statements = []
    if grouped := [analysis for analysis in review.analyses if analysis.pool.get("subgroups")]:
        shared = {(analysis.pool.get("settings") or {}).get("subgroup_tau2") == "common" for analysis in grouped}
        own = "share one between-study variance" if shared == {True} else "have a between-study variance of their own"
        some = ", or share one where that is said" if len(shared) > 1 else ""
        said.append(
            Statement(
                f"Subgroups {own}{some}; their subtotals are compared by a Wald-type test. A subgroup of one study has no subtotal.",
                ("handbook10",),
            )
        )
    if any(isinstance(analysis.explore.get("leave_one_out"), list) for analysis in review.analyses):
        said.append(
            Statement("Each analysis was repeated without each effect in turn, by the same rules as with all effects.")
        )
    if any(analysis.pool.get("permutation") for analysis in review.analyses):
        text = "Permutation tests estimate the between-study variance anew in each arrangement."
        said.append(Statement(text, ("higgins2004",)))
    if any("funnel" in analysis.figures for analysis in review.analyses):
        text = "Funnel plots are shown and tests of their asymmetry read only with at least 10 effects."
        said.append(Statement(text, ("sterne2011",)))
    return said


def absolute(review: Review) -> Statements:
    """Say how absolute effects were had, where there are any."""
    codes = {
        analysis.measure.code for analysis in review.analyses if analysis.pool.get("random") and baselines(analysis)
    }
    if not codes & set(WITH_TREATMENT):
        return []
    lead = "Absolute effects apply the pooled effect, with its interval, to risks without the treatment that are named beside them"
    if "HR" in codes:
        text = (
            f"{lead}; for hazard ratios the survival without the treatment is raised to the power of the hazard ratio."
        )
        return [Statement(text, ("grade12", "grade27"))]
    return [Statement(f"{lead}.", ("grade12",))]


def language() -> Statements:
    """Say how results are worded and how the report was made."""
    return [
        Statement(
            "Results are described by estimate, interval and prediction interval; no verdict of significance is given.",
            ("amrhein",),
        ),
        Statement(
            "All results were computed, drawn and written by a Snakemake workflow, without numbers copied by hand.",
            ("snakemake",),
        ),
        Statement(
            "The sections follow PRISMA 2020 as far as the review supplies what it asks for; what it does not supply is printed as not assessed or not stated.",
            ("prisma",),
        ),
    ]
