"""Writing what was imported into the folder of a review: all of it is checked first, and nothing that people edited is overwritten.

What an import wrote is kept in `imports/<file>.json`, as text: a later import of the file compares with it what people have
changed since.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coppice.core.errors import BadInput, Problem
from coppice.core.limits import STUDIES_SHOWN
from coppice.jobs.canonical_json import write_text
from coppice.review import review
from coppice.review.keys.config import DEFAULT_STUDIES
from coppice.review.record import RECORD, all_findings
from coppice.review.strict_yaml import load, loads
from coppice.review.tables import is_table
from coppice.tools.import_file.additions import with_additions
from coppice.tools.import_file.imported import Imported, NotImported
from coppice.tools.import_file.merge import merged_record, with_comments
from coppice.tools.import_file.plain_text import made_id
from coppice.tools.import_file.yaml_text import dump

CONFIG = "config/config.yaml"
HEADER = "# Imported from {file} ({format}) by `coppice import`. config/README.md of Coppice explains each key.\n"
EMPTY: dict[str, Any] = {"study": None, "design": None, "reports": {}, "outcomes": {}}  # what every record has
Texts = dict[str, str]  # content of files by their names, relative to the review's folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an import changes in a folder.

    Attributes
    ----------
    texts : dict
        The new content of each file that changes, by its name relative to the folder.
    written : dict
        What this import says of each file, for the next one.
    lines : list of str
        What a person should know: conflicts, analyses to add, what is left out.
    """

    texts: Texts = field(default_factory=dict)
    written: Texts = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def snapshot_name(imported: Imported) -> str:
    """Return the name of the file that keeps what an import of this file wrote."""
    return f"imports/{made_id(Path(imported.file).stem)}{Path(imported.file).suffix.lower()}.json"


def written_before(file: Path) -> Texts:
    """Return what the last import of a file wrote; empty if it is the first one."""
    if not file.exists():
        return {}
    try:
        files = json.loads(file.read_text(encoding="utf-8"))["files"]
        return {str(name): str(text) for name, text in files.items()}
    except (ValueError, KeyError, AttributeError, TypeError, OSError) as error:
        raise NotImported(f"{file}: is not what an import wrote; delete it to import the file as a new one") from error


def config_text(imported: Imported) -> str:
    """Return the text of the configuration, with the results of the other program beside each analysis."""
    stored = {name: result.settings for name, result in imported.stored.items()}
    analyses = {
        name: {**item, **stored.get(name, {})} for name, item in (imported.config.get("analyses") or {}).items()
    }
    config = {**imported.config, **({"analyses": analyses} if analyses else {})}
    return HEADER.format(file=imported.file, format=imported.format) + dump(config, imported.comments)


def without_faults(imported: Imported) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return the records without the figures that no record may hold, and a line for each of those.

    Raises
    ------
    NotImported
        If something else than a figure is wrong with a record.
    """
    records: dict[str, dict[str, Any]] = {}
    lines: list[str] = []
    for study, content in imported.records.items():
        full = {**EMPTY, "study": study, **content}
        record = {key: full[key] for key in (*RECORD.names, *full) if key in full}
        faults: dict[tuple[str, int], str] = {}
        for place, message in all_findings(record):
            match place:
                case ("outcomes", str(outcome), "reported", int(index), *within):
                    faults.setdefault(
                        (outcome, index), f"{'.'.join(map(str, within))}: {message}" if within else message
                    )
                case _:
                    name = f"{imported.file}: {study}"
                    raise NotImported(str(Problem(name, 0, ".".join(map(str, place)), message)))
        for (outcome, index), message in faults.items():
            at = (record["outcomes"][outcome]["reported"][index].get("source") or {}).get("at")
            lines.append(f"{study}: {outcome}: {at or f'figure {index + 1}'}: left out: {message}")
        record["outcomes"] = {
            outcome: without(part, {index: text for (of, index), text in faults.items() if of == outcome})
            for outcome, part in record["outcomes"].items()
        }
        records[study] = record
    return records, lines


def without(outcome: Mapping[str, Any], faults: Mapping[int, str]) -> Mapping[str, Any]:
    """Return an outcome without its faulty figures, with a note why where none is left."""
    if not faults:
        return outcome
    kept = [figure for index, figure in enumerate(outcome["reported"]) if index not in faults]
    note = {} if kept else {"note": outcome.get("note") or f"left out by the import: {next(iter(faults.values()))}"}
    return {**outcome, "reported": kept, **note}


def studies_folder(folder: Path) -> str:
    """Return the folder of records of the review in a folder, relative to it; a new review has the default."""
    if not (folder / CONFIG).exists():
        return DEFAULT_STUDIES
    content = load(folder / CONFIG, CONFIG).data
    studies = str(content.get("studies", DEFAULT_STUDIES)) if isinstance(content, Mapping) else DEFAULT_STUDIES
    if is_table(Path(studies)):
        raise NotImported(f"{CONFIG}: studies: is a table, {studies}; records are added to a folder of records only")
    if Path(studies).is_absolute() or ".." in Path(studies).parts:
        raise NotImported(
            f"{CONFIG}: studies: {studies} lies outside of this folder; import into the folder that it is in"
        )
    return studies


def changes_of_config(imported: Imported, folder: Path, before: Texts) -> Changes:
    """Return what becomes of the configuration: one that people wrote or edited is left as it is, with lines to add."""
    if not imported.config:
        return Changes()
    text = config_text(imported)
    file = folder / CONFIG
    if not file.exists():
        return Changes(texts={CONFIG: text}, written={CONFIG: text})
    own = file.read_text(encoding="utf-8")
    if own == text:
        return Changes(written={CONFIG: text})
    if own == before.get(CONFIG):
        return Changes(texts={CONFIG: text}, written={CONFIG: text})
    old, present = (loads(part, CONFIG).data["analyses"] for part in (before.get(CONFIG, "analyses: {}"), text))
    new = {name: settings for name, settings in present.items() if settings != old.get(name)}
    if not new:
        return Changes(written={CONFIG: text})
    lines = dump({"analyses": new}).splitlines()
    return Changes(written={CONFIG: text}, lines=[f"{CONFIG}: is left as it is; the file has these analyses:", *lines])


def changes_of_records(imported: Imported, folder: Path, before: Texts) -> Changes:
    """Return what becomes of the records."""
    studies = studies_folder(folder)
    records, lines = without_faults(imported)
    texts: Texts = {}
    written: Texts = {}
    for study, record in records.items():
        name = f"{studies}/{study}.yaml"
        written[name] = dump(record)
        file = folder / name
        own = file.read_text(encoding="utf-8") if file.exists() else None
        if own is None or own == before.get(name):
            texts |= {name: written[name]} if own != written[name] else {}
            continue
        old = loads(before[name], name).data if name in before else None
        present = loads(own, name).data
        merged, conflicts = merged_record(study, imported.file, (old, present, loads(written[name], name).data))
        lines += conflicts
        texts |= (
            {name: with_additions(own, present, merged) or with_comments(own, dump(merged))}
            if merged != present
            else {}
        )
    for name in before.keys() - written.keys() - {CONFIG}:
        lines.append(f"{name}: {imported.file} does not have this study any more; its record is left as it is")
    return Changes(texts=texts, written=written, lines=lines)


@contextlib.contextmanager
def staged(folder: Path, texts: Texts) -> Iterator[None]:
    """Work in a copy of the review with the new files, so that nothing is written before all of it is checked."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        if (folder / "config").is_dir():
            shutil.copytree(folder / "config", copy / "config", symlinks=True)
        for table in folder.glob("*.[ct]sv"):  # a living review's table of searches may lie beside `config`
            shutil.copy(table, copy)
        for file, text in texts.items():
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            (copy / file).write_text(text, encoding="utf-8")
        with contextlib.chdir(copy):
            yield


def checked(folder: Path, texts: Texts) -> list[str]:
    """Load the review as it will be; return a line for each error that checks find in its records.

    Raises
    ------
    NotImported
        If the review could not be loaded.
    """
    with staged(folder, texts):
        if not Path(CONFIG).exists():
            return []
        try:
            review.load([Path(CONFIG)], {}, stop_at_errors=False)
        except BadInput as error:
            shown = [str(problem) for problem in error.problems[:STUDIES_SHOWN]]
            more = len(error.problems) - len(shown)
            raise NotImported(
                "\n".join(
                    [
                        "not imported, as the review could not be run:",
                        *shown,
                        *([f"... and {more} others"] if more else []),
                    ]
                )
            ) from error
        try:
            review.load([Path(CONFIG)], {})
        except BadInput as error:
            return [f"to be corrected before the review runs: {problem}" for problem in error.problems]
    return []


def summary(texts: Texts) -> list[str]:
    """Return a line for each file that is written, and one for all records."""
    records = [name for name in texts if name != CONFIG]
    lines = [f"{name}: written" for name in texts if name == CONFIG]
    if len(records) <= STUDIES_SHOWN:
        return [*lines, *(f"{name}: written" for name in records)]
    return [*lines, f"{Path(records[0]).parent.as_posix()}: {len(records)} records written"]


def write(imported: Imported, folder: Path) -> list[str]:
    """Write what was imported into the folder of a review, and return the lines that say what was done.

    A second import of the same file changes no byte; of a newer one it changes what is new. Records and figures that people
    edited since are never overwritten.

    Raises
    ------
    NotImported
        If what would be written is no sound review; then nothing is written.
    """
    snapshot = folder / snapshot_name(imported)
    before = written_before(snapshot)
    of_config = changes_of_config(imported, folder, before)
    of_records = changes_of_records(imported, folder, before)
    texts = of_config.texts | of_records.texts
    findings = checked(folder, texts) if texts else []
    for name, text in texts.items():
        write_text(folder / name, text)
    files = {"file": imported.file, "format": imported.format, "files": of_config.written | of_records.written}
    content = json.dumps(files, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if not snapshot.exists() or snapshot.read_text(encoding="utf-8") != content:
        write_text(snapshot, content)
    return [
        *(summary(texts) or ["nothing has changed"]),
        *of_config.lines,
        *of_records.lines,
        *(f"note: {line}" for line in imported.notes),
        *(f"left out: {line}" for line in imported.left_out),
        *findings,
    ]
