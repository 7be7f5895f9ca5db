"""Covidence's export to RevMan Web: study information, study arms, study results (a row per arm) and risk of bias.

The columns are those of Cochrane's data extraction templates (documentation.cochrane.org/revman-kb, "Data extraction
templates"); each table is imported by itself, the results first, or all of them in one zip file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from coppice.core.risk_of_bias import ROB_2
from coppice.core.study import DESIGNS
from coppice.tools.import_file.archive import is_archive, members
from coppice.tools.import_file.covidence.arms import (
    ARM,
    EVENTS,
    INTERVENTION,
    MEAN,
    OUTCOME,
    REVIEWER,
    STUDY,
    TIME,
    N,
    figure_of,
    is_control,
    name_of_arm,
    paired,
)
from coppice.tools.import_file.delimited import Row, Table, column_key, header_of, read_delimited
from coppice.tools.import_file.imported import Imported, NotImported
from coppice.tools.import_file.judgements import OVERALL, assessment, domain_of_rob_2, level_of
from coppice.tools.import_file.plain_text import made_id, plain, plain_name
from coppice.tools.import_file.revman.studies import judged_columns, tool_of

CONSENSUS = "consensus"
CHARACTERISTIC = re.compile(r"(?:char(?:acteristic)?|covariate)\s*:\s*(.+)", re.I)
KINDS = {"results": "study results", "arms": "study arms", "information": "study information", "bias": "risk of bias"}
REPORT = "extraction"


def keys(*names: Sequence[str]) -> set[str]:
    """Return names of columns as they are compared."""
    return {column_key(name) for group in names for name in group}


def kind_of(header: frozenset[str]) -> str | None:
    """Return which of the tables has these columns."""
    if not header & keys(STUDY) or (
        not header & keys(REVIEWER, ARM, INTERVENTION) and not any(key.startswith("char") for key in header)
    ):
        return None
    if any(key.startswith(("domainjudg", "judg")) for key in header):
        return "bias"
    if header & keys(OUTCOME) and header & keys(ARM, INTERVENTION) and header & keys(EVENTS, MEAN, N):
        return "results"
    if header & keys(ARM, INTERVENTION):
        return "arms"
    return (
        "information"
        if any(key.startswith(("char", "covariate")) for key in header) or header & keys(REVIEWER)
        else None
    )


def tables_of(content: bytes, name: str) -> dict[str, Table]:
    """Return the tables of a file, or of the files of an archive, by their kinds."""
    files = list(members(content, name, (".csv",))) if is_archive(content) else [(name, content)]
    tables: dict[str, Table] = {}
    for path, part in files:
        if kind := kind_of(header_of(part, path)):
            if kind in tables:
                raise NotImported(f"{name}: holds two tables of {KINDS[kind]}; import one review at a time")
            tables[kind] = read_delimited(part, PurePosixPath(path).name)
    return tables


def recognises(content: bytes, name: str) -> bool:
    """Return whether a file is one of the tables, or an archive with the one of the results."""
    if not is_archive(content):
        return kind_of(header_of(content, name)) is not None
    return any(kind_of(header_of(part, path)) == "results" for path, part in members(content, name, (".csv",)))


@dataclass(slots=True)
class Extraction:
    """Collects what the tables say of each study."""

    file: str
    records: dict[str, dict[str, Any]]
    ids: dict[str, str]
    left_out: list[str]
    notes: list[str]

    def study(self, row: Row) -> dict[str, Any]:
        """Return what is read of the study of a row."""
        label = plain_name(row.text(*STUDY))
        if not label:
            raise row.refusal(STUDY[0], "is empty")
        if label not in self.ids:
            self.ids[label] = made_id(label, set(self.records))
            self.records[self.ids[label]] = {"study": self.ids[label], "label": label}
        return self.records[self.ids[label]]

    def rows(self, table: Table) -> list[Row]:
        """Return the rows that count: those of the consensus, where a table names reviewers."""
        if not any(table.has(name) for name in REVIEWER):
            return list(table.rows)
        rows = [row for row in table.rows if row.text(*REVIEWER).casefold() == CONSENSUS]
        if len(rows) < len(table.rows):
            self.left_out.append(
                f"{table.file}: rows of single reviewers ({len(table.rows) - len(rows)}); only those of the Consensus are read"
            )
        if table.rows and not rows:
            names = ", ".join(sorted({plain(row.text(*REVIEWER), 50) for row in table.rows})[:3])
            raise NotImported(
                f"{table.file}: has no row whose reviewer is 'Consensus' (rows of {names}); export it after consensus was reached"
            )
        return rows


def read(content: bytes, name: str) -> Imported:
    """Read one of the tables, or an archive of them.

    Raises
    ------
    NotImported
        If it is none of them, or no row of it is of the consensus.
    """
    tables = tables_of(content, name)
    if not tables:
        raise NotImported(
            f"{name}: is none of Covidence's tables for RevMan Web: study information, study arms, study results, risk of bias"
        )
    extraction = Extraction(name, {}, {}, [], [note for table in tables.values() for note in table.notes])
    config: dict[str, Any] = {}
    if "results" in tables:
        analyses = add_results(extraction, tables["results"])
        config = {
            "review": {"title": plain_name(PurePosixPath(name).stem)},
            "studies": "config/studies",
            "analyses": analyses,
        }
        if not analyses:
            raise NotImported(
                f"{name}: has no outcome with two arms that can be compared: {'; '.join(extraction.left_out[:3])}"
            )
    if "information" in tables:
        add_information(extraction, tables["information"])
    if "arms" in tables:
        add_arms(extraction, tables["arms"])
    if "bias" in tables:
        add_bias(extraction, tables["bias"])
    if "results" in tables:
        for study, record in extraction.records.items():
            extraction.records[study] = completed(record, name)
            with_own_outcomes(extraction.records[study], analyses, extraction)
    return Imported(
        file=name,
        format="covidence",
        records=extraction.records,
        config=config,
        left_out=extraction.left_out,
        notes=extraction.notes,
    )


def completed(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a record with what each must have."""
    reports = {REPORT: {"citation": f"Covidence extraction {plain_name(name)}"}}
    return {"year": None, "design": None, "outcomes": {}, **record, "reports": reports}


def with_own_outcomes(
    record: dict[str, Any], analyses: Mapping[str, Mapping[str, Any]], extraction: Extraction
) -> None:
    """Put the keys of the outcomes in place of the names by which the risk of bias calls them."""
    item = record.get("risk_of_bias", {})
    names = {column_key(str(analysis["title"])): key for key, analysis in analyses.items() if key in record["outcomes"]}
    by_outcome = item.pop("by_outcome", {})
    for name, judged in by_outcome.items():
        if key := names.get(column_key(name)):
            item.setdefault("by_outcome", {})[key] = judged
        else:
            extraction.left_out.append(
                f"{record['label']}: risk of bias: no outcome '{plain_name(name)}' in the results"
            )
    if len(item) == 1:
        del record["risk_of_bias"]


def add_results(extraction: Extraction, table: Table) -> dict[str, dict[str, Any]]:
    """Pair the arms of each study and outcome, and return the analyses."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in extraction.rows(table):
        groups.setdefault((row.text(*STUDY), row.text(*OUTCOME), row.text(*TIME)), []).append(row)
    analyses: dict[str, dict[str, Any]] = {}
    keys_of: dict[tuple[str, str], str] = {}
    for (_, outcome, time), rows in groups.items():
        title = plain(" at ".join(filter(None, (outcome, time))))
        at = f"{table.file}: {plain_name(rows[0].text(*STUDY))}, {title or 'no outcome'}"
        arms = paired(rows)
        if isinstance(arms, str) or not title:
            extraction.left_out.append(f"{at}: {arms if isinstance(arms, str) else 'its outcome is not named'}")
            continue
        figure = figure_of(*arms)
        if figure is None:
            extraction.left_out.append(
                f"{at}: has neither events and patients nor means with SD, SE or interval in both arms"
            )
            continue
        if not is_control(arms[1]):
            extraction.notes.append(
                f"{at}: no arm is named as a control; '{name_of_arm(arms[0])}' is read as the experimental arm, as it comes first"
            )
        key = keys_of.setdefault((outcome, time), made_id(title.casefold(), analyses))
        record = extraction.study(rows[0])
        numbers = " and ".join(str(row.number) for row in arms)
        source = {"report": REPORT, "at": f"{plain_name(table.file)}, {title}, rows {numbers}", "quality": "secondary"}
        outcome_ = record.setdefault("outcomes", {}).setdefault(key, {"definition": title, "reported": []})
        outcome_["reported"].append({**figure, "source": source})
        record.setdefault(
            "arms", {"experimental": {"name": name_of_arm(arms[0])}, "control": {"name": name_of_arm(arms[1])}}
        )
        measure = "RR" if figure["statistic"] == "counts" else "MD"
        analysis = analyses.setdefault(key, {"title": title, "measure": measure, "include": {"study": []}})
        analysis["include"]["study"].append(record["study"])
        if analysis["measure"] != measure:
            extraction.left_out.append(
                f"{at}: other studies report this outcome as {'means' if measure == 'RR' else 'counts'}"
            )
    return analyses


def add_information(extraction: Extraction, table: Table) -> None:
    """Add year, design and characteristics of each study."""
    for row in extraction.rows(table):
        record = extraction.study(row)
        year = re.search(r"\b(1[89]|20|21)\d\d\b", row.text("Year", "Study year", "Publication year"))
        record.setdefault("year", int(year[0]) if year else None)
        characteristics = record.setdefault("characteristics", {})
        for name in table.header:
            match = CHARACTERISTIC.fullmatch(name)
            if match and (text := row.text(name)):
                characteristics[plain_name(match[1]).casefold().replace(" ", "_")] = text
        design = row.text("Study design", "Design", "Char: Study design").casefold()
        kind = (
            "randomised"
            if re.search(r"\brandomi[sz]ed\b", design) and not re.search(r"non-?\s?randomi|quasi", design)
            else None
        )
        if kind in DESIGNS and record.get("design") is None:
            record["design"] = kind
        if not characteristics:
            del record["characteristics"]


def add_arms(extraction: Extraction, table: Table) -> None:
    """Add the names of the two arms of each study."""
    groups: dict[str, list[Row]] = {}
    for row in extraction.rows(table):
        groups.setdefault(row.text(*STUDY), []).append(row)
    for rows in groups.values():
        record = extraction.study(rows[0])
        arms = paired(rows)
        if isinstance(arms, str):
            extraction.left_out.append(f"{table.file}: {record['label']}: {arms}")
            continue
        record.setdefault(
            "arms", {"experimental": {"name": name_of_arm(arms[0])}, "control": {"name": name_of_arm(arms[1])}}
        )


def add_bias(extraction: Extraction, table: Table) -> None:
    """Add the judgements: RoB 1 a row per study, RoB 2 a row per result."""
    columns = list(judged_columns(table))
    tool = tool_of(columns, table)
    for row in extraction.rows(table):
        judged = {domain: level_of(row.text(name)) for name, domain, _, _ in columns}
        if tool is ROB_2:
            judged = {domain_of_rob_2(domain) or domain: level for domain, level in judged.items()}
        overall = judged.pop(OVERALL, None)
        if not any(judged.values()) and overall is None:
            continue
        item = extraction.study(row).setdefault("risk_of_bias", {"tool": tool.name})
        note = "; ".join(
            f"{domain}: {text}" for _, domain, _, support in columns if support and (text := row.text(support))
        )
        content = assessment(tool, {plain_name(name): level for name, level in judged.items()}, overall, plain(note))
        result = " at ".join(filter(None, (row.text(*OUTCOME), row.text(*TIME)))) if tool is ROB_2 else ""
        if result:
            item.setdefault("by_outcome", {})[result] = content
        else:
            item.update(content)
