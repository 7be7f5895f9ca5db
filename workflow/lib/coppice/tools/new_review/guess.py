"""A configuration for a table, guessed from the names and the values of its columns; each guess is a comment in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coppice.core.errors import CoppiceError
from coppice.core.measures import MEASURES as ALL
from coppice.pool.profiles import DEFAULT_PROFILE
from coppice.review.tables.names import identifier
from coppice.tools.new_review.effects import EFFICACY, Effect, effects_of, squashed
from coppice.tools.new_review.forms import MEASURES, Form, counts_of_arms, forms_of, rates_of_arms
from coppice.tools.new_review.measures import measure_of
from coppice.tools.new_review.networks import (
    SMALL_VALUES,
    NetworkRows,
    arms_config,
    network_comparisons,
    network_config,
    network_rows,
)
from coppice.tools.new_review.studies import (
    ArmRows,
    Rows,
    arm_rows,
    of_one_outcome,
    settle_repeated,
    study_column,
    without_totals,
    year_column,
)
from coppice.tools.new_review.table import Column, Table, find_table

SHARE = 0.5  # of the rows of the figures that most rows have: figures that fewer have are not chosen
MOST_NAMED = 30  # columns in a comment
OTHER_FORMS = 6
OF_ONE_ARM = frozenset(
    ("proportion", "mean", "rate")
)  # forms that are those of an arm where a table has a row for each
TWO_ARMS = {"proportion": "counts", "mean": "means", "rate": "person_time"}
RATIO = "RR"  # what a ratio is taken for that nothing names: its pooled value is that of any other


@dataclass(frozen=True, slots=True)
class Guess:
    """What a table was taken for.

    Attributes
    ----------
    config : dict
        The configuration.
    comments : dict
        The reason of each guess, by its place in the configuration.
    notes : list of str
        A line for each thing that was not understood, or that a person should look at.
    """

    config: dict[str, Any]
    comments: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def form_of(effect: Effect) -> Form:
    """Return the form of an effect that the table holds."""
    measure = effect.measure or (RATIO if "estimate" in effect.fields else None)
    if measure == "COR":
        measure = None if "vi" in effect.fields or "sei" in effect.fields else measure
    certain = 2 if effect.measure else 1
    return Form("effect", effect.fields, "", certain, effect.reason, measure)


NO_FORM = Form(
    "effect",
    {},
    "",
    0,
    "no columns were recognised that make a figure: name them here, such as `events_e: ..., n_e: ..., events_c: ..., n_c: ...`, or `yi: ..., sei: ...`",
)


def chosen_form(columns: Sequence[Column]) -> tuple[Form, list[Form]]:
    """Return the figures that are taken, and the others that the table has.

    Counts and means go before effects, these before the figures of one group; figures that only few rows have come last.
    """
    forms = forms_of(columns)
    two = [form for form in forms if any(name.endswith("_e") or name == "ai" for name in form.fields)]
    own = [form for form in forms if form.name in ("correlation", "logrank") or "mi" in form.fields]
    one = [form for form in forms if form not in two and form not in own]
    in_order = [*two, *own, *map(form_of, effects_of(columns)), *one]
    most = max((form.coverage() for form in in_order), default=0)
    form = next((form for form in in_order if form.coverage() >= SHARE * most), NO_FORM)
    taken = {column.name for column in figure_columns(form)}
    return form, [other for other in in_order if not taken >= {column.name for column in figure_columns(other)}]


def described(form: Form) -> str:
    """Return figures as a line of `columns:`."""
    return "{" + ", ".join(f"{name}: {column.name}" for name, column in form.fields.items()) + "}"


def figure_columns(form: Form) -> list[Column]:
    """Return the columns of the figures."""
    return list(form.fields.values())


def measure_of_effect(form: Form, columns: Sequence[Column]) -> tuple[str, str]:
    """Return the measure of effects, from their name or from a column that says it."""
    if form.measure:
        return (
            form.measure,
            "as the name of the column says" if form.certainty > 1 else "nothing says which ratio it is",
        )
    for column in columns:
        if {"measure", "metric", "effect", "es"} & set(column.words) and len(column.levels) == 1:
            code = column.levels[0].upper()
            if code in ALL:
                return code, f"the column {column.name} says so"
    return (
        "GEN",
        "nothing says which measure it is; name it here, such as SMD, or OR where the effects are log odds ratios",
    )


def left_out(table: Table, used: set[str]) -> str:
    """Return the comment that names the columns that are not read."""
    names = [column.name for column in table.columns if column.name not in used]
    more = f" and {len(names) - MOST_NAMED} others" if len(names) > MOST_NAMED else ""
    shown = f"These are not read: {', '.join(names[:MOST_NAMED])}{more}. " if names else ""
    return f"{shown}To group or select studies by a column, add it as `name: column`."


def not_understood(table: Table, form: Form, others: Sequence[Form]) -> Iterator[str]:
    """Yield a line for each thing that looks like a figure and can't be taken."""
    columns = [column for column in table.columns if column not in figure_columns(form)]
    for column in columns:
        if squashed(column.name) in EFFICACY:
            yield f"{column.name} looks like the efficacy of a vaccine, 1 - RR, and no columns were recognised that hold its limits: name all three as efficacy, ci_low and ci_high"
        if column.is_numeric and {"events", "event"} & set(column.words):
            numbers = [number for number in column.numbers if number is not None]
            if all(0 <= number <= 1 for number in numbers) and any(number != int(number) for number in numbers):
                yield f"{column.name} holds proportions where its name says counts; multiply them by the number of patients"
        if not column.is_numeric and column.filled and {"ci", "confidence"} & set(column.words):
            yield f"{column.name} holds intervals as text, such as {column.levels[0]!r}: split it into two columns, ci_low and ci_high"
    for other in others[:OTHER_FORMS]:
        yield f"the table has other figures too: {described(other)}"
    if len(others) > OTHER_FORMS:
        yield f"... and {len(others) - OTHER_FORMS} other figures"


def guess(file: Path, stored_as: str) -> Guess:
    """Return a configuration for the table in a file, which the review keeps under another name.

    Raises
    ------
    CoppiceError
        If the file holds no table, or no column that names studies.
    """
    table = find_table(file)
    name_column = study_column(table)
    if name_column is None:
        names = ", ".join(column.name for column in table.columns)
        raise CoppiceError(f"{file}: no column names the studies; the columns are {names}")
    year = year_column(table)
    rows = Rows([name_column], [index for index, name in enumerate(name_column.texts) if name])
    if rows.repeated() and year and {"author", "authors"} & set(name_column.words):
        rows.study.append(year)
    form, others = chosen_form(table.of(rows.kept).columns)
    arms = arm_rows(rows, table)
    network = network_rows(rows, table, arms)
    if not arms and not network:
        of_one_outcome(rows, table, [column.name for column in figure_columns(form)])
        form, others = chosen_form(table.of(rows.kept).columns)
        arms = arm_rows(rows, table)
        network = network_rows(rows, table, arms)
    if form is NO_FORM and (arms or network):
        form = counts_of_arms(table.of(rows.kept).columns) or rates_of_arms(table.of(rows.kept).columns) or form
    if form.name not in OF_ONE_ARM and form is not NO_FORM:
        arms, network = None, network_comparisons(rows, table)
    fields = {name: table.named(column.name) for name, column in form.fields.items()}
    without_totals(rows, table, list(fields.values()))
    rows.kept = [index for index in rows.kept if all(column.numbers[index] is not None for column in fields.values())]
    if not arms and not network:
        settle_repeated(rows, table, list(fields.values()))
    found = Found(file, stored_as, table, table.of(rows.kept), rows, year, None if network else arms, network)
    own = {name: found.read.named(column.name) for name, column in fields.items()}
    return written(found, replace(form, fields=own), others)


@dataclass(frozen=True, slots=True)
class Found:
    """A table and what its rows are."""

    file: Path
    stored_as: str  # the name of the file in the review
    table: Table
    read: Table  # the rows that are read
    rows: Rows
    year: Column | None
    arms: ArmRows | None
    network: NetworkRows | None = None


def settled_measure(found: Found, form: Form) -> tuple[Form, str, str]:
    """Return the figures, with the arms as printed effects have them, their measure and the reason for it."""
    if found.arms or (found.network and form.name in OF_ONE_ARM):
        form = replace(form, name=TWO_ARMS.get(form.name, "counts"))
        return form, MEASURES[form.name][0], "the usual one"
    if form.name == "effect":
        measure, why = measure_of_effect(form, found.read.columns)
        return form, measure, why
    return measure_of(form, found.read.columns)


def written(found: Found, form: Form, others: list[Form]) -> Guess:
    """Return the configuration of what was found."""
    table, rows, year = found.table, found.rows, found.year
    form, measure, why = settled_measure(found, form)
    if alternatives := [code for code in MEASURES[form.name] if code != measure and form.name != "effect"]:
        why += f"; {' and '.join(alternatives)} can be had of the same columns"
    mapping: dict[str, Any] = {"only": True, "study": [column.name for column in rows.study]}
    if len(rows.study) == 1:
        mapping["study"] = rows.study[0].name
    if year and year not in rows.study:
        mapping["year"] = year.name
    mapping |= {name: column.name for name, column in form.fields.items()}
    used = {column.name for column in (*rows.study, *figure_columns(form), *([year] if year else []))}
    name = identifier(form.label.casefold()) or "effect"
    comments = {
        "review": "What is printed on the first page; config/README.md of Coppice has the other keys.",
        "columns": left_out(table, used),
        "columns.study": "What names the studies.",
        f"columns.{next(iter(form.fields), 'study')}": f"{form.reason[0].upper()}{form.reason[1:]}; {form.coverage()} rows have it."
        if form.fields
        else f"What names the studies; {form.reason}.",
        "profile": "The defaults of the model: cochrane2025, revman5, iqwig6, metafor or meta.",
        f"analyses.{name}.measure": f"{ALL[measure].name[0].upper()}{ALL[measure].name[1:]}: {why}.",
    }
    config: dict[str, Any] = {"review": {"title": title(found.file)}, "studies": found.stored_as}
    if table.sheet:
        config["sheet"] = table.sheet
        comments["sheet"] = (
            f"The sheet that looks most like a table of studies; the others are {', '.join(table.other_sheets)}."
        )
    if table.header:
        config["header"] = table.header[0] if len(table.header) == 1 else list(table.header)
        comments["header"] = "The row, or the two, with the names of the columns."
    config["columns"] = mapping
    if rows.where:
        config["where"] = dict(rows.where)
    analysis: dict[str, Any] = {"measure": measure}
    if found.arms:
        config["arms"], of_arms = arms_config(found.arms)
        comments |= of_arms
    if found.network:
        config["arms"], analysis["network"], comments["arms"] = network_config(found.network)
        comments[f"analyses.{name}.network"] = SMALL_VALUES
    config |= {"profile": DEFAULT_PROFILE, "analyses": {name: analysis}}
    if others:
        shown = "; ".join(map(described, others[:OTHER_FORMS]))
        comments["analyses"] = f"Other figures that `columns` could name: {shown}."
    notes = [
        *rows.notes,
        *without_events(form, is_network=found.network is not None),
        *([] if form.fields else [form.reason]),
        *not_understood(table, form, others),
    ]
    return Guess(config, comments | rows.comments, notes)


def without_events(form: Form, *, is_network: bool) -> list[str]:
    """Return a line where arms have no event at all, which leaves their studies without a ratio."""
    events = [form.fields[name] for name in ("events", "events_e", "events_c", "ai", "ci") if name in form.fields]
    count = sum(0 in row for row in zip(*(column.numbers for column in events), strict=True))
    if not count or form.name != "counts":
        return []
    remedy = "`profile: metafor`, or `extract: {zero_cells: constant, zero_value: 0.5}`, adds 0.5 to their cells"
    if is_network:
        return [
            f"{count} arms have no event, and so no odds ratio: `network: {{..., method: MH}}` takes their counts as they are; {remedy}"
        ]
    return [f"{count} rows have an arm without any event, and so no ratio: their studies are excluded; {remedy}"]


def title(file: Path) -> str:
    """Return the title of a review: the name of its file in words."""
    return " ".join(file.stem.replace("_", " ").replace("-", " ").split())
