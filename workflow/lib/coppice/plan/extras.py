"""The extras that the configuration asks for: which a unit depends on, and which are not installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coppice.core.errors import BadInput
from coppice.core.extras import is_installed, missing
from coppice.core.schema import Place
from coppice.plan import report
from coppice.plan.switches import switches
from coppice.report.formats import FORMATS
from coppice.review.analysis import Analysis
from coppice.review.config_file import read
from coppice.review.review import Review


def of_unit(
    review: Review, verb: str, *, analysis: str | None = None, format_: str = report.PAGE, **_: object
) -> tuple[str, ...]:
    """Return the extras that compute or write for one unit of a verb, whatever is installed besides."""
    if verb == "explore" and analysis:
        return ("clusters",) if has_clusters(review, review.analyses[analysis]) else ()
    if verb == "report":
        formats = {*report.formats(review), format_} - {report.PAGE}
        return tuple(sorted(extra for name in formats if (extra := FORMATS[name].extra)))
    return ()


def has_clusters(review: Review, item: Analysis) -> bool:
    """Return whether the clusters of an analysis's GOSH plot are computed."""
    gosh = switches(review, item).get("gosh") if item.is_pairwise else False
    return bool(gosh.get("clusters", True) if isinstance(gosh, Mapping) else gosh)


def asked(review: Review) -> Iterator[tuple[str, Place, str]]:
    """Yield each extra that the configuration asks for, with the key that does, and what it is for."""
    for index, name in enumerate(report.formats(review)):
        if extra := FORMATS[name].extra:
            yield extra, ("report", "formats", index), f"'{name}'"
    for name, item in review.analyses.items():
        if has_clusters(review, item):
            of_analysis = "gosh" in (item.settings.get("explore") or {})
            place: Place = ("analyses", name, "explore", "gosh") if of_analysis else ("explore", "gosh")
            yield "clusters", place, "with `clusters`, which `gosh: {clusters: false}` leaves out,"


def check(review: Review) -> None:
    """Refuse a configuration that asks for what is not installed; an environment of Snakemake alone runs no job.

    Raises
    ------
    BadInput
        With a line for each key.
    """
    if not is_installed("statsmodels"):
        return
    findings = [(place, f"{what} {lack}") for extra, place, what in asked(review) if (lack := missing(extra))]
    if findings:
        raise BadInput(read(review.files, {}).problems_of(findings))
