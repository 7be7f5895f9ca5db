"""Tables with a row for each arm: the rows of a study become comparisons of two arms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from coppice.core.errors import allowed_values_hint
from coppice.core.reported_fields import COMBINABLE
from coppice.core.schema import Finding
from coppice.extract.combined_arms import COMBINE as STATISTICS_COMBINED
from coppice.review.keys.table import COMBINE, SEVERAL, SPLIT
from coppice.review.tables.columns import FIELDS
from coppice.review.tables.reader import Reader, Row
from coppice.review.tables.request import Arms
from coppice.review.tables.selection import as_text

Fields = dict[str, Any]
OF_ARMS = frozenset(name[:-2] for name, _, _ in FIELDS.values() if name.endswith("_e"))
APART = ("outcome", "population", "report", "statistic", "at")  # texts by which rows are of several comparisons
ADDED = tuple(COMBINABLE.names)


class Names(NamedTuple):
    """The arms of a comparison as the table calls them, as they are compared."""

    experimental: frozenset[str]
    control: frozenset[str]


def names_of(arms: Arms) -> Names:
    """Return the names of the arms."""
    return Names(frozenset(map(as_text, arms.experimental)), frozenset(map(as_text, arms.control)))


def arm_findings(arms: Arms, header: Sequence[str], cells: Sequence[Any]) -> Iterator[Finding]:
    """Yield what the key `arms` names and the table does not have; `cells` are those of the column of arms."""
    if wrong := list(key_findings(arms, header)):
        yield from wrong
        return
    there = {as_text(cell): str(cell) for cell in cells if as_text(cell)}
    for key, names in (("experimental", arms.experimental), ("control", arms.control)):
        for name in names:
            if as_text(name) not in there:
                yield ("arms", key), f"no row of the arm '{name}'; {allowed_values_hint(name, there.values())}"
    if both := names_of(arms).experimental & names_of(arms).control:
        yield ("arms", "control"), f"{', '.join(sorted(both))} is the experimental arm too; name each arm once"


def key_findings(arms: Arms, header: Sequence[str]) -> Iterator[Finding]:
    """Yield columns that the table does not have, and keys that do not go together."""
    for key, column in (("column", arms.column), ("against", arms.against)):
        if column is not None and column not in header:
            yield ("arms", key), f"the table has no column '{column}'; {allowed_values_hint(column, header)}"
    if arms.against is not None and not arms.takes_all:
        yield ("arms", "against"), "is for a table with a row for each comparison, which names its two arms itself; leave out `experimental` and `control`"  # fmt: skip
        return
    if arms.takes_all and arms.several:
        yield (
            ("arms", "several"),
            "is for comparisons of two arms: name `experimental` and `control` too, or leave it out",
        )
    for key, own, other in (("control", arms.control, arms.experimental), ("experimental", arms.experimental, arms.control)):  # fmt: skip
        if other and not own:
            yield ("arms",), f"'{key}' is missing: what the column calls the {key} arm; or leave out both, and each row is an arm of its study"  # fmt: skip


def is_of_arm(name: str, fields: Fields) -> bool:
    """Return whether a field is one that each arm has; the time of a survival is of both."""
    return name in OF_ARMS and not (name == "time" and "survival" in fields)


@dataclass(slots=True)
class Pairing:
    """Pairs the rows of one study, and collects what it leaves out."""

    reader: Reader
    arms: Arms
    study: str  # its id
    name: str

    def fields(self, one: Row, control: Row) -> list[Fields]:
        """Return the fields of a comparison, set by set; what both arms share has one value."""
        pairs = []
        length = max(len(one.fields), len(control.fields))
        sets = ([*row.fields, *[{}] * (length - len(row.fields))] for row in (one, control))
        for experimental, other in zip(*sets, strict=True):
            merged: Fields = {}
            for name in dict.fromkeys([*experimental, *other]):
                if is_of_arm(name, experimental | other):
                    merged |= {
                        f"{name}_{arm}": part[name] for arm, part in (("e", experimental), ("c", other)) if name in part
                    }
                elif name in experimental and name in other and experimental[name] != other[name]:
                    message = f"{experimental[name]!r} here and {other[name]!r} in row {control.number}, the control arm; both arms have one value"
                    self.reader.refuse(one.number, self.reader.columns.title(name), message)
                else:
                    merged[name] = experimental.get(name, other.get(name))
            pairs.append(merged)
        return pairs

    def added(self, rows: Sequence[Row], arm: str) -> list[Fields]:
        """Return the figures of several arms that are added together; those without a figure are noted."""
        filled = [row for row in rows if any(row.fields)]
        for row in rows:
            if row not in filled and filled:
                self.reader.note(f"{self.name}: row {row.number} has no figure, so it is not added to the {arm} arm")
        parts = [row.fields[0] for row in filled]
        names = set().union(*parts) & set(ADDED)
        for row, part in zip(filled, parts, strict=True):
            foreign = [name for name in part if is_of_arm(name, part) and name not in ADDED]
            lacking = sorted(names - part.keys())
            if foreign or lacking or len(row.fields) > 1:
                which = f"has no {', '.join(lacking)}" if lacking else f"has {', '.join(foreign)}"
                message = f"{which}: arms are added together by {', '.join(ADDED)}, the same of each; compare each with the control arm: `several: {SPLIT}`"
                self.reader.refuse(row.number, self.arms.column, message)
        return [{name: part[name] for name in ADDED if name in part} for part in parts]

    def comparison(self, experimental: Sequence[Row], control: Sequence[Row]) -> Row:
        """Return the comparison of two arms, each of one row or of several that are added together."""
        first = {
            arm: next((row for row in rows if any(row.fields)), rows[0])
            for arm, rows in (("e", experimental), ("c", control))
        }
        row = replace(first["e"], fields=self.fields(first["e"], first["c"]), combined={})
        for arm, rows, word in (("e", experimental, "experimental"), ("c", control, "control")):
            parts = self.added(rows, word) if len(rows) > 1 else []
            if len(parts) > 1:
                row.combined[arm] = parts
                numbers = ", ".join(str(item.number) for item in rows if any(item.fields))
                self.reader.note(f"{self.name}: rows {numbers} are added together as the {word} arm")
        values = [item.characteristics for item in experimental]
        names = dict.fromkeys(name for own in values for name in own)
        differing = [name for name in names if any(own.get(name) != values[0].get(name) for own in values)]
        if differing:
            self.reader.note(
                f"{self.name}: {', '.join(differing)} of the arms that are added together differ, and are not read"
            )
        row.characteristics = {name: value for name, value in values[0].items() if name not in differing}
        return row

    def comparisons(self, experimental: Sequence[Row], control: Sequence[Row]) -> list[Row]:
        """Return the comparisons of one outcome of the study."""
        called = [as_text(row.arm) for row in control]
        if len(set(called)) < len(called) or (len(control) > 1 and self.arms.several != COMBINE):
            rows = ", ".join(str(row.number) for row in control)
            message = f"the study has several rows of the control arm ({rows}); read one of them by `where`, or tell them apart by a column 'outcome' or 'population'"
            self.reader.refuse(control[1].number, self.arms.column, message)
            return []
        if len(experimental) == 1 or self.arms.several == COMBINE:
            return [self.comparison(experimental, control)]
        if self.arms.several is None:
            rows = ", ".join(str(row.number) for row in experimental)
            message = f"the study has several rows of the experimental arm ({rows}); say what becomes of them, as `arms: {{..., several: {COMBINE}}}`; allowed: {', '.join(SEVERAL)}"
            self.reader.refuse(experimental[1].number, self.arms.column, message)
            return []
        number = max(1, sum(any(row.fields) for row in experimental))
        return [
            self.one_of_several(row, mark, control, number)
            for row, mark in zip(experimental, marks(experimental), strict=True)
        ]

    def one_of_several(self, row: Row, mark: str, control: Sequence[Row], number: int) -> Row:
        """Return the comparison of one of several experimental arms, marked by its name."""
        pair = self.comparison([row], control)
        about = {"use": mark, "label": f"{row.texts.get('label') or self.name}, {mark}"}
        if self.arms.several == SPLIT:
            about["population"] = f"{row.texts.get('population') or self.study}/{mark.replace('/', '-')}"
            pair.fields = [{**fields, "split_c": number} for fields in pair.fields if fields]
        return replace(pair, texts=pair.texts | about)

    def rows(self, rows: Sequence[Row]) -> list[Row]:
        """Return the comparisons of the study, which has rows of other arms or none of one."""
        names = names_of(self.arms)
        parts = (("experimental", names.experimental), ("control", names.control))
        of_arm = {arm: [row for row in rows if as_text(row.arm) in wanted] for arm, wanted in parts}
        groups: dict[tuple[Any, ...], dict[str, list[Row]]] = {}
        for arm, members in of_arm.items():
            for row in members:
                groups.setdefault(place_of(row), {}).setdefault(arm, []).append(row)
        titles = {arm: " and ".join(dict.fromkeys(str(row.arm) for row in members)) for arm, members in of_arm.items()}
        found = []
        for group in groups.values():
            if lacking := [arm for arm, _ in parts if arm not in group]:
                numbers = ", ".join(str(row.number) for members in group.values() for row in members)
                self.reader.note(f"{self.name}: no row of the {lacking[0]} arm beside row {numbers}, which is not read")
            else:
                found += self.comparisons(group["experimental"], group["control"])
        return [replace(row, texts=row.texts | titles) for row in found]


def note_other_arms(reader: Reader, arms: Arms, rows: Sequence[Row]) -> None:
    """Note the arms of which no row is read, with the number of their rows."""
    wanted = names_of(arms).experimental | names_of(arms).control
    others = Counter(str(row.arm or "empty") for row in rows if as_text(row.arm) not in wanted)
    if others:
        listed = ", ".join(f"{name} ({count})" for name, count in others.items())
        reader.note(f"rows of other arms not read, with their number: {listed}")


def place_of(row: Row) -> tuple[Any, ...]:
    """Return what the two rows of a comparison share."""
    fields: Mapping[str, Any] = row.fields[0] if row.fields else {}
    time = (fields.get("time"), fields.get("unit")) if "survival" in fields else ()
    return (*map(row.texts.get, APART), *time)


def marks(rows: Sequence[Row]) -> list[str]:
    """Return a name for each of several arms; those of one name are counted."""
    called = [str(row.arm) for row in rows]
    return [
        name if called.count(name) == 1 else f"{name} {called[: index + 1].count(name)}"
        for index, name in enumerate(called)
    ]


def with_combined(figure: Mapping[str, Any], combined: Mapping[str, list[Fields]]) -> dict[str, Any]:
    """Return a figure with the arms that are added together in place of the fields of the first of them."""
    if figure["statistic"] not in STATISTICS_COMBINED:
        return dict(figure)
    replaced = {f"{name}_{arm}" for arm in combined for name in ADDED}
    own = {name: value for name, value in figure.items() if name not in replaced}
    there = {name[:-2] for name in figure if name in replaced}
    return own | {
        f"combine_{arm}": [{name: part[name] for name in part if name in there} for part in parts]
        for arm, parts in combined.items()
    }
