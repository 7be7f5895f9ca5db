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
from coppice.report.report_data import AnalysisView, ReviewView

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
SYMBOLS_OF_ROUTES = "Each route is given as the formula of the effect, yi, followed by that of its variance, vi."
SYMBOLS_OF_ARMS = (
    "e denotes the experimental arm and "
    "c the control arm; for counts, a of n1 patients had the event in the experimental arm and c of n2 in the control arm, "
    "while b and d did not; z is the normal quantile for the confidence level"
)
SYMBOLS_OF_ONE_GROUP = {
    "proportion": "x of n patients had the event, a proportion p",
    "rate": "x events occurred in the person-time t",
    "mean": "m and sd are the mean and the standard deviation of n patients",
    "correlation": "r is the correlation in n patients",
    "partial_correlation": "r is the partial correlation in n patients, and t its test statistic",
}
COMMON = {"IV": "inverse variance", "MH": "the method of Mantel and Haenszel", "Peto": "Peto's method"}
PROFILES: dict[str, Statement] = {
    "cochrane2025": Statement("with two or fewer effects or when \N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO} is estimated as 0, confidence intervals use Wald's method; a prediction interval is reported only with more than two effects", ("handbook10",)),
}  # fmt: skip


def methods(review: ReviewView) -> Statements:
    """Return the methods of the analyses, statement by statement."""
    return [*effects(review), *models(review), *differences(review), *absolute(review), *language()]


def effects(review: ReviewView) -> Statements:
    """Say how reported figures became effects, by the routes that were taken."""
    routes = sorted({effect["route"] for analysis in review.analyses for effect in analysis.effects})
    statements = [
        *what_is_pooled(review),
        Statement(
            "Every reported result that can be converted to the effect measure is kept as a candidate. The analysis uses the candidate selected, with a reason, in the study record, or otherwise the one whose route ranks highest."
        ),
    ]
    if routes:
        statements.append(Statement(symbols_of_routes(routes)))
    codes = {analysis.measure.code for analysis in review.analyses}
    for name in routes:
        route = ROUTES.get(name)
        if route is not None:
            assumed = f" This assumes that {'; '.join(route.assumptions)}." if route.assumptions else ""
            statements.append(
                Statement(
                    f"Route \N{LEFT SINGLE QUOTATION MARK}{words.route(name)}\N{RIGHT SINGLE QUOTATION MARK}: {formula(route.formula, codes)}.{assumed}",
                    (source_of(route.source),),
                )
            )
    if any(effect.get("risks") for analysis in review.analyses for effect in analysis.effects):
        statements.append(
            Statement("Risks in single arms have exact (Clopper-Pearson) confidence intervals.", ("clopper",))
        )
    return statements


def what_is_pooled(review: ReviewView) -> Statements:
    """Say what the analyses are of: comparisons of two arms, what single groups show, or effects as recorded."""
    measures = list(dict.fromkeys(analysis.measure for analysis in review.analyses))
    compared = [words.plural(measure.name) for measure in measures if measure.compares_arms]
    on_log = " Ratios were pooled on the logarithmic scale and back-transformed for reporting."
    has_ratios = any(measure.compares_arms and measure.scale.is_ratio for measure in measures)
    statements = []
    if compared:
        arms = "comparing the experimental arm with the control arm"
        statements.append(
            Statement(f"The effect measures are {words.listed(compared)}, {arms}.{on_log if has_ratios else ''}")
        )
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
    quantities = [name + _pooled_on(list(dict.fromkeys(on))) for name, on in scales.items()]
    if quantities:
        also = "Also pooled" if compared else "The pooled quantities"
        statements.append(Statement(f"{also} are {words.listed(quantities)}, each of a single group of patients."))
    if any(not measure.compares_arms and not measure.is_of_one_group for measure in measures):
        statements.append(Statement("Generic effects (GEN) were pooled as recorded."))
    return statements


def _pooled_on(scales: list[str]) -> str:
    if scales == ["as they are"]:
        return ""
    return f" (pooled {words.listed(scales)} and back-transformed for reporting)"


def symbols_of_routes(routes: Iterable[str]) -> str:
    """Say what the symbols in the formulas of the routes stand for, those only that the routes may have."""
    of = {ROUTES[name].statistic for name in routes if name in ROUTES}
    single = [text for statistic, text in SYMBOLS_OF_ONE_GROUP.items() if statistic in of]
    parts = ([SYMBOLS_OF_ARMS] if of - set(SYMBOLS_OF_ONE_GROUP) else []) + single
    return f"{SYMBOLS_OF_ROUTES} In these formulas, {'; '.join(parts)}."


def source_of(text: str) -> str:
    """Return the source of a route as works with their DOIs: the registry of routes sets each DOI off by a semicolon."""
    return re.sub(r"; (?=10\.\d{4,9}/)", ", doi:", text)


def formula(text: str, codes: Set[str]) -> str:
    """Keep of a route's formula what is about the measures that were used: each part names its measure before a colon."""
    parts = [part for part in text.split("; ") if ":" not in part or part.partition(":")[0] in codes]
    return "; ".join(parts) or text


def models(review: ReviewView) -> Statements:
    """Say which models were fitted, once for each set of settings that was used."""
    statements: Statements = []
    groups = grouped(review.analyses)
    for settings, analyses in groups.items():
        whose = f"{words.listed([analysis.title for analysis in analyses])}: " if len(groups) > 1 else ""
        of_model = three_level if is_three_level(dict(settings)) else model
        statements += of_model(dict(settings), whose, words.level(analyses[0].pool))
    return statements


def grouped(analyses: Iterable[AnalysisView]) -> dict[tuple[tuple[str, str], ...], list[AnalysisView]]:
    """Group the analyses by the settings they used."""
    groups: dict[tuple[tuple[str, str], ...], list[AnalysisView]] = {}
    for analysis in analyses:
        settings = analysis.pool["settings"]
        key = tuple(sorted((name, str(value)) for name, value in settings.items() if value is not None))
        groups.setdefault((*key, ("level", words.level(analysis.pool))), []).append(analysis)
    return groups


def model(settings: dict[str, str], whose: str, level: str) -> Statements:
    """Say one model: estimator, intervals, prediction, heterogeneity, profile, and whatever else was set."""
    about = about_mantel_haenszel(settings)
    statements = [estimator(settings.pop("tau2", ""), f"{whose}effects" if whose else "Effects")]
    statements += aggregated(settings)
    if (chosen := INFERENCES.get(settings.pop("inference", ""))) is not None:
        statements.append(
            Statement(
                f"Confidence intervals ({level}) use the method \N{LEFT SINGLE QUOTATION MARK}{chosen.name}\N{RIGHT SINGLE QUOTATION MARK}.",
                (chosen.source,),
            )
        )
    wald = (
        "; prediction intervals use the model's (Wald) standard error" if settings.get("prediction") in WALD_SE else ""
    )
    if (predicted := PREDICTIONS.get(settings.pop("prediction", ""))) is not None:
        statements.append(
            Statement(
                f"Prediction intervals use the method \N{LEFT SINGLE QUOTATION MARK}{predicted.name}\N{RIGHT SINGLE QUOTATION MARK}.",
                (predicted.source, "inthout2016"),
            )
        )
    if profile := settings.pop("profile", ""):
        described = PROFILES.get(profile)
        text = f"Default settings follow the profile {profile}{f': {described.text}' if described else ''}."
        statements.append(Statement(text, described.cites if described else ()))
    interval = TAU2_INTERVALS.get(settings.pop("tau2_interval", "QP"))
    if interval is not None:
        statements.append(Statement(f"The confidence interval of {TAU2} uses {interval.text}.", interval.cites))
    settings.pop("level", None)
    if settings.pop("subgroup_tau2", "") == "common":
        statements.append(Statement(f"{TAU2} was assumed to be common to all subgroups."))
    if (common := settings.pop("common", "")) in COMMON:
        statements.append(Statement(f"For comparison, the common-effect estimate was obtained by {COMMON[common]}."))
    elif common:
        settings["common effect"] = common
    statements += about
    if settings:
        statements.append(
            Statement(
                f"Further settings: {words.listed([f'{words.readable(name)} {value}' for name, value in settings.items()])}."
            )
        )
    return [
        *statements,
        Statement(
            f"I\N{SUPERSCRIPT TWO} was computed from {TAU2} and is reported with Cochran's Q.", ("i2", "cochran")
        ),
        Statement(
            f"Confidence intervals of single studies were computed from the effect and its variance, so the last digit may differ from the published one{wald}."
        ),
        Statement(
            f"Coefficients were fitted by weighted least squares in statsmodels, given {TAU2}; {TAU2}, its confidence interval "
            "and the inference on the estimate were computed by Coppice, which is tested against metafor.",
            ("statsmodels", "metafor"),
        ),
    ]


def about_mantel_haenszel(settings: Mapping[str, str]) -> Statements:
    """Say that heterogeneity is about the Mantel-Haenszel estimate, where the settings as shown have it so."""
    names = ("profile", "tau2", "common", "inference", "tau2_interval")
    options = {name: settings[name] for name in names if name in settings}
    if options.get("tau2") != "DL" or not settings_of(options).is_about_mantel_haenszel:
        return []
    about = f"{TAU2}, Cochran's Q and I\N{SUPERSCRIPT TWO} are computed around it"
    return [Statement(f"Where the common effect was estimated by the Mantel-Haenszel method, {about}.")]


def estimator(code: str, what: str) -> Statement:
    """Say how the between-study variance was had."""
    lead = f"{what} were pooled in a random-effects model with the between-study variance {TAU2}"
    tau2_estimator = ESTIMATORS.get(code)
    if tau2_estimator is None:
        return Statement(f"{lead} set to {code}.")
    name = tau2_estimator.name if code in tau2_estimator.name else f"{tau2_estimator.name} ({code})"
    return Statement(f"{lead} estimated by {name}.", (tau2_estimator.source,))


def differences(review: ReviewView) -> Statements:
    """Say how subgroups were compared and how the influence of single studies was judged."""
    statements: Statements = []
    if grouped := [analysis for analysis in review.analyses if analysis.pool["subgroups"]]:
        shared = {analysis.pool["settings"].get("subgroup_tau2") == "common" for analysis in grouped}
        own = "share one between-study variance" if shared == {True} else "have separate between-study variances"
        some = ", or share one where stated" if len(shared) > 1 else ""
        statements.append(
            Statement(
                f"Subgroups {own}{some}; subtotals were compared with a Wald-type test. A subgroup with a single study has no subtotal.",
                ("handbook10",),
            )
        )
    if any(isinstance(analysis.explore.get("leave_one_out"), list) for analysis in review.analyses):
        statements.append(
            Statement(
                "In leave-one-out analyses, each effect was omitted in turn and the rest pooled by the same rules as the main analysis."
            )
        )
    if any(analysis.pool.get("permutation") for analysis in review.analyses):
        text = "Permutation tests re-estimated the between-study variance in each permutation."
        statements.append(Statement(text, ("higgins2004",)))
    if any("funnel" in analysis.figures for analysis in review.analyses):
        text = "Funnel plots and tests for asymmetry are reported only for analyses of at least 10 effects."
        statements.append(Statement(text, ("sterne2011",)))
    return statements


def absolute(review: ReviewView) -> Statements:
    """Say how absolute effects were had, where there are any."""
    codes = {analysis.measure.code for analysis in review.analyses if analysis.pool["random"] and baselines(analysis)}
    if not codes & set(WITH_TREATMENT):
        return []
    lead = "Absolute effects were obtained by applying the pooled effect and its confidence interval to the stated baseline risks"
    if "HR" in codes:
        text = f"{lead}; for hazard ratios, baseline survival was raised to the power of the hazard ratio."
        return [Statement(text, ("grade12", "grade27"))]
    return [Statement(f"{lead}.", ("grade12",))]


def language() -> Statements:
    """Say how results are worded and how the report was made."""
    return [
        Statement(
            "Results are described by the estimate, its confidence interval and the prediction interval; they are not classified as statistically significant or not.",
            ("amrhein",),
        ),
        Statement(
            "All results, figures and text were generated by a Snakemake workflow; no numbers were copied by hand.",
            ("snakemake",),
        ),
        Statement(
            "The report follows PRISMA 2020; items that have not been supplied are marked as not assessed or not stated.",
            ("prisma",),
        ),
    ]
