"""The figures that the columns of a table make together: counts, means, proportions, correlations, of two arms or of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from coppice.tools.new_review.effects import CORRELATIONS, FISHER, squashed
from coppice.tools.new_review.table import Column
from coppice.tools.new_review.words import CONTROL, EXPERIMENTAL, contrast, difference, readings

Words = tuple[str, ...]
Groups = dict[
    Words, dict[str, Column]
]  # by what the words of columns say of their quantities, the column of each quantity
SETS = (  # quantities of an arm, and what they give in two arms and in one
    (("events", "n"), "counts", "proportion"),
    (("events", "nonevents"), "counts", "proportion"),
    (("mean", "sd", "n"), "means", "mean"),
    (("mean", "se", "n"), "means", "mean"),
    (("median", "q1", "q3", "n"), "means", "mean"),
    (("events", "time"), "person_time", "rate"),
    (("percent", "n"), "counts", "proportion"),
)
MEASURES = {  # of each form, the usual one first
    "counts": ("OR", "RR", "RD"),
    "means": ("MD", "SMD", "ROM"),
    "person_time": ("IRR", "IRD"),
    "proportion": ("PLO", "PFT", "PR"),
    "mean": ("MN",),
    "rate": ("IRLN",),
    "correlation": ("ZCOR", "COR"),
    "logrank": ("HR",),
    "effect": ("GEN",),
    "diagnostic_counts": ("DTA",),
}
TWO_BY_TWO = (("ai", "bi", "ci", "di"), ("a", "b", "c", "d"))
CELLS = {
    "tp": "truepositive",
    "fp": "falsepositive",
    "fn": "falsenegative",
    "tn": "truenegative",
}  # of a diagnostic test
DIAGNOSTIC = {"tp": "events", "truepositive": "events", "truepositives": "events", "fn": "nonevents", "falsenegative": "nonevents", "falsenegatives": "nonevents"}  # fmt: skip
ENOUGH = 0.9  # share of the rows in which figures are possible ones


@dataclass(frozen=True, slots=True)
class Form:
    """Columns that make one figure per row."""

    name: str
    fields: Mapping[str, Column]  # by the names that `columns:` takes
    label: str  # what the figures are of, in the words of the columns; empty where these don't say
    certainty: int  # how clearly the names say which arm is which
    reason: str
    measure: str | None = None  # that the names say

    def coverage(self) -> int:
        """Return the number of rows that have the whole figure."""
        columns = list(self.fields.values())
        return sum(None not in row for row in zip(*(column.numbers for column in columns), strict=True))

    def swapped(self) -> Form:
        """Return the figures with the arms the other way round."""
        pairs = {"ai": "ci", "bi": "di", "ci": "ai", "di": "bi"}
        other = {name: pairs.get(name) or name[:-1] + {"e": "c", "c": "e"}[name[-1]] for name in self.fields}
        return Form(
            self.name, {name: self.fields[other[name]] for name in self.fields}, self.label, self.certainty, self.reason
        )


def is_possible(quantities: Mapping[str, Column]) -> bool:
    """Return whether columns can be what they are taken for: no more events than patients, positive standard deviations."""
    rows = [
        dict(zip(quantities, row, strict=True))
        for row in zip(*(column.numbers for column in quantities.values()), strict=True)
        if None not in row
    ]
    if not rows or any(column.is_constant for name, column in quantities.items() if name != "n"):
        return False

    def holds(row: Mapping[str, float | None]) -> bool:
        events, n = row.get("events") or 0, row.get("n")
        is_whole = all(row[name] == int(row[name] or 0) for name in ("events", "nonevents") if name in row)
        is_positive = all((row[name] or 0) > 0 for name in ("sd", "se", "time", "n") if name in row)
        return (
            is_whole
            and is_positive
            and events >= 0
            and (n is None or events <= n)
            and 0 <= (row.get("percent") or 0) <= 100
        )

    return sum(map(holds, rows)) >= ENOUGH * len(rows)


def groups_of(columns: Sequence[Column]) -> Groups:
    """Return the quantities of the columns by what the other words of their names say."""
    groups: Groups = {}
    for column in columns:
        if column.is_numeric:
            for quantity, others in readings(column.words):
                groups.setdefault(others, {}).setdefault(quantity, column)
    return groups


def arms_of(columns: Sequence[Column]) -> dict[Words, Column]:
    """Return, by arm, the columns named after an arm and something that is no quantity: `stroke_e`; or an arm alone: `placebo`."""
    return {
        column.words: column
        for column in columns
        if column.is_numeric
        and set(column.words) & (CONTROL | EXPERIMENTAL)
        and not any(len(word) > 1 and others for word in column.words for quantity, others in readings((word, "-")))
    }


def quantities_in(groups: Groups, words: Words, arm: Words, names: Sequence[str]) -> dict[str, Column] | None:
    """Return the columns of some quantities; the size may be named after the arm alone."""
    own = groups.get(words, {})
    shared = groups.get(arm, {})
    columns = {name: own.get(name) or (shared.get(name) if name == "n" else None) for name in names}
    complete = {name: column for name, column in columns.items() if column is not None}
    is_whole = len(complete) == len(names) and len({column.name for column in complete.values()}) == len(names)
    return complete if is_whole else None


def two_arms(columns: Sequence[Column]) -> Iterator[Form]:
    """Yield the forms of two arms."""
    groups = groups_of(columns)
    for column in arms_of(columns).values():  # counts of something that no dictionary has: stroke_e, n_e
        groups.setdefault(column.words, {}).setdefault("events", column)
    for first, second in combinations(groups, 2):
        clear = contrast(first, second), contrast(second, first)
        words, others = (second, first) if clear[1] > clear[0] else (first, second)
        own, other, both = difference(words, others)
        for names, form, _ in SETS:
            if not set(names) - {"n"} <= groups[words].keys() & groups[others].keys():
                continue
            sides = [quantities_in(groups, side, arm, names) for side, arm in ((words, own), (others, other))]
            if sides[0] is None or sides[1] is None or not all(side and is_possible(side) for side in sides):
                continue
            if {column.name for column in sides[0].values()} & {column.name for column in sides[1].values()}:
                continue
            if not max(clear) and not is_only_pair(groups, names, (first, second)):
                continue
            yield Form(
                form,
                fields_of_arms(names, sides[0], sides[1]),
                " ".join(word for word in both if own and word not in ("arm", "group", "i")),
                max(clear),
                f"'{' '.join(own) or ' '.join(words)}' is taken for the experimental arm, '{' '.join(other)}' for the control",
            )


def is_only_pair(groups: Groups, names: Sequence[str], pair: tuple[Words, Words]) -> bool:
    """Return whether no other columns than those of two groups have these quantities."""
    return {words for words, own in groups.items() if set(names) <= own.keys()} == set(pair)


def fields_of_arms(names: Sequence[str], own: Mapping[str, Column], other: Mapping[str, Column]) -> dict[str, Column]:
    """Return the columns of two arms by the names that `columns:` takes."""
    if "nonevents" in names:
        return {"ai": own["events"], "bi": own["nonevents"], "ci": other["events"], "di": other["nonevents"]}
    return {f"{name}_{arm}": side[name] for arm, side in (("e", own), ("c", other)) for name in names}


def two_by_two(columns: Sequence[Column]) -> Iterator[Form]:
    """Yield the form of four cells, and of two events with the sizes of their arms, by the letters of R."""
    by_name = {squashed(column.name): column for column in columns if column.is_numeric}
    tested = {
        cell: column
        for cell, long in CELLS.items()
        for column in [by_name.get(cell) or by_name.get(long) or by_name.get(f"{long}s")]
        if column is not None
    }
    if len(tested) == len(CELLS):
        yield Form("diagnostic_counts", tested, "accuracy", 3, "the two by two table of a diagnostic test")
    for letters in TWO_BY_TWO:
        if all(letter in by_name for letter in letters):
            yield Form(
                "counts",
                dict(zip(TWO_BY_TWO[0], (by_name[x] for x in letters), strict=True)),
                "",
                3,
                "the letters of R",
            )
    if all(name in by_name for name in ("ai", "n1i", "ci", "n2i")):
        fields = {"events_e": "ai", "n_e": "n1i", "events_c": "ci", "n_c": "n2i"}
        yield Form("counts", {name: by_name[own] for name, own in fields.items()}, "", 3, "the letters of R")
    cells = {DIAGNOSTIC[name]: column for name, column in by_name.items() if name in DIAGNOSTIC}
    if len(cells) == 2 and len(tested) < len(CELLS) and is_possible(cells):
        reason = "true positives among those with the condition: the sensitivity"
        yield Form("proportion", {"xi": cells["events"], "mi": cells["nonevents"]}, "sensitivity", 2, reason)
    for o, v in (("oe", "v"), ("ominuse", "v"), ("ome", "v"), ("oe", "variance"), ("oe", "var")):
        if o in by_name and v in by_name and any(number for number in by_name[o].numbers):
            yield Form(
                "logrank",
                {"o_minus_e": by_name[o], "v": by_name[v]},
                "",
                2,
                "observed minus expected events and their variance",
            )


def one_arm(columns: Sequence[Column]) -> Iterator[Form]:
    """Yield the forms of one group, or of an arm per row."""
    r_names = {"xi": "events", "ni": "n", "ti": "time", "mi": "mean", "sdi": "sd"}
    named = {squashed(column.name): column for column in columns if column.is_numeric}
    size = next(
        (named[name] for name in ("ni", "n", "total", "samplesize", "ntotal", "totaln", "size") if name in named), None
    )
    for name in (*CORRELATIONS,):
        if name in named and size and all(number is None or abs(number) < 1 for number in named[name].numbers):
            yield Form("correlation", {"r": named[name], "n": size}, "", 2, "a correlation with the size of its sample")
            break
    groups = groups_of(columns)
    r_form = {quantity: named[name] for name, quantity in r_names.items() if name in named}
    for words, own in [((), r_form), *groups.items()]:
        for names, _, form in SETS:
            sizes = {"n": own.get("n") or groups.get((), {}).get("n")}
            quantities = {name: own.get(name) or sizes.get(name) for name in names}
            complete = {name: column for name, column in quantities.items() if column is not None}
            if len(complete) < len(names) or len({column.name for column in complete.values()}) < len(names):
                continue
            if is_possible(complete):
                fields = (
                    {{"nonevents": "mi", "events": "xi"}[name]: column for name, column in complete.items()}
                    if "nonevents" in names
                    else complete
                )
                yield Form(form, fields, " ".join(words), 1, "the figures of one group per row")


def counts_of_arms(columns: Sequence[Column]) -> Form | None:
    """Return the counts of a table with a row for each arm whose events have a name that no dictionary has: `stroke`, `total`."""
    size = groups_of(columns).get((), {}).get("n")
    for column in columns:
        is_count = (
            column.is_numeric
            and not list(readings(column.words))
            and not {"id", "year", "group", "arm"} & set(column.words)
        )
        is_count = is_count and max(number or 0 for number in column.numbers) > 1
        if size and is_count and is_possible({"events": column, "n": size}):
            reason = f"'{column.name}' is taken for the number of events, as it is never more than '{size.name}'"
            return Form("proportion", {"events": column, "n": size}, " ".join(column.words), 0, reason)
    return None


def rates_of_arms(columns: Sequence[Column]) -> Form | None:
    """Return events and person-time of a table with a row for each arm whose time is called so: elsewhere it is a follow-up."""
    events = groups_of(columns).get((), {}).get("events")
    for column in columns:
        if events and column.words == ("time",) and is_possible({"events": events, "time": column}):
            return Form("rate", {"events": events, "time": column}, "", 0, f"'{column.name}' is taken for person-time")
    return None


def forms_of(columns: Sequence[Column]) -> list[Form]:
    """Return all forms of a table, each set of columns once, the clearest first."""
    forms = [
        *two_by_two(columns),
        *sorted(two_arms(columns), key=lambda form: (-form.certainty, len(form.label.split()))),
        *one_arm(columns),
    ]
    seen: dict[frozenset[str], Form] = {}
    for form in forms:
        seen.setdefault(frozenset(column.name for column in form.fields.values()), form)
    return list(seen.values())


__all__ = ["FISHER", "MEASURES", "Form", "forms_of"]
