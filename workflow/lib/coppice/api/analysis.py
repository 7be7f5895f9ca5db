"""One analysis in memory: checked, extracted and pooled by the functions of the verbs, explored and drawn when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from coppice.api.errors import OPTIONS, InputError, as_input_error, refused_option
from coppice.api.picture import Picture
from coppice.api.text import aligned
from coppice.core.contracts.explore import ExploreResult
from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.pool import PoolResult
from coppice.core.errors import BadInput, Problem, allowed_values_hint
from coppice.core.kinds import kind_in
from coppice.core.measures import MEASURES
from coppice.draw.analysis import draw_analysis, style_of
from coppice.draw.registry import FIGURES
from coppice.explore.kinds import exploring
from coppice.extract.outcome import extract_outcome
from coppice.jobs.canonical_json import rounded
from coppice.plan import draw as drawing
from coppice.plan import explore as exploration
from coppice.plan import extract as extraction
from coppice.plan import pool as pooled_by
from coppice.plan.kinds import planning
from coppice.pool.kinds import pooling
from coppice.review import review
from coppice.review.config_file import merge
from coppice.review.keys.analysis import ANALYSIS
from coppice.review.keys.explore import EXPLORE
from coppice.review.keys.model import MODEL
from coppice.review.keys.table import OF_TABLES
from coppice.review.review import Review
from coppice.review.tables.files import IN_MEMORY
from coppice.review.tables.header import Lines

NAME = "effect"  # of the analysis and of its outcome
# the keys of a configuration that say how a table is read, and the profile
OF_REVIEW = {key.name for key in OF_TABLES} | {"accept", "profile", "treatments", "style"}
PLACE = f"analyses.{NAME}."  # of its settings, in messages


def settings_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a review of one analysis: from options by the names of their keys, whichever mapping has them."""
    given = {name: value for name, value in options.items() if value is not None}
    known = {*MODEL.names, *OF_REVIEW, *ANALYSIS.names}
    if problems := [
        Problem(OPTIONS, 0, name, f"no such option; {allowed_values_hint(name, known)}")
        for name in given
        if name not in known
    ]:
        raise InputError(problems)
    if given.get("measure") not in MEASURES:  # before the table is read by what the measure needs
        raise refused_option(
            "measure", f"{given.get('measure')!r} is not known; {allowed_values_hint(given.get('measure'), MEASURES)}"
        )
    model = {name: given.pop(name) for name in [*given] if name in MODEL.names}
    shared = {name: given.pop(name) for name in [*given] if name in OF_REVIEW}
    analysis = {**given, **({"model": model} if model else {})}
    return {"review": {"title": NAME}, **shared, "studies": IN_MEMORY, "analyses": {NAME: analysis}}


def read(lines: Lines, settings: Mapping[str, Any]) -> Review:
    """Return the checked review of one analysis in memory; InputError where it is wrong, by the names that the caller used."""
    try:
        return review.load([], settings, lines=lines)
    except BadInput as error:
        raise InputError([item if item.file == IN_MEMORY else of_options(item) for item in error.problems]) from None


def of_options(problem: Problem) -> Problem:
    """Return a problem of the configuration as one of the options of a call, under the name that they have there."""
    return replace(problem, file=OPTIONS, line=0, where=problem.where.removeprefix(PLACE).removeprefix("model."))


def extracted(content: Review, outcomes: Sequence[str], rows: Mapping[str, int]) -> list[ExtractContent]:
    """Return what `extract` makes of each study, in the order of the rows."""
    studies = sorted(content.studies, key=lambda study: rows[study.study])
    return [
        extract_outcome(extraction.spec(content, study.study, outcome))
        for study in studies
        for outcome in outcomes
        if outcome in study.outcomes
    ]


def check_explorations(options: Mapping[str, Any]) -> None:
    """Raise InputError if an exploration is unknown, or an option of one."""
    if problems := [
        Problem(OPTIONS, 0, ".".join(map(str, place)), text) for place, text in EXPLORE.findings(options, ())
    ]:
        raise InputError(problems)


class Analysis:
    """An analysis of any kind, with the content of its result files.

    Instances are made by :func:`coppice.analyse`; :func:`coppice.pool` gives a :class:`MetaAnalysis`, which has more.

    Attributes
    ----------
    kind : str
        ``pairwise``, ``network``, ``multivariate``, ``diagnostic`` or ``dose_response``.
    content : dict
        The content of its file in ``results/pool/``; the schemas in ``workflow/schemas`` describe each kind's keys.
    notes : tuple of str
        What was read otherwise than it stands in the data.
    """

    def __init__(self, content: Review) -> None:
        self._review = content
        self._item = content.analyses[NAME]
        # a study's number is that of its first row
        rows = {study.study: study.lines.get((), 0) for study in content.studies}
        spec = pooled_by.spec(content, NAME)
        if "studies" in spec:
            spec["studies"] = sorted(spec["studies"], key=lambda study: rows[study["study"]])
        with as_input_error():
            self._extracts = extracted(content, self._item.outcomes, rows)
            self.content: dict[str, Any] = pooling(spec).pool(spec, self._extracts)
        self.kind = kind_in(self.content)
        self.notes = content.notes

    @cached_property
    def explored(self) -> dict[str, Any]:
        """The content of its file in ``results/explore/``, with the explorations that are on by default."""
        return self.explore()

    def explore(self, **options: Any) -> dict[str, Any]:
        """Explore what the result depends on.

        Parameters
        ----------
        **options
            Explorations by name, each true, false or its options, as the key ``explore`` of the configuration has them.

        Returns
        -------
        dict
            The content of the analysis's file in ``results/explore/``: a part for each exploration, or
            ``{"skipped": reason}``.
        """
        check_explorations(options)
        return self._explored_with(options, self.content)

    def _explored_with(self, options: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
        spec = exploration.spec(self._review, NAME)
        spec["explore"] = merge(spec.get("explore") or {}, options)
        again = self._extracts if planning(self._item).reads_again(self._review, self._item) else ()
        with as_input_error():
            result: dict[str, Any] = exploring(content)(spec, content, again)
        return result

    def figure(self, name: str, path: str | Path | None = None, **options: Any) -> Picture:
        """Draw a figure, and write it where a path is named.

        Parameters
        ----------
        name : str
            A figure of this kind of analysis, such as ``"forest"``, ``"funnel"``, ``"baujat"`` or ``"league"``.
        path : str or Path, optional
            A file that ends in .svg, .pdf or .png.
        **options
            The figure's options, as the key ``figures`` of the configuration has them; `title`, the two sides of the null
            (`favours`), and `style`, a mapping of fonts, colours and sizes.

        Returns
        -------
        Picture
            The figure, which a notebook shows.
        """
        names = [figure.name for figure in FIGURES.values() if self.kind in figure.kinds]
        if name not in names:
            raise refused_option("figure", f"unknown figure '{name}': {allowed_values_hint(name, names)}")
        about = {"title": self._item.settings.get("title", "")}
        about |= {key: options.pop(key) for key in ("title", "favours", "style") if key in options}
        for key in about.keys() & ANALYSIS.names.keys() - {"title"}:
            for place, message in ANALYSIS.names[key].shape.findings(about[key], (key,)):
                raise refused_option(".".join(map(str, place)), message)
        spec = drawing.spec(self._review, NAME) | about | {"figures": {name: options}}
        explored = self._explored_for(name) if "explore" in FIGURES[name].reads else None
        try:
            style = style_of(spec)
            with style.applied():
                drawn = draw_analysis(spec, cast(PoolResult, self.content), explored, self._extracts)[name]
            picture = Picture(drawn, style)
            if path is not None:
                picture.save(path)
        except ValueError as error:
            raise refused_option(f"figure {name}", str(error)) from None
        return picture

    def _explored_for(self, figure: str) -> ExploreResult:
        return cast(ExploreResult, self.explore(gosh=True) if figure == "gosh" else self.explored)

    def to_dict(self) -> dict[str, Any]:
        """Return the content of the result file: its keys, and its numbers to 12 significant digits."""
        result: dict[str, Any] = rounded(self.content)
        return result

    def to_csv(self) -> str:
        """Return the table beside the result file: a row for each effect and each estimate."""
        return pooling(self.content).table(self.content)

    def to_frame(self) -> Any:
        """Return the table of :meth:`to_csv` as a data frame of pandas, which is imported here."""
        import io

        import pandas as pd

        return pd.read_csv(io.StringIO(self.to_csv()))

    def __str__(self) -> str:
        return aligned(self.to_csv())
