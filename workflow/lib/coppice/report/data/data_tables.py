"""The report's tables as data: plain values by name, for every format that is not a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from coppice.core.contracts.bayes import PosteriorSummary
from coppice.core.contracts.extract import Candidate, UnusedFigure
from coppice.core.printing import LINE
from coppice.report.data.frame import Frame, Value, frame
from coppice.report.data.kinds import EXPORTING
from coppice.report.data.network import network_component_effects
from coppice.report.page import grade_facts
from coppice.report.page.reported import printed
from coppice.report.report_data import AnalysisView, ReviewView, arm_of, figures_of


def frames(review: ReviewView) -> list[Frame]:
    """Return every table of a review.

    Ratios are printed as ratios; `yi` and `vi` are on the model's scale. Figures that were not given are empty.
    """
    kinds = [item.kind for item in review.others]
    made = [make(review) for make in frames_of(kinds, with_quotes=quotes_sources(review.spec)).values()]
    return made + [table for make in ON_REQUEST if (table := make(review)).rows]


def quotes_sources(spec: Mapping[str, Any]) -> bool:
    """Return whether records of a review quote their sources."""
    return bool(spec.get("quotes_sources"))


def _shown(analysis: AnalysisView, part: Mapping[str, Any] | None, keys: Iterable[str] = LINE) -> tuple[Value, ...]:
    return tuple(analysis.printed(part, keys))


def _parts(part: Mapping[str, Any] | None, keys: str) -> tuple[Value, ...]:
    return tuple((part or {}).get(key) for key in keys.split())


def analyses(review: ReviewView) -> Frame:
    """Return one row per analysis."""
    columns = (
        "analysis title measure effects estimate ci_low ci_high p inference common_estimate common_ci_low common_ci_high "
        "prediction_low prediction_high tau2 tau2_low tau2_high I2 I2_low I2_high Q df Q_p"
    )
    rows = (
        (
            item.name,
            item.title,
            item.measure.code,
            len(item.effects),
            *_shown(item, item.pool["random"]),
            *_parts(item.pool["random"], "p inference"),
            *_shown(item, item.pool["common"]),
            *_shown(item, item.pool["prediction"], ("low", "high")),
            *_parts(item.pool["heterogeneity"], "tau2 tau2_low tau2_high I2 I2_low I2_high Q df p"),
        )
        for item in review.analyses
    )
    return frame("analyses", columns, rows)


def effects(review: ReviewView) -> Frame:
    """Return one row per pooled effect, with the reported result and its source."""
    columns = (
        "analysis study label population subgroup reported measure estimate ci_low ci_high yi vi weight_random weight_common "
        "route report at read_in quality why"
    )
    rows = (
        (
            item.name,
            *_parts(effect, "study label population subgroup"),
            printed(effect["statistic"], effect["reported"]),
            item.measure.code,
            *_shown(item, {**effect, "estimate": effect["yi"]}),
            *_parts(effect, "yi vi weight_random weight_common route"),
            review.citation(effect["study"], effect["report"]),
            *_parts(effect.get("source"), "at read_in quality"),
            effect["why"],
        )
        for item in review.analyses
        for effect in item.effects
    )
    return frame("effects", columns, rows)


def subgroups(review: ReviewView) -> Frame:
    """Return one row per subgroup."""
    rows = (
        (
            item.name,
            part["by"],
            str(level["level"]),
            level["k"],
            *_shown(item, level["random"]),
            *_parts(level["heterogeneity"], "tau2 I2"),
        )
        for item in review.analyses
        if (part := item.pool["subgroups"])
        for level in part["levels"]
    )
    return frame("subgroups", "analysis by level effects estimate ci_low ci_high tau2 I2", rows)


def leave_one_out(review: ReviewView) -> Frame:
    """Return one row per effect that was left out."""
    rows = (
        (item.name, *_parts(row, "study label"), *_shown(item, row), *_parts(row, "p tau2 I2 inference"))
        for item in review.analyses
        for row in item.explored("leave_one_out")
    )
    return frame("leave_one_out", "analysis without label estimate ci_low ci_high p tau2 I2 inference", rows)


def excluded(review: ReviewView) -> Frame:
    """Return one row per study that an analysis could not pool."""
    rows = (
        (item.name, *_parts(row, "study label reason")) for item in review.everything for row in item.pool["excluded"]
    )
    return frame("excluded", "analysis study label reason", rows)


def studies(review: ReviewView) -> Frame:
    """Return one row per study, one column per characteristic."""
    everyone = review.studies.values()
    keys = list(dict.fromkeys(key for study in everyone for key in study.get("characteristics") or {}))
    rows = (
        (
            *_parts(study, "study label year design"),
            *(arm_of(study, arm).get("n") for arm in ("experimental", "control")),
            *(_plain((study.get("characteristics") or {}).get(key)) for key in keys),
        )
        for study in everyone
    )
    return Frame("studies", ("study", "label", "year", "design", "n_experimental", "n_control", *keys), tuple(rows))


def _plain(value: object) -> Value:
    """Keep a number as it is; anything else that is stated becomes text."""
    return value if value is None or (isinstance(value, int | float) and not isinstance(value, bool)) else str(value)


def grade_worksheet(review: ReviewView) -> Frame:
    """Return one row per analysis and domain of GRADE: the facts, an empty judgement, and what the authors judged."""
    rows = (
        (item.name, item.title, domain, " ".join(facts), None, judged or None)
        for item in review.analyses
        if item.effects
        for domain, facts, judged in grade_facts.rows(review, item)
    )
    return frame("grade_worksheet", "analysis title domain facts judgement judged_by_authors", rows)


def quotes(review: ReviewView) -> Frame:
    """Return one row per recorded result of an analysed outcome that quotes its source."""
    rows = (
        (
            *(extract["study"], review.label(extract["study"]), extract["outcome"]),
            *(figure["population"], figure["statistic"], printed(figure["statistic"], figure["reported"])),
            *(review.citation(extract["study"], figure["report"]), source.get("at"), source["text"], source["quote"]),
        )
        for extract in review.extracts.values()
        for figure in once(figures_of(extract))
        if (source := figure.get("source") or {}).get("quote")
    )
    return frame("quotes", "study label outcome population statistic reported report at text quote", rows)


def once(figures: Iterable[Candidate | UnusedFigure]) -> Iterable[Candidate | UnusedFigure]:
    """Return figures without those that several measures share."""
    return {
        repr((item["statistic"], item["population"], item["reported"], item.get("source"))): item for item in figures
    }.values()


def bayes(review: ReviewView) -> Frame:
    """Return one row per quantity of each Bayesian model: mean effect, new study, each study, and the between-study SD."""
    rows: list[tuple[Value, ...]] = []
    for item in review.analyses:
        if not (model := item.pool.get("bayes")):
            continue
        quantities: list[tuple[str, PosteriorSummary, float | None]] = [
            ("mean effect", model["mu"], None),
            ("effect in a new study", model["new"], None),
        ]
        quantities += [
            (f"effect in {study['label']}", study, effect.get("size"))
            for study, effect in zip(model["studies"], item.effects, strict=True)
        ]
        for name, part, size in quantities:
            values = (item.back(value, size) for value in _ends(part))
            rows.append((item.name, model["tau_prior"]["name"], name, *values))
        rows.append((item.name, model["tau_prior"]["name"], "tau", *_ends(model["tau"])))
    columns = "analysis tau_prior quantity median shortest_low shortest_high central_low central_high"
    return frame("bayes", columns, rows)


def _ends(part: PosteriorSummary) -> tuple[float | None, ...]:
    return (part["median"], *(part[of][end] for of in ("shortest", "central") for end in ("low", "high")))


ON_REQUEST = (bayes, network_component_effects)  # sheets of the workbook where an analysis requests what they hold
FRAMES: dict[str, Callable[[ReviewView], Frame]] = {
    make.__name__: make for make in (analyses, effects, subgroups, leave_one_out, excluded, studies, grade_worksheet)
}


def frames_of(kinds: Iterable[str], *, with_quotes: bool) -> dict[str, Callable[[ReviewView], Frame]]:
    """Return the tables of a review that has analyses of these kinds in addition to pairwise ones, and perhaps quotes."""
    of_kinds = {make.__name__: make for kind in dict.fromkeys(kinds) for make in EXPORTING[kind].frames}
    return FRAMES | of_kinds | ({quotes.__name__: quotes} if with_quotes else {})
