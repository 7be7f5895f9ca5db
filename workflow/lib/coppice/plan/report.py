"""What `report` reads of a review in addition to its results."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from coppice.core import results_layout
from coppice.core.kinds import KINDS as KINDS_OF_ANALYSES
from coppice.core.kinds import PAIRWISE, named
from coppice.core.study import Study
from coppice.jobs import spec_file
from coppice.jobs.canonical_json import digest
from coppice.plan import check, draw, extract, fingerprint, read
from coppice.plan.crate import crate_spec
from coppice.pool.profiles import DEFAULT_PROFILE
from coppice.report.formats import files_of
from coppice.review.analysis import role_of
from coppice.review.arm_names import arms_of, favours_of
from coppice.review.evidence import figures_of_texts
from coppice.review.review import Review

PAGE = "page"  # what is always made, beside the formats that the configuration asks for
# the formats that hold results alone, and those that hold the words of the page too
KINDS = {"csv": "data", "xlsx": "data", "R": "data", "pdf": "manuscript", "docx": "manuscript"}
DATA_OF_ANALYSIS = ("analysis", "title", "outcome", "measure", "pool", "explore")  # what tables and scripts hold of one
# what the worksheet of GRADE, which is one of the tables, holds in addition
TABLES, JUDGED_OF_ANALYSIS = ("csv", "xlsx"), ("arms", "favours", "event", "baselines", "certainty", "important")


def formats(review: Review) -> dict[str, list[str]]:
    """Return the files of each format of the report that is asked for, besides the page, within the report's folder."""
    return {name: format_files(review, name) for name in (review.settings.get("report") or {}).get("formats") or []}


def format_files(review: Review, name: str) -> list[str]:
    """Return the files of one format, whether or not it is asked for."""
    there = {item.kind for item in review.analyses.values()}
    others = [kind for kind in KINDS_OF_ANALYSES if kind != PAIRWISE and kind in there]
    return files_of(name, others, with_quotes=bool(figures_of_texts(review.studies)))


def spec(
    review: Review, notebook: str | None = None, format_: str = PAGE, snakefile: str | None = None
) -> dict[str, Any]:
    """Return what `report` reads besides the results.

    `notebook` is the hash of the page's source, for the page alone; a format that holds results alone reads none of the
    words beside them (`KINDS`); the research object holds the workflow, `snakefile`.
    """
    content, kind = page_spec(review) | ({} if format_ == PAGE else {"format": format_}), KINDS.get(format_)
    if kind == "data":
        is_table = format_ in TABLES
        keys = (*DATA_OF_ANALYSIS, *(JUDGED_OF_ANALYSIS if is_table else ()))
        analyses = [{key: entry[key] for key in (*keys, "kind") if key in entry} for entry in content["analyses"]]
        question = {"review": {"question": content["review"].get("question")}} if is_table else {}
        quoted = {"quotes_sources": True} if is_table and figures_of_texts(review.studies) else {}
        return {"analyses": analyses, **question, **quoted} | {
            key: content[key] for key in ("studies", "extracts", "format")
        }
    if kind == "manuscript":
        fonts = draw.fonts_of(review)
        page = {key: value for key, value in content.items() if key != "formats"}
        return page | ({"fonts": fonts} if fonts else {})
    packed = crate_spec(review, Path(snakefile)) if snakefile else {}
    return {**content, "notebook": notebook, **packed}


@lru_cache(maxsize=4)
def page_spec(review: Review) -> dict[str, Any]:
    """Return what the page and the provenance both read."""
    return {
        "review": review.settings["review"],
        "profile": review.settings.get("profile", DEFAULT_PROFILE),
        "analyses": [
            {
                "analysis": name,
                "title": item.title,
                "outcome": item.outcome,
                "measure": item.measure,
                "arms": arms_of(review, item),
                "favours": favours_of(review, item),
                "note": item.settings.get("note"),
                "subgroups": item.subgroups,
                "overall": item.settings.get("overall", True),
                "event": item.settings.get("event"),
                "baselines": item.settings.get("baselines") or [],
                "certainty": item.settings.get("certainty"),
                "important": item.settings.get("important"),
                "role": role_of(item, review.analyses.values()),
                "figures": list(draw.figures(review, item)),
                "pool": results_layout.file("pool", name),
                "explore": results_layout.file("explore", name),
                **({"stored": item.stored} if item.stored else {}),
                **({"accept": item.settings["accept"]} if item.settings.get("accept") else {}),
                **named(item.kind),
            }
            for name, item in review.analyses.items()
        ],
        "figures": list(draw.review_figures(review)),
        "figure_formats": draw.formats(review),
        "studies": [study_table_row(study) for study in review.studies],
        "extracts": [results_layout.file("extract", "/".join(unit)) for unit in extract.units(review)],
        "sources": dict(review.sources),
        "findings": findings(review),
        **evidence(review),
        **read_texts(review),
        **({"history": [search.for_report for search in review.searches]} if review.searches else {}),
        "style": (review.settings.get("report") or {}).get("style"),
        "formats": formats(review),
        "inputs": inputs(review),
    }


def findings(review: Review) -> list[dict[str, Any]]:
    """Return what the checks find in the review; the same review is checked once, not at every start of Snakemake."""
    texts = {name: [text.recorded, text.sha256, text.problem] for name, text in review.texts.items()}
    of_files = {"inputs": inputs(review), "sources": dict(review.sources), "notes": review.notes, "texts": texts}
    key = digest({**of_files, "code": fingerprint.code("plan")})
    kept: list[dict[str, Any]] = spec_file.remembered("findings", key, lambda: check.of_review(review))
    return kept


def evidence(review: Review) -> dict[str, Any]:
    """Return how many figures quote their source, and how many of these quote each text that is not here; nothing without any."""
    of_texts = figures_of_texts(review.studies)
    if not of_texts:
        return {}
    figures = sum(len(content["reported"]) for study in review.studies for content in study.outcomes.values())
    elsewhere = {name: of_texts[name] for name, text in review.texts.items() if text.is_elsewhere}
    return {"evidence": {"figures": figures, "quoted": of_texts.total(), "elsewhere": elsewhere}}


def read_texts(review: Review) -> dict[str, Any]:
    """Return the results of `read`, and the files among the texts that it can't read; nothing without any."""
    files = [results_layout.file("read", unit) for unit in read.units(review)]
    unread = read.unread(review)
    return {"read": {"files": files, "unread": unread}} if files or unread else {}


def inputs(review: Review) -> dict[str, str]:
    """Return a hash of what each part of the input says, comments and layout aside."""
    files: dict[str, list[dict[str, Any]]] = {}
    for study in review.studies:
        files.setdefault(study.file, []).append(record_content(study))
    # a record holds one study, a table all of them
    records = {file: digest(contents[0] if len(contents) == 1 else contents) for file, contents in files.items()}
    searches = {"history": digest([search.for_report for search in review.searches])} if review.searches else {}
    texts = {name: sha256 for name, text in review.texts.items() if (sha256 := text.sha256 or text.recorded)}
    return {"configuration": digest(review.settings)} | searches | records | texts


def record_content(study: Study) -> dict[str, Any]:
    """Return everything that a record says."""
    return {
        name: getattr(study, name)
        for name in (
            "study",
            "label",
            "year",
            "design",
            "population",
            "characteristics",
            "arms",
            "reports",
            "outcomes",
            "risk_of_bias",
            "note",
            "accept",
        )
    }


def study_table_row(study: Study) -> dict[str, Any]:
    """Return what the report says of a study besides its figures."""
    content = record_content(study)
    content["outcomes"] = {
        name: {key: outcome.get(key) for key in ("definition", "note")} for name, outcome in study.outcomes.items()
    }
    return content
