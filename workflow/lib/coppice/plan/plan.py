"""The plan of a review: its units of work, and the spec of each: exactly the keys that its command reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from coppice.core.printed_number import texts
from coppice.draw.registry import asked_for
from coppice.extract.routes.zero_cells import profile_options
from coppice.jobs.batch import THRESHOLD, batches
from coppice.jobs.canonical_json import canonical
from coppice.plan import crate, draw, fingerprint, report
from coppice.plan.explore import multiverse_of, multiverse_spec, switches, variants
from coppice.pool.profiles import DEFAULT_PROFILE
from coppice.review import review
from coppice.review.analysis import Analysis
from coppice.review.arm_names import arms_of, favours_of
from coppice.review.checks.models import model_of, regressed_on
from coppice.review.keys.regression import FURTHER
from coppice.review.review import Review

RISK_OF_BIAS = "risk_of_bias"  # the column of a forest plot that shows it


DATA_OF_ANALYSIS = ("analysis", "title", "outcome", "measure", "pool", "explore")  # what tables and scripts hold of one

TIME_TO_EVENT = ("HR", "RMSTD")
OF_COUNTS = (
    "zero_cells",
    "zero_value",
    "zero_to",
    "zero_in",
    "double_zeros",
)  # what has no meaning for times to an event


@dataclass(frozen=True)  # no slots: what is worked out once is kept
class Plan:
    """The units of work of a review, and their specs.

    Attributes
    ----------
    review : Review
        The checked review.
    """

    review: Review

    def extracts(self) -> list[tuple[str, str]]:
        """Return the units of extract, (study, outcome), in canonical order."""
        return list(self._extracts)

    @cached_property
    def _extracts(self) -> list[tuple[str, str]]:
        return sorted(unit for unit in self._wanting if unit[1] in self.review.study(unit[0]).outcomes)

    @cached_property
    def _wanting(self) -> dict[tuple[str, str], list[Analysis]]:
        """The analyses that concern each outcome of each study."""
        # excluded studies too: the report shows what was reported, and why it did not enter
        found: dict[tuple[str, str], list[Analysis]] = {}
        for analysis in self.review.analyses.values():
            for study in analysis.concerned:
                found.setdefault((study, analysis.outcome), []).append(analysis)
        return found

    def extracts_of(self, analysis: str) -> list[tuple[str, str]]:
        """Return the units of extract that an analysis pools, in the order of its effects."""
        item = self.review.analyses[analysis]
        return [(study.study, item.outcome) for study in item.members]

    def figures(self) -> list[str]:
        """Return the names of the figures of each analysis, in the order of the report."""
        by_itself = {"history": True} if self.review.searches else {}
        return asked_for(by_itself | (self.review.settings.get("figures") or {}))

    def columns_of(self, analysis: str) -> dict[str, Any]:
        """Return what the columns of the figures name of each study besides its results: characteristics and risk of bias."""
        wanted = sorted(
            {str(name) for options in self.figure_options().values() for name in options.get("columns") or ()}
        )
        members = self.review.analyses[analysis].members
        names = [name for name in wanted if name in self._characteristics]
        return {
            "characteristics": {study.study: {name: study.value(name) for name in names} for study in members}
            if names
            else {},
            "risk_of_bias": {study.study: study.risk_of_bias for study in members} if RISK_OF_BIAS in wanted else {},
        }

    @cached_property
    def _characteristics(self) -> set[str]:
        return {"design", "population"}.union(*(study.characteristics for study in self.review.studies))

    def figure_options(self) -> dict[str, dict[str, Any]]:
        """Return the options of each figure that is drawn."""
        options = self.review.settings.get("figures") or {}
        return {name: options[name] if isinstance(options.get(name), Mapping) else {} for name in self.figures()}

    def wanted(self, analysis: Analysis) -> tuple[str, dict[str, Any]]:
        """Return the effect that an analysis asks of its extracts: the name it has there, measure and options."""
        options = profile_options(self.review.settings.get("profile", DEFAULT_PROFILE), analysis.measure)
        options |= (self.review.settings.get("extract") or {}) | (analysis.settings.get("extract") or {})
        if analysis.measure in TIME_TO_EVENT:  # an edit of what it does not read changes nothing
            options = {name: value for name, value in options.items() if name not in OF_COUNTS}
        several = {"several": True} if analysis.settings.get("dependence") else {}
        said = ", ".join([*(f"{name} {value}" for name, value in sorted(options.items())), *several])
        return f"{analysis.measure} ({said})" if said else analysis.measure, {
            "measure": analysis.measure,
            "options": options,
        } | several

    def extract_spec(self, study: str, outcome: str) -> dict[str, Any]:
        """Return what `extract` reads of one outcome of one study."""
        record = self.review.study(study)
        content = record.outcomes[outcome]
        analyses = self._wanting.get((study, outcome), [])
        return {
            "study": study,
            "outcome": outcome,
            "population": content.get("population", record.population),
            "route": content.get("route"),
            "note": content.get("note"),
            "reported": content["reported"],
            "printed": [[list(path), text] for path, text in texts(content["reported"])],
            "accept": record.accept | (content.get("accept") or {}),
            "measures": dict(self.wanted(variant) for item in analyses for _, variant in variants(self.review, item)),
        }

    def pool_spec(self, analysis: str) -> dict[str, Any]:
        """Return what `pool` reads of one analysis."""
        item = self.review.analyses[analysis]
        subgroups = item.settings.get("subgroups")
        model = model_of(self.review.settings, item.settings)
        names = sorted({*([subgroups] if subgroups else []), *regressed_on(item.settings, model)})
        return {
            "analysis": analysis,
            "outcome": item.outcome,
            "measure": item.measure,
            "effect": self.wanted(item)[0],
            "model": model,
            "subgroups": subgroups,
            "moderators": item.settings.get("moderators"),
            **{key.name: item.settings[key.name] for key in FURTHER if item.settings.get(key.name)},
            "dependence": item.settings.get("dependence"),
            "overall": item.settings.get("overall", True),
            "route": item.settings.get("route"),
            "studies": [
                {
                    "study": study.study,
                    "label": study.label,
                    "year": study.year,
                    "values": {name: study.value(name) for name in names},
                }
                for study in item.members
            ],
            "excluded": list(item.excluded),
        }

    def explore_spec(self, analysis: str) -> dict[str, Any]:
        """Return what `explore` reads of one analysis besides its pooled result."""
        item = self.review.analyses[analysis]
        content = {"analysis": analysis, "explore": switches(self.review, item)}
        if multiverse_of(self.review, item) is None:
            return content
        effects = [
            {"measure": variant.measure, "extract": name, "effect": self.wanted(variant)[0]}
            for name, variant in variants(self.review, item)
        ]
        return content | {"multiverse": multiverse_spec(self.review, item, self.pool_spec(analysis), effects)}

    def explored_extracts(self, analysis: str) -> list[tuple[str, str]]:
        """Return the units of extract that `explore` reads of an analysis: those of its multiverse, if it has one."""
        has_multiverse = multiverse_of(self.review, self.review.analyses[analysis]) is not None
        return self.extracts_of(analysis) if has_multiverse else []

    def review_figures(self) -> list[str]:
        """Return the names of the figures of the review as a whole, in the order of the registry."""
        return list(draw.options_of(self.review))

    def drawn_extracts(self, analysis: str | None = None) -> list[tuple[str, str]]:
        """Return the units of extract that the figures of an analysis read, or those of the review as a whole."""
        if analysis is None:
            return draw.extracts_of(self.review, self.extracts())
        return draw.with_curves(self.review, self.extracts_of(analysis), self.figures())

    def drawn_analyses(self) -> list[str]:
        """Return the analyses that the figures of the review as a whole read."""
        return draw.analyses_of(self.review)

    def draw_spec(self, analysis: str | None = None) -> dict[str, Any]:
        """Return what `draw` reads of one analysis besides its results, or of the review as a whole."""
        if analysis is None:
            return draw.review_spec(self.review, self.extracts()) | self._fonts
        item, extracts = self.review.analyses[analysis], self.drawn_extracts(analysis)
        return {
            "analysis": analysis,
            "title": item.title,
            "measure": item.measure,
            "arms": arms_of(self.review, item),
            "favours": favours_of(self.review, item),
            "figures": self.figure_options(),
            **({"important": important} if (important := item.settings.get("important")) else {}),
            **self.columns_of(analysis),
            **(draw.of_extracts(self.review, extracts) if extracts else {}),
            "style": self.review.settings.get("style") or {},
            **self._fonts,
        }

    @cached_property
    def _fonts(self) -> dict[str, Any]:
        found = draw.fonts_of(self.review)
        return {"fonts": found} if found else {}

    def check_spec(self) -> dict[str, Any]:
        """Return what `check` prints: the findings of the whole review, and what can be pooled."""
        from coppice.plan.pooled import from_extracts, lines

        return {"findings": self.findings, "pooled": lines(self, from_extracts(self, self._checked[0]))}

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings of the whole review."""
        return self._checked[1]

    @cached_property
    def _checked(self) -> tuple[dict[tuple[str, str], dict[str, Any]], list[dict[str, Any]]]:
        from coppice.plan.check import extracted, of_review

        extracts = extracted(self)
        return extracts, of_review(self, extracts)

    def forms(self) -> dict[str, list[str]]:
        """Return the files of each form of the report that is asked for, besides the page, within the report's folder."""
        from coppice.report.formats import FORMS

        return {name: FORMS[name].files for name in (self.review.settings.get("report") or {}).get("formats") or []}

    def report_spec(
        self, notebook: str | None = None, form: str | None = None, snakefile: str | None = None
    ) -> dict[str, Any]:
        """Return what `report` reads besides the results.

        Parameters
        ----------
        notebook : str, optional
            The hash of the page's source; none for the other forms.
        form : str, optional
            "data" for those forms that hold results alone, and nothing of what is said beside them; "manuscript" for
            those that say what the page says.
        snakefile : str, optional
            The workflow, for the research object, which holds it and all inputs.
        """
        if form == "data":
            analyses = [{key: entry[key] for key in DATA_OF_ANALYSIS} for entry in self._said["analyses"]]
            return {"analyses": analyses, "studies": self._said["studies"], "extracts": self._said["extracts"]}
        if form == "manuscript":
            return {key: value for key, value in self._said.items() if key != "forms"} | self._fonts
        packed = crate.crate_spec(self.review, Path(snakefile)) if snakefile else {}
        return {**self._said, "notebook": notebook, **packed}

    @cached_property
    def _said(self) -> dict[str, Any]:
        """What the page and the provenance both read, worked out once."""
        return report.said(self)

    def unit(self, verb: str, **unit: str) -> dict[str, Any]:
        """Return what the command of a verb reads of one unit, with the versions of what computes it."""
        content = getattr(self, f"{verb}_spec")(**unit)
        return {**content, "verb": verb, "code": fingerprint.code(verb), "versions": fingerprint.versions(verb)}

    def spec(self, verb: str, **unit: str) -> str:
        """Return the spec of one unit of a verb: canonical JSON of exactly what its command reads."""
        return canonical(self.unit(verb, **unit))

    def units(self, verb: str) -> dict[str, dict[str, str]]:
        """Return the units of a verb by name, each as the arguments that its spec takes."""
        names = map("/".join, self.extracts()) if verb == "extract" else self.review.analyses
        return {name: arguments_of(verb, name) for name in names}

    def batches(self, verb: str) -> dict[str, Sequence[str]]:
        """Return the names of a verb's units by batch; none where there are few enough for a job each."""
        units = self.units(verb)
        return batches(units) if len(units) > THRESHOLD else {}

    def batch_spec(self, verb: str, units: Sequence[str]) -> str:
        """Return the spec of a batch: those of its units, by name."""
        return canonical({"units": {name: self.unit(verb, **arguments_of(verb, name)) for name in units}})


def arguments_of(verb: str, unit: str) -> dict[str, str]:
    """Return what the spec of a unit takes, from the unit's name."""
    return dict(zip(("study", "outcome"), unit.split("/"), strict=True)) if verb == "extract" else {"analysis": unit}


def load(files: Sequence[Path], overrides: Mapping[str, Any]) -> Plan:
    """Return the plan of a review; see `review.load`."""
    return Plan(review.load(files, overrides))
