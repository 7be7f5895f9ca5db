"""The plan of a review: its units of work, and the spec of each: exactly the keys that its command reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coppice import fingerprint, review, strict_yaml
from coppice.batch import THRESHOLD, batches
from coppice.config import DEFAULT_PROFILE, figure_names
from coppice.extract.zero_cells import profile_options
from coppice.jsonio import canonical, digest
from coppice.records import Study
from coppice.review import Analysis, Review
from coppice.statistics import ARMS


def common_name(studies: Sequence[Study], arm: str) -> str:
    """Return the name of an arm where all studies agree on it, and its role otherwise."""
    names = {study.arms[arm]["name"] for study in studies if arm in study.arms}
    return str(names.pop()) if len(names) == 1 else arm


@dataclass(frozen=True, slots=True)
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
        units = {(study.study, analysis.outcome): None for analysis in self.review.analyses.values() for study in analysis.members}
        return sorted(units)

    def extracts_of(self, analysis: str) -> list[tuple[str, str]]:
        """Return the units of extract that an analysis pools, in the order of its effects."""
        item = self.review.analyses[analysis]
        return [(study.study, item.outcome) for study in item.members]

    def figures(self) -> list[str]:
        """Return the names of the figures of each analysis."""
        return sorted(figure_names())

    def wanted(self, analysis: Analysis) -> tuple[str, dict[str, Any]]:
        """Return the effect that an analysis asks of its extracts: the name it has there, measure and options."""
        options = profile_options(self.review.settings.get("profile", DEFAULT_PROFILE), analysis.measure)
        options |= (self.review.settings.get("extract") or {}) | (analysis.settings.get("extract") or {})
        said = ", ".join(f"{name} {value}" for name, value in sorted(options.items()))
        return f"{analysis.measure} ({said})" if said else analysis.measure, {"measure": analysis.measure, "options": options}

    def extract_spec(self, study: str, outcome: str) -> dict[str, Any]:
        """Return what `extract` reads of one outcome of one study."""
        record = self.review.study(study)
        content = record.outcomes[outcome]
        analyses = [item for item in self.review.analyses.values() if item.outcome == outcome and record in item.members]
        return {
            "study": study,
            "outcome": outcome,
            "population": content.get("population", record.population),
            "route": content.get("route"),
            "note": content.get("note"),
            "reported": content["reported"],
            "accept": record.accept | (content.get("accept") or {}),
            "measures": dict(self.wanted(item) for item in analyses),
        }

    def pool_spec(self, analysis: str) -> dict[str, Any]:
        """Return what `pool` reads of one analysis."""
        item = self.review.analyses[analysis]
        subgroups = item.settings.get("subgroups")
        return {
            "analysis": analysis,
            "outcome": item.outcome,
            "measure": item.measure,
            "effect": self.wanted(item)[0],
            "model": {"profile": self.review.settings.get("profile", DEFAULT_PROFILE)}
            | (self.review.settings.get("model") or {})
            | (item.settings.get("model") or {}),
            "subgroups": subgroups,
            "moderators": None,
            "overall": item.settings.get("overall", True),
            "route": item.settings.get("route"),
            "studies": [
                {"study": study.study, "label": study.label, "year": study.year, "values": {subgroups: study.value(subgroups)} if subgroups else {}}
                for study in item.members
            ],
            "excluded": list(item.excluded),
        }

    def explore_spec(self, analysis: str) -> dict[str, Any]:
        """Return what `explore` reads of one analysis besides its pooled result."""
        return {"analysis": analysis}

    def arms_of(self, analysis: str) -> dict[str, str]:
        """Return the arms' names, as far as the studies of an analysis agree on them."""
        return {arm: common_name(self.review.analyses[analysis].members or self.review.studies, arm) for arm in ARMS.values()}

    def favours_of(self, analysis: str) -> list[str] | None:
        """Return the labels of the two sides of the null, ready to print."""
        favours = self.review.analyses[analysis].settings.get("favours")
        if favours is None:
            return None
        names = self.arms_of(analysis)
        arms = {name.casefold(): name for name in names.values()} | names
        return [f"Favours {in_sentence(arms[text.casefold()])}" if text.casefold() in arms else text for text in map(str, favours)]

    def draw_spec(self, analysis: str) -> dict[str, Any]:
        """Return what `draw` reads of one analysis besides its results."""
        item = self.review.analyses[analysis]
        options = self.review.settings.get("figures") or {}
        return {
            "analysis": analysis,
            "title": item.title,
            "measure": item.measure,
            "arms": self.arms_of(analysis),
            "favours": self.favours_of(analysis),
            "figures": {name: options.get(name) or {} for name in self.figures()},
            "style": self.review.settings.get("style") or {},
        }

    def check_spec(self) -> dict[str, Any]:
        """Return what `check` prints: the findings of the whole review."""
        from coppice.check.findings import of_review

        return {"findings": of_review(self)}

    def report_spec(self, notebook: str) -> dict[str, Any]:
        """Return what `report` reads besides the results; `notebook` is the hash of its source."""
        sources = Path(self.review.files[-1]).parent / "sources.yaml" if self.review.files else None
        return {
            "review": self.review.settings["review"],
            "profile": self.review.settings.get("profile", DEFAULT_PROFILE),
            "analyses": [
                {
                    "analysis": name,
                    "title": item.title,
                    "outcome": item.outcome,
                    "measure": item.measure,
                    "arms": self.arms_of(name),
                    "favours": self.favours_of(name),
                    "note": item.settings.get("note"),
                    "subgroups": item.settings.get("subgroups"),
                    "overall": item.settings.get("overall", True),
                    "figures": self.figures(),
                    "pool": f"pool/{name}.json",
                    "explore": f"explore/{name}.json",
                }
                for name, item in self.review.analyses.items()
            ],
            "studies": [study_table_row(study) for study in self.review.studies],
            "extracts": [f"extract/{study}/{outcome}.json" for study, outcome in self.extracts()],
            "sources": strict_yaml.load(sources).data if sources and sources.exists() else {},
            "inputs": self.inputs(),
            "notebook": notebook,
        }

    def inputs(self) -> dict[str, str]:
        """Return a hash of what each part of the input says, comments and layout aside."""
        records = {study.file: digest(record_content(study)) for study in self.review.studies}
        return {"configuration": digest(self.review.settings)} | records

    def unit(self, verb: str, **unit: str) -> dict[str, Any]:
        """Return what the command of a verb reads of one unit, with the versions of what computes it."""
        content = getattr(self, f"{verb}_spec")(**unit)
        return {**content, "verb": verb, "code": fingerprint.code(verb), "versions": fingerprint.versions(verb)}

    def spec(self, verb: str, **unit: str) -> str:
        """Return the spec of one unit of a verb: canonical JSON of exactly what its command reads."""
        return canonical(self.unit(verb, **unit))

    def batches(self) -> dict[str, Sequence[str]]:
        """Return the units of extract by batch, as study/outcome; none where there are few enough for a job each."""
        units = [f"{study}/{outcome}" for study, outcome in self.extracts()]
        return batches(units) if len(units) > THRESHOLD else {}

    def batch_spec(self, batch: str) -> str:
        """Return the spec of one batch of extracts: those of its units, by name."""
        units = {name: name.split("/") for name in self.batches()[batch]}
        return canonical({"units": {name: self.unit("extract", study=study, outcome=outcome) for name, (study, outcome) in units.items()}})


def in_sentence(name: str) -> str:
    """Return an arm's name as it stands within a sentence: a capital that only begins a word becomes small."""
    return name[0].lower() + name[1:] if name[1:].islower() else name


def record_content(study: Study) -> dict[str, Any]:
    """Return everything that a record says."""
    return {name: getattr(study, name) for name in ("study", "label", "year", "design", "population", "characteristics", "arms", "reports", "outcomes", "risk_of_bias", "note", "accept")}


def study_table_row(study: Study) -> dict[str, Any]:
    """Return what the report says of a study besides its figures."""
    content = record_content(study)
    content["outcomes"] = {name: {key: outcome.get(key) for key in ("definition", "note")} for name, outcome in study.outcomes.items()}
    return content


def load(files: Sequence[Path], overrides: Mapping[str, Any]) -> Plan:
    """Return the plan of a review; see `review.load`."""
    return Plan(review.load(files, overrides))
