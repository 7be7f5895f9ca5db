"""Reading the review that a report is of: its specification and the results that it names, each once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import cast

from coppice.core.contracts.explore import ExploreResult
from coppice.core.errors import CoppiceError
from coppice.core.importance import importance_of
from coppice.core.kinds import PAIRWISE, kind_in
from coppice.core.measures import MEASURES
from coppice.core.number_style import DEFAULT, STYLES, Style
from coppice.core.results_layout import REVIEW_FOLDER
from coppice.core.roles import MAIN
from coppice.jobs import canonical_json
from coppice.report.other_view import OtherView
from coppice.report.report_data import AnalysisView, Record, ReviewView

UNEXPLORED = cast(ExploreResult, {})  # of an analysis that is not explored: it has none of the parts
SPEC, RESULTS = "COPPICE_REPORT_SPEC", "COPPICE_RESULTS"  # the environment variables that the notebook reads


def read_review(spec: Record, results: Path) -> ReviewView:
    """Read the results that a report's specification names; its paths are relative to the folder of the results.

    Raises
    ------
    FileNotFoundError
        If a result that the specification names does not exist.
    """
    studies = {study["study"]: study for study in spec.get("studies", [])}
    extracts = [canonical_json.read(results / path) for path in spec.get("extracts", [])]
    outcomes = dict.fromkeys(str(entry.get("outcome") or entry["analysis"]) for entry in spec["analyses"])
    by_study, by_outcome = ({key: place for place, key in enumerate(keys)} for keys in (studies, outcomes))
    last = len(extracts)
    extracts.sort(key=lambda item: (by_study.get(item["study"], last), by_outcome.get(item["outcome"], last)))
    return ReviewView(
        spec={**spec, "versions": known_versions(spec.get("versions") or {})},
        analyses=tuple(
            _analysis(entry, results, style_of(spec)) for entry in spec["analyses"] if kind_in(entry) == PAIRWISE
        ),
        studies=studies,
        extracts={(extract["study"], extract["outcome"]): extract for extract in extracts},
        figures={name: results / "draw" / REVIEW_FOLDER / f"{name}.svg" for name in spec.get("figures") or []},
        others=tuple(
            _other(entry, results, style_of(spec)) for entry in spec["analyses"] if kind_in(entry) != PAIRWISE
        ),
        texts=tuple(canonical_json.read(results / path) for path in (spec.get("read") or {}).get("files", [])),
    )


def known_versions(versions: Mapping[str, str | None]) -> dict[str, str]:
    """Return the versions of packages, those of this job where the review was planned without the package."""
    installed = {name: value for name, value in versions.items() if value is not None}
    for name in versions.keys() - installed.keys():
        with suppress(PackageNotFoundError):
            installed[name] = version(name)
    return installed


def style_of(spec: Record) -> Style:
    """Return the style of the numbers that a specification asks for."""
    return STYLES.get(str(spec.get("style")), DEFAULT)


def review_of_the_notebook() -> ReviewView:
    """Read the review that the notebook is run for; the environment names its specification and its results.

    Raises
    ------
    CoppiceError
        If the notebook was opened without them.
    """
    if SPEC not in os.environ:
        needed = f"{SPEC} to the report's specification and {RESULTS} to the folder of the results"
        raise CoppiceError(f"set {needed}, then run again")
    return read_review(canonical_json.read(os.environ[SPEC]), Path(os.environ.get(RESULTS, "results")))


def _analysis(entry: Record, results: Path, style: Style) -> AnalysisView:
    favours = entry.get("favours")
    arms = entry.get("arms") or {}
    explore = entry.get("explore")
    drawn = results / "draw" / entry["analysis"]
    return AnalysisView(
        name=entry["analysis"],
        title=entry.get("title") or entry["analysis"],
        outcome=entry.get("outcome") or entry["analysis"],
        measure=MEASURES[entry["measure"]],
        favours=(str(favours[0]), str(favours[1])) if favours else None,
        experimental=str(arms.get("experimental") or "experimental intervention"),
        control=str(arms.get("control") or "control"),
        note=entry.get("note"),
        pool=canonical_json.read(results / entry["pool"]),
        explore=canonical_json.read(results / explore) if explore else UNEXPLORED,
        figures={name: drawn / f"{name}.svg" for name in entry.get("figures") or []},
        baselines=tuple(entry.get("baselines") or ()),
        certainty=entry.get("certainty"),
        event=entry.get("event"),
        style=style,
        important=importance_of(entry.get("important"), MEASURES[entry["measure"]]),
        role=entry.get("role") or MAIN,
        stored=entry.get("stored"),
        accept=entry.get("accept") or {},
    )


def _other(entry: Record, results: Path, style: Style) -> OtherView:
    explore = entry.get("explore")
    drawn = results / "draw" / entry["analysis"]
    return OtherView(
        kind=kind_in(entry),
        name=entry["analysis"],
        title=entry.get("title") or entry["analysis"],
        outcome=entry.get("outcome") or entry["analysis"],
        measure=MEASURES[entry["measure"]],
        note=entry.get("note"),
        pool=canonical_json.read(results / entry["pool"]),
        explore=canonical_json.read(results / explore) if explore else {},
        figures={name: drawn / f"{name}.svg" for name in entry.get("figures") or []},
        certainty=entry.get("certainty"),
        event=entry.get("event"),
        style=style,
        role=entry.get("role") or MAIN,
        accept=entry.get("accept") or {},
    )
