"""Records of ClinicalTrials.gov in JSON, as its API (version 2) and its web pages give them: one, or a list in `studies`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from coppice.core.limits import FIGURES_IN_ALL
from coppice.tools.import_file.imported import Imported, NotImported
from coppice.tools.import_file.plain_text import made_id, plain, plain_name
from coppice.tools.import_file.references.csl import parsed
from coppice.tools.import_file.references.reference import doi_in, year_in
from coppice.tools.import_file.registry_records.analyses import Estimate, estimate_of
from coppice.tools.import_file.registry_records.events import event_outcomes
from coppice.tools.import_file.registry_records.groups import Arms, Json, arms_of, items, part
from coppice.tools.import_file.registry_records.measures import cells, figure_of, notes_of, whole
from coppice.tools.import_file.text import decoded

NCT = re.compile(r"NCT\d{8}")
DESIGNS = {"RANDOMIZED": "randomised", "NON_RANDOMIZED": "non-randomised"}
REPORT = "registry"
VERSION_1 = ("FullStudiesResponse", "FullStudies", "StudyFieldsResponse")


def recognises(content: bytes, name: str) -> bool:
    """Return whether a file is a record of ClinicalTrials.gov, or a list of them."""
    return any(word in content for word in (b'"protocolSection"', *(f'"{key}"'.encode() for key in VERSION_1)))


def read(content: bytes, name: str) -> Imported:
    """Read records of ClinicalTrials.gov.

    Raises
    ------
    NotImported
        If the file is not JSON, or has no record of version 2.
    """
    text, notes = decoded(content, name)
    data = parsed(text, name)
    if isinstance(data, Mapping) and any(key in data for key in VERSION_1):
        raise NotImported(
            f"{name}: is of version 1 of ClinicalTrials.gov's API, which has ended; download the record again as JSON (version 2)"
        )
    entries = items(data, "studies") or ([data] if isinstance(data, Mapping) else [])
    if isinstance(data, list):
        entries = [item for item in data if isinstance(item, Mapping)]
    records: dict[str, Mapping[str, Any]] = {}
    left_out: list[str] = []
    for place, entry in enumerate(entries):
        trial = _Trial(entry)
        if not NCT.fullmatch(trial.id):
            raise NotImported(
                f"{name}: record {place + 1} has no NCT number (protocolSection.identificationModule.nctId)"
            )
        records[trial.id] = trial.record()
        left_out += [f"{trial.id}: {line}" for line in trial.left_out]
        notes += [f"{trial.id}: {line}" for line in trial.notes]
    if not records:
        raise NotImported(f"{name}: has no record of ClinicalTrials.gov")
    return Imported(file=name, format="ctgov", records=records, left_out=left_out, notes=notes)


def _phase(phases: Any) -> str | None:
    """Return phases as "3" or "2/3"."""
    return "/".join(str(item).removeprefix("PHASE") for item in phases) or None if isinstance(phases, list) else None


class _Trial:
    """A record of the registry while it is read; collects what is left out."""

    def __init__(self, entry: Json) -> None:
        self.protocol = part(entry, "protocolSection")
        self.results = part(entry, "resultsSection")
        self.id = str(part(self.protocol, "identificationModule").get("nctId", "")).strip().upper()
        self.arms: Arms = arms_of(self.protocol, self.results)
        self.left_out: list[str] = []
        self.notes: list[str] = []
        self.outcomes: dict[str, dict[str, Any]] = {}
        self.figures = 0

    def record(self) -> dict[str, Any]:
        """Return the record of the study."""
        identification = part(self.protocol, "identificationModule")
        module = part(self.protocol, "designModule")
        allocation = str(part(module, "designInfo").get("allocation", ""))
        posted = part(self.protocol, "statusModule", "resultsFirstPostDateStruct").get("date")
        completed = part(self.protocol, "statusModule", "primaryCompletionDateStruct").get("date")
        self._read_outcomes()
        self._read_events()
        if not self.results:
            self.notes.append("the registry has no results of it: the record has its design and arms")
        if str(part(module, "designInfo").get("interventionModel")).upper() == "CROSSOVER":
            self.notes.append(
                "a crossover trial: its groups have the same patients, and its figures are not of independent arms"
            )
        if self.results and not self.arms.is_pair and not self.arms.is_single:
            treatments = ", ".join(arm["treatment"] for arm in self.arms.record.values())
            self.notes.append(
                f"{len(self.arms.record)} arms, kept by name: an analysis names the two treatments that it compares in `compare`: {treatments}"
            )
        conditions = part(self.protocol, "conditionsModule").get("conditions")
        characteristics = {
            "registration": self.id,
            "condition": plain("; ".join(map(str, conditions)))
            if isinstance(conditions, list) and conditions
            else None,
            "phase": _phase(module.get("phases")),
            "masking": str(part(module, "designInfo", "maskingInfo").get("masking", "")).lower() or None,
            "enrolled": whole(part(module, "enrollmentInfo").get("count")),
        }
        return {
            "study": self.id,
            "label": plain_name(identification.get("acronym") or self.id),
            "year": year_in(posted, completed),
            "design": DESIGNS.get(allocation, "single-arm" if self.arms.is_single and self._is_trial(module) else None),
            "characteristics": {key: value for key, value in characteristics.items() if value is not None},
            **({"arms": self._arms()} if self.arms.record else {}),
            "reports": dict(self._reports(identification, posted)),
            "outcomes": self.outcomes,
        }

    @staticmethod
    def _is_trial(module: Json) -> bool:
        """Return whether the study gave a treatment."""
        return str(module.get("studyType", "")).upper() == "INTERVENTIONAL"

    def _arms(self) -> dict[str, dict[str, Any]]:
        """Return the arms, with the number of patients who started where the groups are the same."""
        flow = part(self.results, "participantFlowModule")
        keys = self.arms.of(items(flow, "groups"))
        periods = items(flow, "periods")
        started = [item for item in items(periods[0], "milestones") if item.get("type") == "STARTED"] if periods else []
        record = {key: dict(arm) for key, arm in self.arms.record.items()}
        for item in items(started[0], "achievements") if started else []:
            arm, n = keys.get(str(item.get("groupId"))), whole(item.get("numSubjects"))
            if arm and n:
                record[arm]["n"] = n
        return record

    def _reports(self, identification: Json, posted: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the registry's record and the publications of its results."""
        title = plain(identification.get("briefTitle") or identification.get("officialTitle") or self.id).rstrip(".")
        when = f", results posted {posted}" if posted else ""
        yield (
            REPORT,
            {
                "citation": f"{title}. ClinicalTrials.gov {self.id}{when}",
                "url": f"https://clinicaltrials.gov/study/{self.id}",
            },
        )
        for number, item in enumerate(items(part(self.protocol, "referencesModule"), "references"), 1):
            if item.get("type") in ("RESULT", "DERIVED") and (item.get("citation") or item.get("pmid")):
                pmid = str(item.get("pmid") or "").strip()
                citation = plain(item.get("citation") or f"PMID {pmid}")
                ids = {"pmid": pmid or None, "doi": doi_in(citation)}
                found_by = {"note": "linked by the registry, which does not say that it is of this trial"}
                yield (
                    f"publication{number}",
                    {
                        "citation": citation,
                        **{key: value for key, value in ids.items() if value},
                        **(found_by if item["type"] == "DERIVED" else {}),
                    },
                )

    def _add(self, name: str, definition: str, note: str | None = None) -> list[dict[str, Any]]:
        """Add an outcome, and return its list of figures."""
        key = made_id(name, taken=self.outcomes)
        self.outcomes[key] = {"definition": definition, "reported": [], **({"note": note} if note else {})}
        reported: list[dict[str, Any]] = self.outcomes[key]["reported"]
        return reported

    def _source(self, at: str) -> dict[str, Any]:
        """Return where a figure stands."""
        return {"report": REPORT, "at": at, "quality": "regulator"}

    def _read_outcomes(self) -> None:
        """Read every outcome measure with its analyses; each class and category is an outcome."""
        for place, measure in enumerate(items(part(self.results, "outcomeMeasuresModule"), "outcomeMeasures")):
            at = f"outcomeMeasures[{place}]"
            title = plain(measure.get("title") or at)
            frame = f" ({plain(measure['timeFrame'])})" if measure.get("timeFrame") else ""
            parts = list(cells(measure, self.arms, at))
            if not parts:
                self.left_out.append(
                    f"{at}, {title}: no measurement ({str(measure.get('reportingStatus', 'no status')).lower().replace('_', ' ')})"
                )
            estimates = self._estimates(measure, at, title, parts[0].measured if len(parts) == 1 else {})
            for cell in parts:
                figure = figure_of(cell, self.arms)
                if isinstance(figure, str):
                    self.left_out.append(f"{cell.at}, {cell.title}: {figure}")
                    continue
                note = notes_of(cell)
                reported = self._add(cell.title, f"{cell.title}{frame}")
                reported.append({**figure, "source": self._source(cell.at), **({"note": note} if note else {})})
                if len(parts) == 1:
                    reported += estimates
                    estimates = []
                self.figures += 1
            if estimates:
                self._add(f"{title}, analyses" if len(parts) > 1 else title, f"{title}{frame}").extend(estimates)
                if len(parts) > 1:
                    self.notes.append(
                        f"{at}, {title}: its analyses do not say which of its {len(parts)} parts they are of; look it up"
                    )

    def _estimates(self, measure: Json, at: str, title: str, measured: Mapping[str, float]) -> list[dict[str, Any]]:
        """Return the figures of the analyses of a measure."""
        figures = []
        for place, analysis in enumerate(items(measure, "analyses")):
            result = estimate_of(analysis, measure, self.arms, measured)
            where = f"{at}.analyses[{place}]"
            if not isinstance(result, Estimate):
                self.left_out.append(f"{where}, {title}: {result}")
                continue
            if result.notes and "look the direction up" in result.notes[0]:
                self.notes.append(f"{where}, {title}: {result.notes[0]}")
            note = {"note": "; ".join(result.notes)} if result.notes else {}
            figures.append({**result.figure, "source": self._source(where), **note})
        return figures

    def _read_events(self) -> None:
        """Read deaths and adverse events."""
        module = part(self.results, "adverseEventsModule")
        threshold = str(module.get("frequencyThreshold") or "").strip()
        about = (
            f"events below {threshold}% in every arm are not reported: an event that is absent here is not a count of 0"
            if threshold not in ("", "0")
            else None
        )
        for name, definition, at, figure in event_outcomes(module, self.arms):
            if isinstance(figure, str):
                self.left_out.append(f"{at}, {definition}: {figure}")
            elif self.figures >= FIGURES_IN_ALL - 1:
                self.left_out.append(f"{at}, {definition}: a record holds at most {FIGURES_IN_ALL:,} figures")
            else:
                note = about if name.startswith("other") else None
                self._add(name, definition, note).append({**figure, "source": self._source(at)})
                self.figures += 1
        if about and items(module, "otherEvents"):
            self.notes.append(f"other adverse events: {about}")
