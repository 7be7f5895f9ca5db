"""What is added to a review that is there: judgements, characteristics and arms of its studies, by their labels, and its flow.

Such an import has records without outcomes, or a configuration without analyses.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from coppice.review.strict_yaml import load
from coppice.tools.import_file.delimited import column_key
from coppice.tools.import_file.imported import Imported, NotImported
from coppice.tools.import_file.plain_text import plain_name
from coppice.tools.import_file.write import CONFIG, studies_folder
from coppice.tools.import_file.yaml_text import dump

Record = Mapping[str, Any]
STUDIES_NAMED = 3


def is_addition(imported: Imported) -> bool:
    """Return whether an import only adds to a review."""
    return not imported.config.get("analyses") and not any("outcomes" in record for record in imported.records.values())


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the nearest of some names, as an ending of a line."""
    close = difflib.get_close_matches(name.casefold()[:100], {item.casefold(): item for item in names}, n=1, cutoff=0.0)
    originals = {item.casefold(): item for item in names}
    return f"; the nearest is '{originals[close[0]]}'" if close else ""


def by_label(records: Mapping[str, Record]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the ids of studies by label and id, and by the letters and digits of these where that is unambiguous."""
    exact: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    for study, record in records.items():
        for name in (study, plain_name(record.get("label") or study)):
            exact.setdefault(name, study)
            loose.setdefault(column_key(name), set()).add(study)
    return exact, {key: next(iter(studies)) for key, studies in loose.items() if len(studies) == 1}


def outcome_names(record: Record, config: Record) -> dict[str, str]:
    """Return the keys of a record's outcomes by the names that a file may have for them: key, title of an analysis, definition."""
    names: dict[str, str] = {}
    outcomes = record.get("outcomes") or {}
    for name, analysis in (config.get("analyses") or {}).items():
        key = str(analysis.get("outcome") or name)
        if key in outcomes:
            names.setdefault(column_key(analysis.get("title") or name), key)
            names.setdefault(column_key(name), key)
    for key, outcome in outcomes.items():
        names[column_key(key)] = key
        if outcome.get("definition"):
            names.setdefault(column_key(outcome["definition"]), key)
    return names


def with_outcomes(item: Record, record: Record, config: Record) -> tuple[dict[str, Any], list[str]]:
    """Return the judgements of a study with its own keys of outcomes, and a line for each outcome that it does not have."""
    judged = dict(item)
    names = outcome_names(record, config)
    by_outcome: dict[str, Any] = {}
    lines = []
    for name, content in (judged.pop("by_outcome", None) or {}).items():
        if key := names.get(column_key(name)):
            by_outcome[key] = content
        else:
            label = plain_name(record.get("label") or record["study"])
            lines.append(
                f"{label}: no outcome '{plain_name(name)}' in its record{nearest(name, record.get('outcomes') or {})}"
            )
    return judged | ({"by_outcome": by_outcome} if by_outcome else {}), lines


def added(own: Record, record: Record, config: Record) -> tuple[dict[str, Any], list[str]]:
    """Return a record with what an import adds: what the record has already, apart from judgements, stays."""
    merged: dict[str, Any] = dict(own)
    lines: list[str] = []
    for key, value in record.items():
        if key == "risk_of_bias":
            judged, lines = with_outcomes(value, own, config)
            if len(judged) > 1:
                merged[key] = judged
        elif key in ("characteristics", "reports"):
            merged[key] = {**value, **(own.get(key) or {})}
        elif own.get(key) is None and key not in ("study", "label"):
            merged[key] = value
    return merged, lines


def mapping_of(file: Path, name: str) -> dict[str, Any]:
    """Return the content of a YAML file; empty if there is no file, or no mapping in it."""
    data = load(file, name).data if file.exists() else None
    return dict(data) if isinstance(data, Mapping) else {}


def with_records(folder: Path, imported: Imported) -> Imported:
    """Return an import that only adds to a review, with the whole records of the studies that it is about.

    Raises
    ------
    NotImported
        If there is no review in the folder, or none of the studies is in it.
    """
    if not is_addition(imported):
        return imported
    config = mapping_of(folder / CONFIG, CONFIG)
    studies = folder / studies_folder(folder)
    records = {
        file.stem: content for file in sorted(studies.glob("*.yaml")) if (content := mapping_of(file, file.name))
    }
    if not config and not records:
        raise NotImported(f"{imported.file}: adds to a review that is there; name its folder: --to DIR")
    exact, loose = by_label(records)
    whole: dict[str, Record] = {}
    notes, left_out = list(imported.notes), list(imported.left_out)
    labels = [plain_name(record.get("label") or study) for study, record in records.items()]
    unmatched = []
    for record in imported.records.values():
        label = record["label"]
        study = exact.get(label) or loose.get(column_key(label))
        if study is None or study in whole:
            again = f"; '{study}' has another row" if study else nearest(label, labels)
            unmatched.append(f"no study '{label}' in the review{again}")
            continue
        if exact.get(label) != study:
            notes.append(f"'{label}' is study {study}: check that it is the same")
        whole[study], lines = added(records[study], record, config)
        left_out += lines
    if imported.records and not whole:
        shown = "; ".join(unmatched[:STUDIES_NAMED])
        more = len(unmatched) - STUDIES_NAMED
        raise NotImported(f"{imported.file}: {shown}{f'; and {more} others' if more > 0 else ''}")
    flow = (imported.config.get("review") or {}).get("flow")
    if flow and (config.get("review") or {}).get("flow") != flow:
        notes.append(
            f"{CONFIG}: is left as it is; add to `review`:\n{dump({'review': {'flow': flow}}).split(chr(10), 1)[1].rstrip()}"
        )
    return replace(imported, records=whole, config={}, notes=notes, left_out=[*left_out, *unmatched])
