"""What a Cochrane data package holds of the studies: information, risk of bias and references, joined by exact names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from coppice.core.errors import allowed_values_hint
from coppice.core.risk_of_bias import ROB_2, Tool
from coppice.tools.import_file.delimited import Row, Table, column_key
from coppice.tools.import_file.imported import NotImported
from coppice.tools.import_file.judgements import OVERALL, ROB_1, assessment, domain_of_rob_2, is_rob_1, level_of
from coppice.tools.import_file.plain_text import plain, plain_name
from coppice.tools.import_file.references.ris import read_ris
from coppice.tools.import_file.references.studies import report_key
from coppice.tools.import_file.revman.review import Review
from coppice.tools.import_file.text import decoded

JUDGEMENT = re.compile(r"(?:domain\s*)?\(?judge?ment\)?\s*:\s*(.+)", re.I)
SUPPORT = re.compile(r"(?:domain\s*)?\(?support(?: for judge?ment)?\)?\s*:\s*(.+)", re.I)
CHARACTERISTIC = "char"
INFORMATION_TABLE, BIAS_TABLE = "study information", "risk of bias"
ALL_OUTCOMES = "all outcomes"
STUDY_TAG = re.compile(r"^NS  - (.*)$", re.M)
SOURCES = {
    "PUB": "published",
    "UNPUB": "unpublished",
    "MIX": "published and unpublished",
    "SOUGHT": "unpublished sought",
}


def kind_of(header: Collection[str]) -> str | None:
    """Return which table about studies has these columns."""
    if "study" not in header:
        return None
    if any(name.startswith(("domainjudg", "judg")) for name in header):
        return BIAS_TABLE
    if "year" in header and any(name.startswith((CHARACTERISTIC, "datasource")) for name in header):
        return INFORMATION_TABLE
    return None


def add_studies(
    review: Review, tables: Mapping[str, Table], files: Iterable[tuple[str, bytes]], settings: Table
) -> None:
    """Add what the package has of its studies to the records."""
    if INFORMATION_TABLE in tables:
        add_information(review, tables[INFORMATION_TABLE])
    if BIAS_TABLE in tables:
        add_bias(review, tables[BIAS_TABLE], outcome_names(settings))
    for path, content in files:
        if path.lower().endswith("included.ris"):
            add_references(review, content, PurePosixPath(path).name)


def outcome_names(settings: Table) -> dict[str, list[str]]:
    """Return the keys of outcomes by the names that results have: the analysis, or its outcome."""
    names: dict[str, list[str]] = {}
    for row in settings.rows:
        key = f"a{row.text('Analysis group')}_{row.text('Analysis number')}"
        for name in dict.fromkeys((row.text("Analysis name"), row.text("Outcome"))):
            names.setdefault(name.casefold(), []).append(key)
    return names


def known_study(review: Review, row: Row) -> dict[str, Any] | None:
    """Return the record of the study that a row is about; a line says that no analysis has it."""
    name = row.cells["study"]
    if name in review.ids:
        return review.records[review.ids[name]]
    review.left_out.append(
        f"{row.file}: row {row.number}: no study '{plain_name(name)}' in the analyses; {allowed_values_hint(name, review.ids)[:200]}"
    )
    return None


def add_information(review: Review, table: Table) -> None:
    """Add years, and the characteristics of studies as texts."""
    for row in table.rows:
        if (record := known_study(review, row)) is None:
            continue
        year = row.text("Year", "Study year")
        if record["year"] is None and re.fullmatch(r"(1[89]|2[01])\d\d", year):
            record["year"] = int(year)
        characteristics = record.setdefault("characteristics", {})
        for name in table.header:
            text = row.text(name)
            if column_key(name).startswith(CHARACTERISTIC) and text:
                characteristics[plain_name(name.split(":", 1)[-1]).casefold().replace(" ", "_")] = text
        if source := row.text("Data source"):
            characteristics["data_source"] = SOURCES.get(source, source)
        if not characteristics:
            del record["characteristics"]


def judged_columns(table: Table) -> Iterator[tuple[str, str, str, str]]:
    """Yield each column of judgements: its name, that of its domain, the outcome that it is of, and the column of its support."""
    supports = {match[1].strip(): name for name in table.header if (match := SUPPORT.fullmatch(name))}
    for name in table.header:
        if match := JUDGEMENT.fullmatch(name):
            domain = match[1].strip()
            plain_domain, _, outcome = (part.strip() for part in domain.rpartition(":"))
            if not plain_domain or outcome.casefold() == ALL_OUTCOMES:
                plain_domain, outcome = plain_domain or domain, ""
            yield name, plain_domain, outcome, supports.get(domain, "")


def tool_of(columns: Collection[tuple[str, str, str, str]], table: Table) -> Tool:
    """Return the tool of a table: RoB 2 by the names of its domains, otherwise RoB 1 or one that is not stated."""
    domains = [domain for _, domain, _, _ in columns]
    short = {domain_of_rob_2(domain) for domain in domains}
    if {"D1", "D2", "D3", "D4", "D5"} <= short and not is_rob_1(domains):
        return ROB_2
    has_newer = any(level_of(row.text(name)) == "some concerns" for row in table.rows for name, *_ in columns)
    return Tool("tool not stated" if has_newer else ROB_1, has_overall=False)


def add_bias(review: Review, table: Table, outcomes: Mapping[str, list[str]]) -> None:
    """Add the judgements: RoB 2 by result, to the outcomes that it names, RoB 1 to the studies."""
    columns = list(judged_columns(table))
    tool = tool_of(columns, table)
    for row in table.rows:
        if not any(level_of(row.text(name)) for name, *_ in columns) or (record := known_study(review, row)) is None:
            continue
        result = row.text("Outcome", "Result", "Study outcome", "Outcome name")
        by_result: dict[str, list[tuple[str, str, str]]] = {}
        for name, domain, outcome, support in columns:
            of_rob_2 = tool is ROB_2
            key = (domain_of_rob_2(domain) or domain) if of_rob_2 else f"{domain}: {outcome}" if outcome else domain
            by_result.setdefault((outcome or result) if of_rob_2 else "", []).append(
                (key, row.text(name), row.text(support) if support else "")
            )
        for named, items in by_result.items():
            domains = {key: level_of(text) for key, text, _ in items if key != OVERALL}
            overall = next((level_of(text) for key, text, _ in items if key == OVERALL), None)
            if not any(domains.values()) and overall is None:
                continue
            note = " ".join(f"{key}: {text}" for key, _, text in items if text)
            judged = assessment(tool, {plain_name(key): level for key, level in domains.items()}, overall, plain(note))
            at = f"{row.file}: row {row.number}"
            add_judgement(review, record, judged, tool=tool, named=named, outcomes=outcomes, at=at)


def add_judgement(
    review: Review,
    record: dict[str, Any],
    judged: Mapping[str, Any],
    *,
    tool: Tool,
    named: str,
    outcomes: Mapping[str, list[str]],
    at: str,
) -> None:
    """Add one judgement to a record: of the study, or of the outcomes that are called so."""
    item = record.setdefault("risk_of_bias", {"tool": tool.name})
    if not named:
        item.update(judged)
        return
    keys = [key for key in outcomes.get(named.casefold(), ()) if key in record["outcomes"]]
    if not keys:
        names = sorted({name for name, of in outcomes.items() if any(key in record["outcomes"] for key in of)})
        review.left_out.append(
            f"{at}: no outcome '{plain_name(named)}' of {record['label']}; {allowed_values_hint(named.casefold(), names)[:200]}"
        )
    for key in keys:
        item.setdefault("by_outcome", {})[key] = dict(judged)
    if len(item) == 1:
        del record["risk_of_bias"]


def add_references(review: Review, content: bytes, name: str) -> None:
    """Add the references of each study, which the tag NS names."""
    text, _ = decoded(content, name)
    for entry in re.split(r"(?m)^ER  -.*$", text):
        tag = STUDY_TAG.search(entry)
        if tag is None or tag[1].strip() not in review.ids:
            continue
        record = review.records[review.ids[tag[1].strip()]]
        try:
            references, _ = read_ris(f"{entry.strip()}\nER  - \n")
        except NotImported as error:
            review.left_out.append(f"{name}: {error}")
            return
        for reference in references:
            if not reference.is_empty:
                record["reports"][report_key(reference, record["reports"])] = reference.report
