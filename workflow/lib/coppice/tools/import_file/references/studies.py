"""References to records: duplicates merged, several references of one trial in one record."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from coppice.tools.import_file.references.reference import Reference, plain

SHORTEST_TITLE = 15  # letters: "Reply" and "Correction" are the titles of many
LETTERS = "bcdefghijklmnopqrstuvwxyz"


def identifier(text: str) -> str:
    """Return a text as an id: letters, digits, - and _, beginning with a letter or digit; empty if nothing is left."""
    ascii_text = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ø", "O"))
    words = re.findall(r"[A-Za-z0-9_]+", ascii_text.encode("ascii", "ignore").decode())
    return "-".join(words).lstrip("_-")[:60].rstrip("-")


def unique(name: str, taken: Iterable[str]) -> str:
    """Return a name that differs from those taken, whatever their case: a year gets b, c, ..., another name a number.

    `taken` may be a set of names in lower case, which is not copied then.
    """
    used = taken if isinstance(taken, set) else {item.casefold() for item in taken}
    candidates: Iterator[str] = (f"{name}{end}" for end in ("", *(LETTERS if name[-1:].isdigit() else "")))
    free = next((item for item in candidates if item.casefold() not in used), None)
    if free is not None:
        return free
    return next(item for number in itertools.count(2) if (item := f"{name}-{number}").casefold() not in used)


def _keys(reference: Reference) -> Iterator[tuple[str, str]]:
    """Yield what a duplicate has too, the surest first."""
    for name in ("doi", "pmid", "pmcid"):
        if value := getattr(reference, name):
            yield name, value
    title = plain(reference.title)
    if len(title) >= SHORTEST_TITLE and reference.year:
        yield "title and year", f"{title} {reference.year}"


def _contradicts(first: Reference, second: Reference) -> bool:
    """Return whether two references with one title and year are of different works all the same."""
    return any(
        one and other and one != other
        for one, other in (
            (first.doi, second.doi),
            (first.pmid, second.pmid),
            (plain(first.surname), plain(second.surname)),
        )
    )


def _filled(first: Reference, second: Reference) -> Reference:
    """Return the first reference, its missing fields taken from the second."""
    missing = {item.name: getattr(second, item.name) for item in fields(first) if not getattr(first, item.name)}
    return replace(first, **missing)


def without_duplicates(references: Iterable[Reference]) -> tuple[list[Reference], list[str]]:
    """Return references, each once, and a note for each repetition: the same DOI, then PubMed number, then title and year."""
    kept: list[Reference] = []
    places: dict[tuple[str, str], int] = {}
    notes = []
    for reference in references:
        for key in _keys(reference):
            place = places.get(key)
            if place is not None and not (key[0] == "title and year" and _contradicts(kept[place], reference)):
                notes.append(f"reference {reference.number} repeats {kept[place].number}: the same {_called(key[0])}")
                kept[place] = _filled(kept[place], reference)
                break
        else:
            place = len(kept)
            kept.append(reference)
        for key in _keys(kept[place]):
            places.setdefault(key, place)
    return kept, notes


def _called(key: str) -> str:
    """Return what an identifier is called in messages."""
    return {"doi": "DOI", "pmid": "PubMed number", "pmcid": "PubMed Central number"}.get(key, key)


def by_trial(references: Iterable[Reference]) -> list[list[Reference]]:
    """Return references grouped by the one trial that each names; the others stay alone."""
    groups: dict[str, list[Reference]] = {}
    for reference in references:
        key = reference.trials[0] if len(reference.trials) == 1 else f"reference {reference.number}"
        groups.setdefault(key, []).append(reference)
    return list(groups.values())


def report_key(reference: Reference, taken: Iterable[str]) -> str:
    """Return the key of a reference in `reports:`, such as locatelli2021."""
    name = plain(identifier(reference.surname or reference.title[:20])) or "reference"
    return unique(f"{name[:40]}{reference.year or ''}", taken)


def records(references: Iterable[Reference]) -> dict[str, Mapping[str, Any]]:
    """Return a record for each study, by its id, without any outcome."""
    studies: dict[str, Mapping[str, Any]] = {}
    labels: set[str] = set()
    ids: set[str] = set()
    for group in by_trial(references):
        first = min(group, key=lambda item: (item.year or 9999, item.number))
        label = unique(first.label[:200], labels)
        labels.add(label.casefold())
        study = unique(identifier(label) or f"reference-{first.number}", ids)
        ids.add(study.casefold())
        reports: dict[str, dict[str, Any]] = {}
        for reference in group:
            reports[report_key(reference, reports)] = reference.report
        record: dict[str, Any] = {"study": study, "label": label, "year": first.year, "design": None}
        if len(first.trials) == 1:
            record["characteristics"] = {"registration": first.trials[0]}
        studies[study] = {**record, "reports": reports, "outcomes": {}}
    return studies
