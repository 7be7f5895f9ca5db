"""CSL-JSON, as Zotero, Paperpile and Crossref write it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from coppice.tools.import_file.imported import NotImported
from coppice.tools.import_file.references.reference import (
    Reference,
    author,
    doi_in,
    one_line,
    pmcid_in,
    pmid_in,
    span,
    trials_in,
    year_in,
)

FIELDS = ("title", "author", "issued", "DOI", "PMID", "container-title")


def is_csl(data: Any) -> bool:
    """Return whether parsed JSON is a list of references, or one."""
    items = _items(data)
    return bool(items) and all(isinstance(item, Mapping) for item in items) and any(key in items[0] for key in FIELDS)


def _items(data: Any) -> list[Any]:
    """Return the items of a file: a list, the list in `items`, or one item."""
    if isinstance(data, Mapping):
        return data["items"] if isinstance(data.get("items"), list) else [data]
    return data if isinstance(data, list) else []


def parsed(text: str, name: str) -> Any:
    """Return parsed JSON.

    Raises
    ------
    NotImported
        If it is not JSON, or is nested beyond reason.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        where = f"line {error.lineno}, column {error.colno}: " if isinstance(error, json.JSONDecodeError) else ""
        raise NotImported(f"{name}: {where}is not complete JSON; export it again") from error
    except RecursionError as error:
        raise NotImported(f"{name}: is nested too deeply to be read") from error


def _first(value: Any) -> str:
    """Return a text, or the first of a list of texts."""
    value = next(iter(value), "") if isinstance(value, list) else value
    return one_line(value) if isinstance(value, str | int | float) else ""


def _author(name: Any) -> str:
    """Return an author's name; groups have one part."""
    if not isinstance(name, Mapping):
        return author(_first(name))
    if not name.get("family"):
        return _first(name.get("literal") or name.get("name") or name.get("given"))
    particle = _first(name.get("non-dropping-particle"))
    return author(f"{particle} {_first(name['family'])}".strip(), _first(name.get("given")))


def _issued(item: Mapping[str, Any]) -> int | None:
    """Return the year of an item: in parts, raw or literal."""
    for key in ("issued", "published", "published-print", "published-online"):
        date = item.get(key)
        if isinstance(date, Mapping):
            parts = date.get("date-parts")
            first = parts[0] if isinstance(parts, list) and parts else None
            year = first[0] if isinstance(first, list) and first else None
            if value := year_in(year, date.get("raw"), date.get("literal"), date.get("year")):
                return value
        elif value := year_in(date):
            return value
    return None


def read_csl(data: Any) -> tuple[list[Reference], list[str]]:
    """Read a list of references in CSL-JSON."""
    return [_reference(number, item) for number, item in enumerate(_items(data), 1) if isinstance(item, Mapping)], []


def _reference(number: int, item: Mapping[str, Any]) -> Reference:
    """Return a reference from an item."""
    names = item.get("author")
    pmid = _first(item.get("PMID"))
    title, note = _first(item.get("title")), _first(item.get("note"))
    return Reference(
        number=number,
        title=title,
        authors=tuple(text for name in (names if isinstance(names, list) else []) if (text := _author(name))),
        year=_issued(item),
        journal=_first(item.get("container-title-short")) or _first(item.get("container-title")),
        volume=_first(item.get("volume")),
        issue=_first(item.get("issue")),
        pages=span(_first(item.get("page") or item.get("number"))),
        doi=doi_in(_first(item.get("DOI")), _first(item.get("URL")), note),
        pmid=pmid if pmid.isdigit() else pmid_in(pmid, note, _first(item.get("URL"))),
        pmcid=pmcid_in(_first(item.get("PMCID")), note),
        url=_first(item.get("URL")) or None,
        trials=trials_in(title, note, _first(item.get("number")), _first(item.get("abstract"))),
    )
