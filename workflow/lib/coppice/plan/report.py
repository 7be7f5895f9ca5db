"""What the report is told of a review besides its results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coppice.core.study import Study
from coppice.jobs.canonical_json import digest
from coppice.pool.profiles import DEFAULT_PROFILE
from coppice.review.analysis import role_of
from coppice.review.arm_names import arms_of, favours_of
from coppice.review.review import Review

if TYPE_CHECKING:
    from coppice.plan.plan import Plan


def said(plan: Plan) -> dict[str, Any]:
    """Return what the page and the provenance both read."""
    review = plan.review
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
                "subgroups": item.settings.get("subgroups"),
                "overall": item.settings.get("overall", True),
                "event": item.settings.get("event"),
                "baselines": item.settings.get("baselines") or [],
                "certainty": item.settings.get("certainty"),
                "important": item.settings.get("important"),
                "role": role_of(item, review.analyses.values()),
                "figures": plan.figures(),
                "pool": f"pool/{name}.json",
                "explore": f"explore/{name}.json",
            }
            for name, item in review.analyses.items()
        ],
        "figures": plan.review_figures(),
        "studies": [study_table_row(study) for study in review.studies],
        "extracts": [f"extract/{study}/{outcome}.json" for study, outcome in plan.extracts()],
        "sources": dict(review.sources),
        "findings": plan.findings,
        **({"history": [search.said for search in review.searches]} if review.searches else {}),
        "style": (review.settings.get("report") or {}).get("style"),
        "forms": plan.forms(),
        "inputs": inputs(review),
    }


def inputs(review: Review) -> dict[str, str]:
    """Return a hash of what each part of the input says, comments and layout aside."""
    files: dict[str, list[dict[str, Any]]] = {}
    for study in review.studies:
        files.setdefault(study.file, []).append(record_content(study))
    # a record holds one study, a table all of them
    records = {file: digest(said[0] if len(said) == 1 else said) for file, said in files.items()}
    searches = {"history": digest([search.said for search in review.searches])} if review.searches else {}
    return {"configuration": digest(review.settings)} | searches | records


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
