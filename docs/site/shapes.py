"""The reference of keys and fields, from the declarations that the checks and the schemas use."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from docs.site.entry import code, entry, plain

from coppice.core import schema
from coppice.core.kinds import KINDS, PAIRWISE
from coppice.core.reported_statistics import STATISTICS
from coppice.review.figure_keys import FIGURE_SHAPES
from coppice.review.keys.config import CONFIG
from coppice.review.record import RECORD
from coppice.tools.schema.command import named, titled
from coppice.tools.schema.key_tables import WORDS
from coppice.tools.schema.results import CONTRACTS, EXTRACT

MOST_VALUES = 60  # of a choice, named one by one


def values(shape: Any) -> str:
    """Return what a shape allows, in a few words; nothing where the declaration names no form."""
    words = ""
    match shape:
        case schema.Choice():
            options = [str(option) for option in shape.options()]
            words = code(options) if len(options) <= MOST_VALUES else "a name"
        case schema.Nullable():
            words = f"{values(shape.item)}, or `null`".removeprefix(", or ")
        case schema.OneOf():
            words = ", or ".join(dict.fromkeys(filter(None, map(values, shape.items))))
        case schema.ListOf():
            words = f"a list: {values(shape.item)}".removesuffix(": ")
        case schema.MapOf():
            words = f"by name: {values(shape.item)}".removesuffix(": ")
        case _ if type(shape) in WORDS:
            words = WORDS[type(shape)](shape)
    return words


def inner(shape: Any, path: str) -> Iterator[tuple[str, schema.Object]]:
    """Yield the mappings with known keys within a shape, with the path that leads to each."""
    match shape:
        case schema.Object():
            yield path, shape
        case schema.Nullable() | schema.ListOf():
            yield from inner(shape.item, path)
        case schema.OneOf():
            for item in shape.items:
                yield from inner(item, path)
        case schema.MapOf():
            if shape.own:
                yield path, schema.Object(tuple(shape.own))
            yield from inner(shape.item, f"{path}.NAME" if path else "NAME")


def signature(shape: schema.Object) -> tuple[tuple[str, str], ...]:
    """Return what tells a mapping from others, wherever it is declared: its keys and what they mean."""
    return tuple((key.name, key.description) for key in shape.keys)


@dataclass(frozen=True, slots=True)
class Section:
    """One mapping: the shortest path to it, and its label, which tells it from others at the same path."""

    path: str
    label: str


def section(path: str, kind: str, before: Iterable[Section]) -> Section:
    """Return the section of a path, after those that there are."""
    number = sum(item.path == path for item in before)
    name = re.sub(r"[^A-Za-z0-9]+", "-", f"{kind} {path or 'top'} {number or ''}").strip("-")
    return Section(path, name.lower())


def sections(
    top: schema.Object, kind: str, name: str = ""
) -> Iterator[tuple[Section, schema.Object, dict[str, Section]]]:
    """Yield each mapping once, with the sections of the mappings that its keys hold."""
    places = {signature(top): section(name, kind, ())}
    waiting = deque([top])
    while waiting:
        shape = waiting.popleft()
        here = places[signature(shape)]
        leads = {}
        for key in shape.keys:
            for path, mapping in inner(key.shape, f"{here.path}.{key.name}".lstrip(".")):
                if signature(mapping) not in places:
                    places[signature(mapping)] = section(path, kind, places.values())
                    waiting.append(mapping)
                leads[key.name] = places[signature(mapping)]
        yield here, shape, leads


def facts(key: schema.Key, lead: Section | None) -> dict[str, str]:
    """Return what the reference says of a key beside its description."""
    allowed = values(key.shape)
    default = "" if key.default is schema.NO_DEFAULT else f"`{json.dumps(key.default, ensure_ascii=False)}`"
    return {
        "Values": plain(allowed),
        "Its keys": f"[`{lead.path}`](#{lead.label})" if lead else "",
        "Default": default,
        "Required": "yes" if key.required else "",
    }


def page(top: schema.Object, title: str, head: str, kind: str, name: str = "") -> str:
    """Return the page of a declaration: a section per mapping, an entry per key."""
    parts = [f"# {title}\n\n{head}\n"]
    for here, shape, leads in sections(top, kind, name):
        parts.append(f"({here.label})=\n## {f'`{here.path}`' if here.path else 'Top level'}\n")
        for key in shape.keys:
            full = f"{here.path}.{key.name}".lstrip(".")
            parts.append(entry(kind, full, plain(key.description), facts(key, leads.get(key.name))))
    return "\n".join(parts)


def config_page() -> str:
    """Return the page of every key of the configuration."""
    head = (
        "Every key of `config/config.yaml`, with what it takes and its default. `NAME` stands for a name of your own, such as that of an "
        "analysis. [The configuration](../configuration.md) says how to choose, with recipes. The defaults of a model are those of the "
        "profile `cochrane2025`; [profiles](profiles.md) has the others."
    )
    return page(CONFIG, "Keys of the configuration", head, "config-key")


def records_page() -> str:
    """Return the page of every key of a study record."""
    head = (
        "Every key of `config/studies/<study>.yaml`. What a figure under `reported` takes depends on its `statistic`: "
        "[reported statistics](statistics.md)."
    )
    return page(RECORD, "Keys of a study record", head, "record-key", "record")


def statistics_page() -> str:
    """Return the page of every reported statistic with its fields."""
    head = (
        "# Reported statistics\n\nThe forms in which a result can be entered, each a value of `statistic`, with the fields that it takes. "
        "[Routes](../routes.md) says how each becomes an effect.\n"
    )
    parts = [head]
    own = {key.name for keys in (item.keys for item in STATISTICS.values()) for key in keys}
    shared = [key for key in FIGURE_SHAPES["hazard_ratio"].keys if key.name not in own]
    for name, item in STATISTICS.items():
        lines = [f"{plain(item.description)}.", ""]
        for key in item.keys:
            allowed = plain(values(key.shape))
            lines.append(
                f"- `{key.name}`{' (required)' if key.required else ''}: {plain(key.description)}. {allowed}".rstrip()
            )
        parts += [f"## `{name}`\n", entry("statistic", name, "\n".join(lines))]
    parts.append("## Fields of every figure\n")
    parts += [entry("record-key", f"figure.{key.name}", plain(key.description), facts(key, None)) for key in shared]
    return "\n".join(parts)


def results_pages() -> dict[str, str]:
    """Return a page per result file, with each of its fields."""
    shapes = {"extract": ("results/extract/<study>/<outcome>.json", EXTRACT)}
    for kind, (pool, explore) in CONTRACTS.items():
        shapes[named("pool", kind)] = (titled("results/pool/<analysis>.json", kind), pool)
        shapes[named("explore", kind)] = (titled("results/explore/<analysis>.json", kind), explore)
    pages = {}
    for name, (title, shape) in shapes.items():
        verb = name.partition("_")[0]
        head = (
            (
                f"Every field of {title}, which the verb `{verb}` writes. The schema is "
                f"[`{name}.schema.json`](../files/workflow/schemas/{name}.schema.json)."
            )
            .replace("results/", "`results/", 1)
            .replace(".json", ".json`", 1)
        )
        kind = name.partition("_")[2]
        of = f" of a {KINDS[kind].title.lower()}" if kind and kind != PAIRWISE else ""
        pages[f"result_{name}"] = page(shape, f"Fields of `{verb}` results{of}", head, "result-field", name)
    return pages
