"""References and registry records of studies that the review has already: joined to those, not made into further studies.

A study is recognised by a DOI, a PubMed or trial number, by title and year, or by first author and year. References of no study
become records only while a review is set up (no record has a figure yet); later they are candidates, a line each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coppice.core.errors import BadInput
from coppice.review.strict_yaml import load
from coppice.tools.import_file.imported import Imported
from coppice.tools.import_file.references.reference import doi_in, plain, pmcid_in, trials_in, year_in
from coppice.tools.import_file.references.studies import SHORTEST_TITLE, unique
from coppice.tools.import_file.write import studies_folder

Record = Mapping[str, Any]
JOINED = ("references", "ctgov")  # formats that are about studies which a review may have
SENTENCE = re.compile(r"\.\s+")


def _reports(record: Record) -> list[Record]:
    """Return the reports of a record; empty where it has none."""
    reports = record.get("reports")
    return [item for item in reports.values() if isinstance(item, Mapping)] if isinstance(reports, Mapping) else []


def _title(citation: str) -> str:
    """Return the longest sentence of a citation, its title as a rule, in a form for comparison."""
    return plain(max(SENTENCE.split(citation), key=len, default=""))


def identifiers(record: Record) -> Iterator[tuple[str, str]]:
    """Yield by what a study can be recognised without doubt: DOI, PubMed numbers, numbers of trial registries."""
    for report in _reports(record):
        for name, value in (
            ("DOI", doi_in(report.get("doi"))),
            ("PubMed Central number", pmcid_in(report.get("pmcid"))),
        ):
            if value:
                yield name, value
        if report.get("pmid"):
            yield "PubMed number", str(report["pmid"])
    characteristics = record.get("characteristics")
    own = characteristics.values() if isinstance(characteristics, Mapping) else ()
    texts = (
        record.get("study"),
        record.get("label"),
        *own,
        *(text for item in _reports(record) for text in item.values()),
    )
    for trial in trials_in(*texts):
        yield "trial number", trial


def figures(record: Record) -> bool:
    """Return whether a record has a figure."""
    outcomes = record.get("outcomes")
    return isinstance(outcomes, Mapping) and any(
        isinstance(item, Mapping) and item.get("reported") for item in outcomes.values()
    )


@dataclass(frozen=True, slots=True)
class Studies:
    """The studies of a review, to be looked up."""

    records: Mapping[str, Record]
    by_identifier: Mapping[tuple[str, str], set[str]]
    citations: Mapping[str, list[tuple[str, int | None]]]

    @classmethod
    def of(cls, records: Mapping[str, Record]) -> Studies:
        """Return studies with what they are looked up by."""
        lookup: dict[tuple[str, str], set[str]] = {}
        for study, record in records.items():
            for key in identifiers(record):
                lookup.setdefault(key, set()).add(study)
        citations = {
            study: [(plain(str(item.get("citation", ""))), year_in(item.get("citation"))) for item in _reports(record)]
            for study, record in records.items()
        }
        return cls(records, lookup, citations)

    def by_title(self, record: Record) -> set[str]:
        """Return the studies with a report of the same title and year."""
        wanted = {(_title(str(item["citation"])), year_in(item["citation"])) for item in _reports(record)}
        return {
            study
            for study, citations in self.citations.items()
            for title, year in wanted
            if len(title) >= SHORTEST_TITLE and any(title in text and year == own for text, own in citations)
        }

    def by_author(self, record: Record) -> set[str]:
        """Return the studies with figures whose label or citation begins with the first author, and has the year."""
        year = str(record.get("year") or "")
        author = plain(str(record.get("label", "")).removesuffix(year))
        if not year or not author:
            return set()
        return {
            study
            for study, own in self.records.items()
            if figures(own)
            and (
                f"{author}{year}" in plain(str(own.get("label") or study))
                or any(text.startswith(author) and str(when) == year for text, when in self.citations[study])
            )
        }

    def by_report(self, name: str, record: Record) -> set[str]:
        """Return the studies of this name, or made from it, that have a report of the record: those of an earlier import."""
        ids = set().union(*(_report_ids(item) for item in _reports(record)))
        studies = {
            study
            for study, own in self.records.items()
            if study.startswith(name) and any(ids & _report_ids(item) for item in _reports(own))
        }
        return {name} if name in studies else studies

    def match(self, name: str, record: Record) -> tuple[str, str] | None:
        """Return the one study that a record is of, and by what it is recognised; None if no study, or more than one, fits."""
        if len(studies := self.by_report(name, record)) == 1:
            return next(iter(studies)), "report"
        for key in identifiers(record):
            if len(studies := self.by_identifier.get(key, set())) == 1:
                return next(iter(studies)), key[0]
        ways: tuple[tuple[str, Callable[[Record], set[str]]], ...] = (
            ("title and year", self.by_title),
            ("first author and year", self.by_author),
        )
        for way, look_up in ways:
            if len(studies := look_up(record)) == 1:
                return next(iter(studies)), way
        return None


def _report_ids(report: Record) -> set[str]:
    """Return by what a report is the same as another."""
    ids = (doi_in(report.get("doi")), report.get("pmid"), pmcid_in(report.get("pmcid")), report.get("url"))
    return {str(item) for item in ids if item} or {plain(str(report.get("citation", "")))}


def _new_reports(record: Record, own: Record, *, is_own: bool) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the reports that a study lacks, with those of an earlier import, and the key that each report has now."""
    present: Mapping[str, Any] = own.get("reports") or {}
    there = {key: _report_ids(item) for key, item in present.items() if isinstance(item, Mapping)}
    reports: dict[str, Any] = {}
    keys: dict[str, str] = {}
    for key, report in record["reports"].items():
        same = [name for name, ids in there.items() if ids & _report_ids(report)]
        if not same and is_own and key in present:  # edited since
            same = [key]
        earlier = [name for name in same if name.startswith(key)]
        keys[key] = earlier[0] if earlier else same[0] if same else unique(key, (*present, *reports))
        if earlier or not same:
            reports[keys[key]] = report
    return reports, keys


def _with_sources(record: Record, keys: Mapping[str, str]) -> dict[str, Any]:
    """Return the outcomes of a record, the sources of their figures under the keys that the reports have now."""
    return {
        name: {
            **outcome,
            "reported": [
                {
                    **figure,
                    "source": {
                        **figure["source"],
                        "report": keys.get(figure["source"]["report"], figure["source"]["report"]),
                    },
                }
                for figure in outcome["reported"]
            ],
        }
        for name, outcome in record["outcomes"].items()
    }


def joined(imported: Imported, records: Mapping[str, Record]) -> Imported:
    """Return an import with its studies under the ids that they have in a review.

    Parameters
    ----------
    imported : Imported
        References, or records of a registry; other formats are returned as they are.
    records : mapping
        The records of the review by their ids.
    """
    if imported.format not in JOINED or not records:
        return imported
    studies = Studies.of(records)
    is_set_up = any(figures(record) for record in records.values())
    result: dict[str, Mapping[str, Any]] = {}
    notes, left_out = list(imported.notes), list(imported.left_out)
    for study, record in imported.records.items():
        match = studies.match(study, record)
        if match:
            own, way = match
            reports, keys = _new_reports(record, records[own], is_own=own == study)
            earlier = result.get(own, {"study": own, "reports": {}, "outcomes": {}})
            more = {
                "reports": earlier["reports"] | reports,
                "outcomes": earlier["outcomes"] | _with_sources(record, keys),
            }
            if own == study:  # the id that an import makes: the whole record is compared
                result[own] = {**record, **more}
                continue
            arms, own_arms = record.get("arms") or {}, records[own].get("arms") or {}
            if own_arms in ({}, arms):  # none, or those of an earlier import
                more |= {"arms": arms} if arms else {}
            elif not arms.keys() <= own_arms.keys():
                more["outcomes"] = earlier["outcomes"]
                left_out.append(
                    f"{study}: the figures of {len(record['outcomes'])} outcomes: its arms ({', '.join(arms)}) are not those of "
                    f"study {own} ({', '.join(own_arms)}); give them the same keys there, or import it into another folder"
                )
            if more["reports"] or more["outcomes"]:
                result[own] = {**earlier, **more}
            check = ": check that it is the same" if way == "first author and year" else ""
            notes.append(f"{record['label']} is study {own}, by {way}{check}")
        elif is_set_up and imported.format == "references":
            first = next(iter(record["reports"].values()))
            left_out.append(f"candidate, of no study of this review: {first['citation']}{_ids(first)}")
        else:
            name = unique(study, (*records, *result))
            result[name] = {**record, "study": name}
    return replace(imported, records=result, notes=notes, left_out=left_out)


def _ids(report: Record) -> str:
    """Return the identifiers of a report for a line."""
    names = {"doi": "doi", "pmid": "PMID"}
    return "".join(f" {name}:{report[key]}" for key, name in names.items() if report.get(key))


def with_studies_of(folder: Path, imported: Imported) -> Imported:
    """Return an import with its studies under the ids that they have in the review in a folder.

    A record that can't be read is passed over here, and reported when the review is checked.
    """
    if imported.format not in JOINED:
        return imported
    records: dict[str, Record] = {}
    for file in sorted((folder / studies_folder(folder)).glob("*.yaml")):
        try:
            data = load(file).data
        except BadInput:
            continue
        if isinstance(data, Mapping):
            records[file.stem] = data
    return joined(imported, records)
