"""The contracts of a release as lines of text, one per field: what reviews, other programs and scripts rely on.

`python -m tests.release.contract` writes those of this version to tests/release/<major>.<minor>/; a release does this once.
"""

from __future__ import annotations

import argparse
import inspect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import coppice
from coppice import cli

HERE = Path(__file__).resolve().parent
SCHEMAS = HERE.parents[1] / "workflow" / "schemas"
NEEDED = " (needed)"  # after the name of a parameter without a default
# limits of values: those that are narrower if they rise (1), if they fall (-1), or if they are other ones (0)
LIMITS = {
    "minimum": 1, "exclusiveMinimum": 1, "minItems": 1,
    "maximum": -1, "exclusiveMaximum": -1, "maxItems": -1, "maxLength": -1,
    "pattern": 0,
}  # fmt: skip
READ = ("config", "study")  # what people write; the other schemas are of what the workflow writes
Facts = dict[str, dict[str, set[str]]]  # of each field: its types, values, limits, and whether it must be there


def facts_of(schema: Mapping[str, Any], place: str, facts: Facts) -> None:
    """Collect what a schema says of each field, alternatives together."""
    own = facts.setdefault(place, {})
    for alternative in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        facts_of(alternative, place, facts)
    types = schema.get("type", ())
    own.setdefault("type", set()).update([types] if isinstance(types, str) else types)
    values = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]
    if values:
        own.setdefault("value", set()).update(map(json.dumps, values))
    for word in LIMITS.keys() & schema.keys():
        own.setdefault(word, set()).add(json.dumps(schema[word]))
    for ending, part in parts_of(schema):
        facts_of(part, f"{place}{ending}", facts)
    for name in schema.get("required", ()):
        facts.setdefault(f"{place}.{name}", {}).setdefault("required", set()).add("yes")


def parts_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the fields of a mapping and the items of a list, each with what its place ends in."""
    yield from ((f".{name}", part) for name, part in schema.get("properties", {}).items())
    yield from ((f"[{index}]", part) for index, part in enumerate(schema.get("prefixItems", ())))
    for word, ending in (("additionalProperties", ".*"), ("items", "[]")):
        if isinstance(schema.get(word), Mapping):
            yield ending, schema[word]


def schemas(folder: Path = SCHEMAS) -> dict[str, Facts]:
    """Return what each schema of a folder says of its fields, by its name."""
    contracts: dict[str, Facts] = {}
    for file in sorted(folder.glob("*.schema.json")):
        facts: Facts = {}
        facts_of(json.loads(file.read_text("utf-8")), "", facts)
        contracts[file.name.removesuffix(".schema.json")] = facts
    return contracts


def api() -> Facts:
    """Return the names for Python users: parameters of functions and methods, attributes of results."""
    facts: Facts = {}
    for name in dir(coppice):
        item = getattr(coppice, name)
        if not inspect.isclass(item):
            facts[name] = {"parameter": set(parameters(item)) if callable(item) else set()}
            continue
        own = [vars(parent) for parent in item.__mro__ if parent.__module__.startswith("coppice")]
        for member, value in {name: value for members in reversed(own) for name, value in members.items()}.items():
            if not member.startswith("_"):
                facts[f"{name}.{member}"] = {
                    "parameter": set(parameters(value)) if inspect.isfunction(value) else set()
                }
    return facts


def parameters(function: Any) -> Iterator[str]:
    """Yield the parameters of a function, those without a default marked."""
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name != "self":
            needed = parameter.default is parameter.empty and parameter.kind in (
                parameter.POSITIONAL_ONLY,
                parameter.POSITIONAL_OR_KEYWORD,
                parameter.KEYWORD_ONLY,
            )
            yield f"{parameter.name}{NEEDED if needed else ''}"


def commands() -> Facts:
    """Return the commands of the command line that people call, with their options."""
    facts: Facts = {}
    for name in cli.TOOLS:
        subparsers = next(
            action for action in cli.parser(name)._actions if isinstance(action, argparse._SubParsersAction)
        )
        for action in subparsers.choices[name]._actions:
            facts[f"{name} {action.option_strings[-1] if action.option_strings else action.dest}"] = {}
    return facts


def contracts() -> dict[str, Facts]:
    """Return every contract of this version."""
    return {**schemas(), "python": api(), "commands": commands()}


def text_of(facts: Facts) -> str:
    """Return a contract as text: a line for each field."""
    lines = []
    for place, own in sorted(facts.items()):
        parts = [f"{kind}={json.dumps(sorted(values))}" for kind, values in sorted(own.items()) if values]
        lines.append("\t".join([place or ".", *parts]))
    return "".join(f"{line}\n" for line in lines)


def read(file: Path) -> Facts:
    """Return a contract from its text."""
    facts: Facts = {}
    for line in file.read_text("utf-8").splitlines():
        place, *parts = line.split("\t")
        facts["" if place == "." else place] = {
            kind: set(json.loads(values)) for kind, _, values in (part.partition("=") for part in parts)
        }
    return facts


def broken(name: str, old: Facts, new: Facts) -> Iterator[str]:
    """Yield what a contract breaks of an earlier one: fields that are gone or of another type; additions break nothing.

    What people write may become more: other types, other values, and no field that must be there. What the workflow writes may not:
    who reads it expects the types of before, and the fields that were always there.
    """
    of_field = broken_reading if name in READ else broken_writing
    for place, before in old.items():
        if place in new:
            yield from (f"{name}: {place or '.'} {what}" for what in of_field(before, new[place]))
        else:
            yield f"{name}: {place or '.'} is gone"
    for place, now in new.items():
        parent = old.get(place.rpartition(".")[0], {})
        is_new_need = "required" in now and "required" not in old.get(place, {})
        if name in READ and is_new_need and "object" in parent.get("type", ()):
            yield f"{name}: {place} must be there"


def broken_reading(before: Mapping[str, set[str]], now: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield what a field that people write no longer takes."""
    types = now.get("type", set())
    lost = before.get("type", set()) - types - ({"integer"} if "number" in types else set())
    if now.get("value") and "value" in before:
        lost |= before["value"] - now["value"]
    elif now.get("value"):
        yield "takes only some values"
    if lost:
        yield f"no longer takes {', '.join(sorted(lost))}"
    for word, sign in LIMITS.items():
        if word not in now:
            continue
        if sign == 0:
            narrower = now[word] != before.get(word)
        else:
            narrower = word not in before or max(sign * float(value) for value in now[word]) > max(
                sign * float(value) for value in before[word]
            )
        if narrower:
            yield f"has another {word}"


def broken_writing(before: Mapping[str, set[str]], now: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield what a field that the workflow writes, a function or a command no longer keeps."""
    types, earlier = now.get("type", set()), before.get("type", set())
    gained = types - earlier - ({"integer"} if "number" in earlier else set())
    if gained or (earlier and not types):
        yield f"was {' or '.join(sorted(earlier))} and is {' or '.join(sorted(types))}"
    if "required" in before and "required" not in now:
        yield "is not always there"
    has, had = now.get("parameter", set()), before.get("parameter", set())
    if gone := had - has:
        yield f"has no parameter {', '.join(sorted(gone))}"
    if needed := {parameter for parameter in has - had if parameter.endswith(NEEDED)}:
        yield f"needs {', '.join(sorted(needed))}"


def main() -> None:
    """Write the contracts of this version."""
    folder = HERE / ".".join(coppice.__version__.split(".")[:2])
    folder.mkdir(exist_ok=True)
    for name, facts in contracts().items():
        (folder / f"{name}.tsv").write_text(text_of(facts), "utf-8")


if __name__ == "__main__":
    main()
