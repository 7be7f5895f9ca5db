"""What `extract` reads of one outcome of one study."""

from __future__ import annotations

from coppice.core.contracts.extract import ExtractSpec
from coppice.core.printed_number import texts
from coppice.plan.kinds import planning
from coppice.review.review import Review

Unit = tuple[str, str]  # a study and an outcome


def units(review: Review) -> list[Unit]:
    """Return the units of extract, (study, outcome), in canonical order.

    Studies that an analysis excludes are among them: the report shows what they reported, and why it did not enter.
    """
    return sorted(unit for unit in review.concerning if unit[1] in review.study(unit[0]).outcomes)


def spec(review: Review, study: str, outcome: str) -> ExtractSpec:
    """Return what `extract` reads of one outcome of one study."""
    record = review.study(study)
    content = record.outcomes[outcome]
    analyses = review.concerning.get((study, outcome), [])
    return {
        "study": study,
        "outcome": outcome,
        "population": content.get("population", record.population),
        "route": content.get("route"),
        "note": content.get("note"),
        "reported": content["reported"],
        "printed": [[list(path), text] for path, text in texts(content["reported"])],
        "accept": record.accept | (content.get("accept") or {}),
        "measures": {
            name: wanted
            for item in analyses
            for name, wanted in planning(item).requests(review, item, record, content["reported"])
        },
    }
