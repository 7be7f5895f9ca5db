"""What was pooled, a line for each analysis: how many of its studies, and why not the others.

Printed at the end of a run and by `check`, in the words of the result files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from coppice.core import results_layout
from coppice.core.contracts.extract import ExtractContent
from coppice.core.stored_result import compare
from coppice.extract.checks.check import Pooling
from coppice.extract.checks.flow import flow_of
from coppice.extract.checks.run import STORED_RESULT, check_analysis, check_flow
from coppice.extract.reasons import NOTHING
from coppice.jobs import canonical_json
from coppice.plan.kinds import planning
from coppice.plan.pool import reads
from coppice.pool.models.glmm.options import is_glmm
from coppice.review.analysis import Analysis
from coppice.review.review import Review

MOST_NAMED = 5  # studies that a line names for one reason
MOST_LINES = 20  # analyses of which each has a line although all its studies are pooled
CALLED_LIKE_FIGURES = frozenset({
    "proportion", "prop", "percent", "percentage", "pct", "rate", "risk", "incidence", "prevalence", "mean",
    "median", "sd", "se", "hr", "or", "rr", "rd", "md", "smd", "irr", "es", "effect", "estimate", "events", "cases",
    "deaths", "successes", "n", "total", "p", "pvalue", "p_value", "variance",
})  # fmt: skip
NAME_CHARACTERISTICS = (
    "include",
    "subgroups",
    "moderators",
    "scale_moderators",
    "regression",
    "model",
    "explore",
    "multiverse",
)

Reasons = Mapping[str, str]


def names(labels: Sequence[str]) -> str:
    """Name studies; of many the first, and how many more there are."""
    if len(labels) > MOST_NAMED:
        return f"{', '.join(labels[:MOST_NAMED])} and {len(labels) - MOST_NAMED} more"
    return " and ".join(filter(None, [", ".join(labels[:-1]), labels[-1]]))


def line(analysis: Analysis, reasons: Reasons) -> str:
    """Return what is printed of one analysis, given why studies are not pooled; excluded ones are not counted."""
    members, missing = len(analysis.members), [study for study in analysis.members if study.study in reasons]
    groups: dict[str, list[str]] = {}
    for study in missing:
        groups.setdefault(reasons[study.study].rstrip("."), []).append(study.label)
    why = [f"{names(labels)}: {reason}" for reason, labels in groups.items()]
    studies = "study" if members == 1 else "studies"
    if len(missing) == members:
        return f"WARNING: {analysis.name}: NOTHING POOLED, {'; '.join([f'0 of {members} {studies}', *why])}"
    number = f"{members - len(missing)} of {members}" if missing else f"all {members}" if members > 1 else "the only"
    return f"{analysis.name}: {'; not '.join([f'{number} {studies} pooled', *why])}"


def lines(review: Review, reasons: Mapping[str, Reasons]) -> list[str]:
    """Return the lines of the analyses in `reasons`; of very many, those of which something is not pooled."""
    analyses = [item for name, item in review.analyses.items() if name in reasons]
    whole = [item for item in analyses if item.members and not reasons[item.name]]
    spoken = [item for item in analyses if item not in whole] if len(analyses) > MOST_LINES else analyses
    rest = [f"{len(analyses) - len(spoken)} other analyses: all studies pooled"] if len(spoken) < len(analyses) else []
    return [*(line(item, reasons[item.name]) for item in spoken), *rest, *doubtful_columns(review)]


def at_the_end(review: Review, results: Path) -> list[str]:
    """Return what the end of a run says: what was pooled, and what must not have been pooled as it is."""
    findings = check_flow(flow_of(about := review.settings["review"], review.studies), about.get("accept") or {})
    for analysis in review.analyses.values():
        members = [analysis.member(study) for study in analysis.reporting]
        findings += check_analysis(Pooling(analysis.name, analysis.measure, members, analysis.title))
    sentences = dict.fromkeys(item["sentence"] for item in findings if item["accepted"] is None)
    notes = [f"note: {note}" for note in review.notes[:MOST_LINES]]
    if len(review.notes) > MOST_LINES:
        notes.append(
            f"note: {len(review.notes) - MOST_LINES} more of this kind, which `python -m coppice check` prints"
        )
    return [
        *lines(review, from_results(review, results)),
        *stored_results(review, results),
        *(f"WARNING: {sentence}" for sentence in sentences),
        *notes,
    ]


def stored_results(review: Review, results: Path) -> list[str]:
    """Say of the results that another program stored whether this run gives the same: of many, those that differ."""
    compared = {
        name: compare(analysis.stored, canonical_json.read(file))
        for name, analysis in review.analyses.items()
        if analysis.stored and (file := results / results_layout.file("pool", name)).is_file()
    }
    same = [name for name, item in compared.items() if item.agrees]
    listed = (
        compared if len(compared) <= MOST_LINES else {name: compared[name] for name in compared if name not in same}
    )
    lines_ = [
        f"{'' if item.agrees else f'WARNING: {STORED_RESULT.name}: '}{name}: {item.sentence}"
        for name, item in listed.items()
    ]
    return [
        *lines_,
        *([f"{len(same)} other stored results: this run gives the same"] if len(listed) < len(compared) else []),
    ]


def from_extracts(review: Review, extracts: Mapping[tuple[str, str], Mapping[str, Any]]) -> dict[str, Reasons]:
    """Return why studies will not be pooled, by analysis, from what was extracted of them."""
    by_analysis: dict[str, Reasons] = {}
    for name, analysis in review.analyses.items():
        reasons: dict[str, list[str]] = {study.study: [] for study in analysis.members}
        entered = set()
        for study_id, outcome in reads(review, name):
            content = cast(ExtractContent, extracts[study_id, outcome])
            chosen, reason = planning(analysis).entering(review, analysis, review.study(study_id), content)
            if chosen:
                entered.add(study_id)
            reasons[study_id].append(reason)
        by_analysis[name] = {
            study: "; ".join(dict.fromkeys(why)) for study, why in reasons.items() if study not in entered
        }
    return by_analysis


def from_results(review: Review, results: Path) -> dict[str, Reasons]:
    """Return why studies were not pooled, by analysis, from the results that there are."""
    by_analysis: dict[str, Reasons] = {}
    for name, analysis in review.analyses.items():
        file = results / results_layout.file("pool", name)
        if file.is_file():
            pool = canonical_json.read(file)
            members = {study.study for study in analysis.members}
            pooled = {effect["study"] for effect in pool.get("effects") or ()}
            if is_glmm(pool.get("settings") or {}):  # counts alone are enough
                pooled |= {item["study"] for item in pool.get("excluded") or () if "reported" in item}
            by_analysis[name] = {
                item["study"]: str(item["reason"] or NOTHING)
                for item in pool.get("excluded") or ()
                if item["study"] in members - pooled
            }
    return by_analysis


def words_in(value: object) -> Iterator[str]:
    """Yield the words of a part of the configuration, keys included."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from (*words_in(str(key)), *words_in(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from words_in(item)
    else:
        yield from re.findall(r"\w+", str(value))


def used_names(review: Review) -> set[str]:
    """Return the words among which an analysis or a figure may name a characteristic."""
    settings = review.settings
    of_analyses = [item.settings.get(key) for item in review.analyses.values() for key in NAME_CHARACTERISTICS]
    return set(words_in([*of_analyses, *map(settings.get, ("model", "explore", "multiverse", "figures"))]))


def doubtful_columns(review: Review) -> list[str]:
    """Say which columns of a table are taken for characteristics although they are called like figures."""
    used = used_names(review)
    files: dict[str, dict[str, None]] = {}
    for study in review.studies:
        for name in study.characteristics:
            if name.casefold() in CALLED_LIKE_FIGURES and not used.intersection(words_in(name)):
                files.setdefault(study.file, {})[name] = None
    return [
        f"{file}: {', '.join(columns)}: taken for {'a characteristic' if len(columns) == 1 else 'characteristics'} of the studies, "
        "which no analysis uses, and not for figures; `columns:` maps a column to a figure"
        for file, columns in files.items()
    ]
