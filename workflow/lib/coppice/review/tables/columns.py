"""What each column of a table is: a field of a figure, of the study, one of R's columns, or a characteristic."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coppice.core.errors import Problem, allowed_values_hint
from coppice.core.measures import MEASURES
from coppice.core.reported_fields import ARMS, CI_SCALES, UNITS
from coppice.core.reported_statistics import STATISTICS
from coppice.core.schema import Choice, Finding, Flag, Key, Nullable, Number, OneOf, Pair, Scalar, Shape, Text
from coppice.review.tables.grid import Grid
from coppice.review.tables.request import ColumnMap, TableRequest
from coppice.review.tables.values import is_na, plain

STUDY_COLUMNS = ("study", "label", "year", "design", "experimental", "control")
REPORT_COLUMNS = ("report", "citation", "pmid", "pmcid", "doi", "url")
SOURCE_COLUMNS = ("at", "read_in", "quality")
OUTCOME_COLUMNS = ("outcome", "definition", "route")
FIGURE_COLUMNS = ("statistic", "population", "use", "note")
ID_ALIASES = ("trial", "slab", "studlab", "study_id", "id")

ALIASES = {  # what R's meta and common spreadsheets call the same things
    **{f"{name}.{arm}": f"{name}_{arm}" for name in ("n", "mean", "sd", "time") for arm in ("e", "c")},
    "event.e": "events_e", "event.c": "events_c",
    "vaccine_efficacy": "efficacy",
    "te": "yi", "sete": "sei",
    "lower": "ci_low", "upper": "ci_high", "ci_lower": "ci_low", "ci_upper": "ci_high",
}  # fmt: skip

MISSPELT = 0.88  # similarity above which an unknown column is taken for a misspelt field, not for a characteristic

SIZES = frozenset({"n_e", "n_c"})
NOT_OWN = {"p", "sided", "level", "unit"}  # fields of many statistics, which tell none from another

Sum = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RForm:
    """Columns as metafor's `escalc` names them."""

    needs: Sum  # columns that must be there
    gives: Mapping[str, Sum]  # the fields that they give; several columns are added up
    unless: Sum = ()  # columns by which the others are known to be those of another form

    def contradicts(self, other: RForm) -> bool:
        """Return whether both read one column, as different fields: `mi` is a mean, or a number of predictors."""
        mine, theirs = ({names[-1]: field for field, names in form.gives.items()} for form in (self, other))
        return any(mine[name] != theirs[name] for name in mine.keys() & theirs.keys())

    def borrows_from(self, own: RForm, other: RForm) -> bool:
        """Return whether it takes the size of a statistic that has its `own` from a column of another: `xi ni` beside `xi mi`, `ri ni`."""
        is_alternative = own is not self and own.gives.keys() == self.gives.keys() and "n" in self.gives
        return is_alternative and other.gives.keys() != self.gives.keys() and self.gives["n"] == other.gives.get("n")

    def agrees_with(self, other: RForm) -> bool:
        """Return whether both may be read into one set of fields."""
        shared = self.gives.keys() & other.gives.keys() - SIZES
        return self.gives.keys() == other.gives.keys() or all(self.gives[name] == other.gives[name] for name in shared)


def r_form(text: str, *unless: str) -> RForm:
    """Return a form from its fields, each with the columns that give it: `events_e=ai n_e=ai+bi`."""
    gives = {name: tuple(columns.split("+")) for name, _, columns in (part.partition("=") for part in text.split())}
    return RForm(tuple(dict.fromkeys(column for columns in gives.values() for column in columns)), gives, unless)


R_FORMS = (
    r_form("events_e=ai n_e=ai+bi events_c=ci n_c=ci+di"),
    r_form("events_e=ai n_e=n1i events_c=ci n_c=n2i"),
    r_form("events_e=x1i time_e=t1i events_c=x2i time_c=t2i"),
    r_form("mean_e=m1i sd_e=sd1i n_e=n1i mean_c=m2i sd_c=sd2i n_c=n2i"),
    r_form("mean_e=m1i sd_e=sd1i mean_c=m2i sd_c=sd2i n=ni correlation=ri", "n1i", "n2i"),
    r_form("mean=mi sd=sdi n=ni"),
    r_form("t=ti n=ni predictors=mi"),
    r_form("events=xi n=xi+mi"),
    r_form("events=xi n=ni"),
    r_form("events=xi time=ti"),
    r_form("r=ri n=ni", "m1i", "m2i"),
)
R_NAMES = frozenset(name for form in R_FORMS for name in form.needs) - {"ci"}


def kind_of(shape: Shape) -> str | None:
    """Return how the cells of a field are read: number, flag, p or text; None where a table can't hold it."""
    if isinstance(shape, Nullable):
        return kind_of(shape.item)
    if isinstance(shape, OneOf):
        return "p"
    kinds = {Number: "number", Flag: "flag", Choice: "text", Text: "text", Scalar: "text"}
    return kinds.get(type(shape))


def columns_of(key: Key) -> dict[str, tuple[str, int | None, str]]:
    """Return the columns of a field: name, and the field with the position within it and the kind of its cells."""
    shape = key.shape.item if isinstance(key.shape, Nullable) else key.shape
    if isinstance(shape, Pair):
        stem, arm = (key.name[:-2], key.name[-2:]) if key.name.endswith(("_e", "_c")) else (key.name, "")
        return {f"{stem}_{limit}{arm}": (key.name, index, "number") for index, limit in enumerate(("low", "high"))}
    kind = kind_of(shape)
    return {} if kind is None else {key.name: (key.name, None, kind)}


FIELDS: dict[str, tuple[str, int | None, str]] = {
    name: found
    for statistic in STATISTICS.values()
    for key in statistic.keys
    for name, found in columns_of(key).items()
}
PAIRS = {
    name: [column for column, (other, _, _) in FIELDS.items() if other == name]
    for name, index, _ in FIELDS.values()
    if index is not None
}
NAMED_VALUES = {
    "measure": MEASURES,
    "unit": UNITS,
    "ci_scale": CI_SCALES,
    "direction": ARMS.values(),
}  # of fields in words
KNOWN = (*STUDY_COLUMNS, *REPORT_COLUMNS, *SOURCE_COLUMNS, *OUTCOME_COLUMNS, *FIGURE_COLUMNS, *FIELDS)


@dataclass(slots=True)
class Columns:
    """The columns of a table by what they are."""

    header: tuple[str, ...]
    # from fields, and from the columns of studies, reports and figures, to the position of their column
    known: dict[str, int] = field(default_factory=dict)
    forms: list[RForm] = field(default_factory=list)  # R's forms that the header has
    raw: dict[str, int] = field(default_factory=dict)  # positions of R's columns
    study: tuple[int, ...] = ()  # positions of the columns whose texts are joined to the name of a study
    # positions of the columns that name the arm of each row, or the two that it compares, of a table with a row for each
    arms: tuple[int, ...] = ()
    characteristics: dict[str, int] = field(default_factory=dict)  # position of every other column

    def fields(self) -> set[str]:
        """Return the fields that the table has columns for."""
        return {FIELDS[name][0] for name in self.known if name in FIELDS}.union(*(form.gives for form in self.forms))

    def title(self, name: str) -> str:
        """Return the header of the column that gives a field, or the field's name."""
        if name in self.known:
            return self.header[self.known[name]]
        if name in PAIRS:
            return " and ".join(self.title(limit) for limit in PAIRS[name])
        names = [source for form in self.forms for source in form.gives.get(name, ())]
        return " + ".join(self.header[self.raw[source]] for source in dict.fromkeys(names)) or name

    def given_twice(self) -> set[str]:
        """Return the fields that R's columns give too, where no other column of the table says what they belong to."""
        own = {FIELDS[name][0] for name in self.known if name in FIELDS} - NOT_OWN
        return own - SIZES if any(own <= form.gives.keys() for form in self.forms) else set()

    def remedy(self, name: str) -> str:
        """Say which lines of `columns:` settle which column of a field belongs to which of R's columns."""
        column, forms = self.title(name), [form for form in self.forms if name in form.gives]
        others = dict.fromkeys(self.header[self.raw[source]] for form in forms for source in form.gives[name])
        ways = {
            ", ".join(
                f"{target}: {self.header[self.raw[names[0]]]}" for target, names in form.gives.items() if target != name
            ): " and ".join(self.header[self.raw[names[0]]] for target, names in form.gives.items() if target != name)
            for form in forms
        }
        lines = ", ".join(f"`columns: {{{line}}}` reads {named} with {column}" for line, named in ways.items())
        return f"{column} and {' + '.join(others)} both give {name}; {lines}; or leave one of them out"


def renamed(header: Sequence[str], columns: ColumnMap) -> tuple[list[str], list[Finding]]:
    """Return the header with the names that the map gives its columns, and what the map names wrongly."""
    names, findings = list(header), list[Finding]()
    mapping = columns.names
    for target, source in mapping.items():
        place = ("columns", target)
        if source not in header:
            findings.append((place, f"the table has no column '{source}'; {allowed_values_hint(source, header)}"))
        elif target != source and target in header and target not in {*mapping.values(), *columns.study}:
            findings.append((place, "the table has a column of this name too; map or rename it"))
        else:
            names[list(header).index(source)] = target
    for index, source in enumerate(columns.study):
        if source not in header:
            message = f"the table has no column '{source}'; {allowed_values_hint(source, header)}"
            findings.append((("columns", "study", index), message))
    return names, findings


def fitting_forms(names: set[str]) -> list[RForm]:
    """Return R's forms whose columns are all there; one that reads a column otherwise than an earlier one is left out."""
    forms: list[RForm] = []
    for form in R_FORMS:
        if set(form.needs) <= names and not set(form.unless) & names and not any(map(form.contradicts, forms)):
            forms.append(form)
    return [form for form in forms if not any(form.borrows_from(own, other) for own in forms for other in forms)]


def statistics_of(forms: Sequence[RForm]) -> list[list[RForm]]:
    """Return R's forms in groups: those of one group can't give two values of one field.

    The counts and the person-time of a table may hold different events, so that a row gives two figures. Counts and means may
    both give the sizes of the arms: the reader checks that they agree. Forms of the same fields are in one group.
    """
    groups: list[list[RForm]] = []
    for form in forms:
        group = next((group for group in groups if all(map(form.agrees_with, group))), None)
        if group is None:
            groups.append([form])
        else:
            group.append(form)
    return groups


def read_columns(header: Sequence[str], request: TableRequest) -> tuple[Columns, list[Finding]]:
    """Say what each column of a table is, and what is wrong with the map `columns:` of the configuration."""
    names, findings = renamed(header, request.columns)
    joined, arms = request.columns.study, request.arms
    if (
        arms and arms.against is None
    ):  # a row holds one arm, whose figures may be called by those of the experimental one
        names = [name.removesuffix("_e") if name.removesuffix("_e") in FIELDS else name for name in names]
    columns = Columns(tuple(header))
    columns.study = tuple(list(header).index(name) for name in joined if name in header)
    columns.arms = tuple(list(header).index(name) for name in (arms.columns if arms else ()) if name in header)
    columns.forms = fitting_forms(set(names))
    used = {name for form in columns.forms for name in form.needs} | (set(names) & R_NAMES if columns.forms else set())
    has_study = joined or "study" in {name.casefold() for name in names}
    aliases = {} if has_study else dict.fromkeys(ID_ALIASES, "study")
    for position, name in enumerate(names):
        folded = name.casefold()
        target = name if name in KNOWN else folded if folded in KNOWN else (ALIASES | aliases).get(folded)
        if position in columns.arms or (joined and target == "study"):
            continue
        if name in used:
            columns.raw[name] = position
        elif target is not None and target not in columns.known:
            columns.known[target] = position
        else:
            columns.characteristics[name] = position
    return columns, findings


def could_be(name: str, cells: Sequence[Any]) -> bool:
    """Return whether some cell of a column can be a value of a field: a column of other texts is no misspelt one."""
    texts = {plain(cell) for cell in cells if not is_na(cell, number=True)}
    if name in NAMED_VALUES:
        return bool(texts & set(NAMED_VALUES[name]))
    return True


def misspelt(columns: Columns, grid: Grid) -> Iterator[Problem]:
    """Yield columns that look like a misspelt field, which would otherwise be taken for characteristics."""
    for name, position in columns.characteristics.items():
        close = difflib.get_close_matches(name.casefold(), FIELDS, n=1, cutoff=MISSPELT)
        if close and could_be(close[0], [cells[position] for _, cells in grid.rows]):
            message = f"did you mean '{close[0]}'? If it is a characteristic of the studies, give it a name less like that field, or leave it out: `columns: {{ignore: [{name}]}}`"
            yield Problem(grid.file, grid.line, name, message)
