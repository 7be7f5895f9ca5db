"""The rows of a table: which column names the study, which rows are totals, which of several rows of a study are meant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from coppice.review.tables.columns import KNOWN
from coppice.tools.new_review.table import Column, Table
from coppice.tools.new_review.words import CONTROL_TEXT, TOTAL, word_set

STUDY = ("study", "trial", "studies", "trials", "studlab", "slab", "acronym", "author", "authors", "experiment", "paper", "article",
         "publication", "reference", "citation", "source", "label", "title", "name", "first", "cohort", "sample", "id")  # fmt: skip
NOT_STUDY = word_set(
    "design type size quality country arm drug outcome scale measure group duration weeks subgroup number n"
)
OUTCOME = word_set("outcome outcomes endpoint analysis comparison measure event")
SELECTING = OUTCOME | word_set(
    "time timepoint scale instrument term variable subgroup test type population period visit group condition dose sample category"
)
ARM_NAMES = word_set("arm arms drug drugs treatment treat trt intervention group condition comparison agent allocation")
LEVELS = 40  # of a column by whose values rows are selected, at most
FEW = 0.34  # share of studies with several rows, up to which each row is a comparison of its own
MOST_SELECTED = 4  # columns by which rows are selected
MOST_PAIRED = 12  # columns of which two together may tell rows apart
LONGEST = 40  # characters of the name of an outcome; what is longer is a comment
LEAST = 5  # values of a column that names studies, where the table has so many rows
LONGEST_NAME = 120  # characters of a study's name; what is longer is a reference
NUMBERING = word_set("id no nr number obs experiment effect sample comparison wave dose year arm cohort grp comp")
LOST = 0.2  # share of studies that selecting rows by one column may leave without any
YEARS = range(1800, 2101)


def rank(column: Column) -> int | None:
    """Return how much a column's name is that of the studies, the smaller the more; None where it is not."""
    words = [word for word in column.words if word.isalpha()]
    squashed = "".join(words)
    ranks = [STUDY.index(word) for word in (*words, squashed, squashed.removesuffix("id")) if word in STUDY]
    if not ranks or set(words) & NOT_STUDY:
        return None
    return min(ranks)


def year_column(table: Table) -> Column | None:
    """Return the column of the years of publication."""
    for column in table.columns:
        is_named = "year" in column.words or "pubyear" in column.words or column.words in (("yr",), ("date",))
        numbers = [number for number in column.numbers if number is not None]
        if is_named and column.is_numeric and numbers and all(number in YEARS for number in numbers):
            return column
    return None


def study_column(table: Table) -> Column | None:
    """Return the column of the studies' names: by its name, otherwise the first with a text of its own in almost every row."""
    filled = [column for column in table.columns if column.filled > len(table.rows) / 2]
    ranked: list[tuple[tuple[bool, bool, bool, int, int], Column]] = []
    for column in filled:
        place = rank(column)
        if place is not None and len(column.levels) > 1:
            is_short = max(map(len, column.levels)) <= LONGEST_NAME
            has_many = len(column.levels) >= min(LEAST, len(table.rows))
            ranked.append(((not is_short, not has_many, column.is_numeric, place, -len(column.levels)), column))
    if ranked:
        return min(ranked, key=lambda item: item[0])[1]
    others = [column for column in filled if not column.is_numeric and len(column.levels) > 0.4 * column.filled]
    return others[0] if others else None


def can_tell(column: Column) -> bool:
    """Return whether a column may say which row of a study is meant: texts, and numbers that its name calls so."""
    return column.filled > 0 and (
        not column.is_numeric or any(word in SELECTING | NUMBERING or word.endswith("id") for word in column.words)
    )


@dataclass(slots=True)
class Rows:
    """Which rows are read, and how they belong to studies."""

    study: list[Column]
    kept: list[int]  # positions of the rows
    where: dict[str, str | int | float | None] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def names(self, index: int) -> tuple[str | None, ...]:
        """Return what a row calls its study."""
        return tuple(column.texts[index] for column in self.study)

    def repeated(self, kept: Sequence[int] | None = None) -> int:
        """Return the number of rows beyond the first of each study."""
        rows = self.kept if kept is None else kept
        return len(rows) - len({self.names(index) for index in rows})

    def share_repeated(self) -> float:
        """Return the share of studies that have several rows."""
        counts = Counter(map(self.names, self.kept))
        return sum(count > 1 for count in counts.values()) / max(1, len(counts))


def cell_value(column: Column, text: str) -> str | int | float:
    """Return a value as the configuration writes it: a number where the column holds numbers."""
    if not column.is_numeric:
        return text
    number = next((number for number, own in zip(column.numbers, column.texts, strict=True) if own == text), None)
    return text if number is None else int(number) if number == int(number) else number


def select(rows: Rows, column: Column, text: str) -> None:
    """Keep the rows in which a column has a value."""
    rows.kept = [index for index in rows.kept if column.texts[index] == text]
    rows.where[column.name] = cell_value(column, text)
    others = [other for other in column.levels if other != text]
    shown = ", ".join(others[:8]) + (f" and {len(others) - 8} others" if len(others) > 8 else "")
    rows.comments[f"where.{column.name}"] = f"The rows of one {column.name}; the table has {shown} too."


def without_totals(rows: Rows, table: Table, figures: Sequence[Column]) -> None:
    """Leave out the rows of totals: by their names, or as their counts are the sums of all others."""
    sums = [column for column in figures if all(number is None or number == int(number) for number in column.numbers)]
    totals = []
    for index in rows.kept:
        others = [other for other in rows.kept if other != index]
        is_sum = (
            len(others) > 1
            and len(sums) > 1
            and all(
                column.numbers[index] and column.numbers[index] == sum(column.numbers[other] or 0 for other in others)
                for column in sums
            )
        )
        if is_sum or any(TOTAL.search(name or "") for name in rows.names(index)):
            totals.append(index)
    if not totals:
        return
    studies = [index for index in rows.kept if index not in totals]
    lines = ", ".join(str(table.rows[index]) for index in totals)
    for column in table.columns:
        if all(column.texts[index] for index in totals) and not any(column.texts[index] for index in studies):
            rows.kept = studies
            rows.where[column.name] = None
            rows.comments[f"where.{column.name}"] = (
                f"Empty in the rows of studies; row {lines} is a total, which is no study."
            )
            return
    rows.notes.append(f"row {lines} holds a total, which is no study: delete it from the table")


def of_one_outcome(rows: Rows, table: Table, figures: Sequence[str]) -> None:
    """Select the rows of one outcome, that of most studies, where a column names several."""
    for column in table.columns:
        levels = {text for index in rows.kept if (text := column.texts[index])}
        is_outcome = bool(set(column.words) & OUTCOME) and column not in rows.study and column.name not in figures
        is_needed = rows.repeated() > 0 or bool({"outcome", "endpoint"} & set(column.words))
        is_outcome = is_outcome and max(map(len, levels), default=0) <= LONGEST
        if is_outcome and 1 < len(levels) <= LEVELS and is_needed:
            select(rows, column, most_studies(rows, column))


def most_studies(rows: Rows, column: Column) -> str:
    """Return the value that a column has in the rows of most studies; of several the first."""
    studies: dict[str, set[tuple[str | None, ...]]] = defaultdict(set)
    for index in rows.kept:
        if text := column.texts[index]:
            studies[text].add(rows.names(index))
    return max(studies, key=lambda text: len(studies[text]))


def is_free(column: Column) -> bool:
    """Return whether the reader of tables takes a column for nothing else where it is a part of the study's name."""
    return column.name.casefold() == "year" or column.name.casefold() not in KNOWN


def tell_apart(rows: Rows, table: Table, figures: Sequence[Column]) -> bool:
    """Make each row a study of its own by a column that tells the rows of one study apart, or by two; return whether there are such."""
    columns = [
        column
        for column in table.columns
        if column not in rows.study and column not in figures and can_tell(column) and is_free(column)
    ]
    columns.sort(key=lambda column: (column.is_numeric, len(column.levels)))
    for chosen in [*((column,) for column in columns), *combinations(columns[:MOST_PAIRED], 2)]:
        marked = {(*rows.names(index), *(column.texts[index] for column in chosen)) for index in rows.kept}
        if len(marked) == len(rows.kept):
            rows.study += chosen
            names = " and ".join(column.name for column in chosen)
            message = f"{names} tell{'s' if len(chosen) == 1 else ''} the rows of one study apart, each of which is pooled as a study of its own"
            rows.comments["columns.study"] = f"{message}; they may share patients, such as a control group."
            rows.notes.append(f"{message}: if they share patients, such as a control group, they count twice")
            return True
    return False


def select_rows(rows: Rows, table: Table, figures: Sequence[Column]) -> None:
    """Select the rows of one value of a column, step by step, as long as that leaves most studies with fewer rows."""
    columns = [
        column for column in table.columns if column not in rows.study and column not in figures and can_tell(column)
    ]
    columns = [column for column in columns if "year" not in column.words]
    while rows.repeated() and len(rows.where) < MOST_SELECTED:
        studies = len(set(map(rows.names, rows.kept)))
        steps = []
        for column in columns:
            if 1 < len({column.texts[index] for index in rows.kept}) <= LEVELS and any(
                column.texts[i] for i in rows.kept
            ):
                text = most_studies(rows, column)
                kept = [index for index in rows.kept if column.texts[index] == text]
                lost = studies - len(set(map(rows.names, kept)))
                named = bool(set(column.words) & SELECTING)
                if rows.repeated(kept) < rows.repeated() and lost <= LOST * studies:
                    steps.append((rows.repeated(kept) + lost - named / 2, len(column.levels), column.name, text))
        if not steps:
            return
        *_, name, text = min(steps)
        select(rows, table.named(name), text)


def settle_repeated(rows: Rows, table: Table, figures: Sequence[Column]) -> None:
    """Leave one row per study: by a column that tells its comparisons apart where few have several, by selecting rows otherwise."""
    if rows.repeated() and rows.share_repeated() <= FEW and tell_apart(rows, table, figures):
        return
    every, of_outcome = list(rows.kept), dict(rows.where)
    select_rows(rows, table, figures)
    if not rows.repeated():
        return
    selected, where = rows.kept, rows.where
    rows.kept, rows.where = every, of_outcome
    if tell_apart(rows, table, figures):
        rows.comments = {
            place: text
            for place, text in rows.comments.items()
            if place not in {f"where.{name}" for name in where.keys() - of_outcome}
        }
        return
    rows.kept, rows.where = selected, where
    rows.notes.append(
        f"{rows.repeated()} rows are a second one of their study: select rows with `where:`, or tell them apart with a second column, `study: [name, column]`"
    )


@dataclass(frozen=True, slots=True)
class ArmRows:
    """A table with a row for each arm."""

    column: Column
    experimental: str
    control: str
    several: bool  # whether a study has several experimental arms
    others: tuple[str, ...]  # experimental arms that are left out


def arm_rows(rows: Rows, table: Table) -> ArmRows | None:
    """Return the column that names arms, where most studies have several rows, one of which is a control."""
    if rows.share_repeated() < 0.5:
        return None
    trials: list[tuple[int, ArmRows]] = []
    for column in table.columns:
        if column.is_numeric or column in rows.study:
            continue
        by_study: dict[tuple[str | None, ...], list[str]] = defaultdict(list)
        for index in rows.kept:
            by_study[rows.names(index)].append(column.texts[index] or "")
        controls = Counter(text for texts in by_study.values() for text in set(texts) if CONTROL_TEXT.search(text))
        if not controls:
            continue
        control = controls.most_common(1)[0][0]
        paired = [texts for texts in by_study.values() if control in texts]
        arms = Counter(text for texts in paired for text in dict.fromkeys(texts) if text and text != control)
        if not arms or any(texts.count(control) > 1 for texts in paired):
            continue
        experimental, count = arms.most_common(1)[0]
        several = any(texts.count(experimental) > 1 for texts in paired)
        found = ArmRows(column, experimental, control, several, tuple(text for text in arms if text != experimental))
        trials.append((count, found))
    most = max((count for count, _ in trials), default=0)
    named = [found for count, found in trials if 2 * count >= most and set(found.column.words) & ARM_NAMES]
    likely = named or [found for count, found in trials if count == most]
    if not likely:
        return None
    # an arm's name may begin with that of its drug, which another column has alone
    return min(
        (item for item in likely if likely[0].experimental.startswith(item.experimental)),
        key=lambda item: len(item.experimental),
    )
