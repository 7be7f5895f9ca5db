"""A table with a row for each arm or comparison: whether its studies make a network, and the keys that say how it is read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from coppice.tools.new_review.studies import ARM_NAMES, ArmRows, Rows
from coppice.tools.new_review.table import Column, Table
from coppice.tools.new_review.words import CONTROL_TEXT

FEW = 0.5  # share of studies with the two arms that are compared most, below which the table is that of a network
WHOLE = 0.8  # share of studies that name each of their arms once
MOST_TREATMENTS = 100
SHARED = 0.6  # treatments by rows: of more, a column is no treatment that studies share
SMALL_VALUES = (
    "Small values of the measure are taken for good, as of deaths; `bad` where large values are, as of cures."
)


@dataclass(frozen=True, slots=True)
class NetworkRows:
    """A table whose rows are the arms of a network, or its comparisons."""

    column: Column
    reference: str
    treatments: int
    against: Column | None = None  # the other treatment of a row, where each row is a comparison


def network_rows(rows: Rows, table: Table, arms: ArmRows | None) -> NetworkRows | None:
    """Return the column of the treatments of a network; None of a table that compares two arms, or has a row per study."""
    if rows.share_repeated() < FEW or (arms and not is_beyond(rows, arms)):
        return None
    for column in table.columns:
        if column in rows.study or not set(column.words) & ARM_NAMES:
            continue
        by_study: dict[Any, list[str]] = {}
        for index in rows.kept:
            if text := column.texts[index]:
                by_study.setdefault(rows.names(index), []).append(text)
        studies = Counter(text for texts in by_study.values() for text in set(texts))
        whole = sum(len(texts) == len(set(texts)) > 1 for texts in by_study.values())
        if whole < WHOLE * len(by_study) or not 2 <= len(studies) <= min(MOST_TREATMENTS, SHARED * len(rows.kept)):
            continue
        return NetworkRows(column, reference_of(studies), len(studies))
    return None


def reference_of(studies: Counter[str]) -> str:
    """Return the treatment that the others are compared with: a control by its name, that of most studies."""
    controls = [text for text in studies if CONTROL_TEXT.search(text)]
    return max(controls or studies, key=lambda text: studies[text])


def network_comparisons(rows: Rows, table: Table) -> NetworkRows | None:
    """Return the two columns of treatments of a table with a row for each comparison, which have most of them in common."""
    columns = [column for column in table.columns if column not in rows.study and set(column.words) & ARM_NAMES]
    for one, other in combinations(columns, 2):
        texts = [(one.texts[index], other.texts[index]) for index in rows.kept]
        if not all(a and b and a != b for a, b in texts):
            continue
        studies = Counter(text for pair in texts for text in pair if text)
        shared = {a for a, _ in texts} & {b for _, b in texts}
        if shared and 2 < len(studies) <= min(MOST_TREATMENTS, 2 * SHARED * len(texts)):
            return NetworkRows(one, reference_of(studies), len(studies), other)
    return None


def is_beyond(rows: Rows, arms: ArmRows) -> bool:
    """Return whether most studies lack one of the two arms that are compared most."""
    by_study: dict[Any, set[str | None]] = {}
    for index in rows.kept:
        by_study.setdefault(rows.names(index), set()).add(arms.column.texts[index])
    both = sum({arms.experimental, arms.control} <= texts for texts in by_study.values())
    return both < FEW * len(by_study)


def network_config(found: NetworkRows) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Return the key `arms`, the settings of the network, and the comment of the key."""
    settings = {"reference": found.reference, "small_values": "good"}
    network = f"{found.treatments} treatments make a network."
    if found.against:
        of_columns = {"column": found.column.name, "against": found.against.name}
        return of_columns, settings, f"Each row compares two arms of its study: {network}"
    comment = (
        f"Each row is an arm of its study: {network} To compare two of them, name them as `experimental` and `control`."
    )
    return {"column": found.column.name}, settings, comment


def arms_config(arms: ArmRows) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the key `arms`, and its comments."""
    config = {"column": arms.column.name, "experimental": arms.experimental, "control": arms.control}
    comments = {"arms": "The table has a row for each arm; the rows of these two are compared."}
    if arms.others:
        comments["arms"] += f" Other arms: {', '.join(arms.others[:8])}."
    if arms.several:
        config["several"] = "combine"
        comments["arms"] += (
            " Several experimental arms of a study are added together; `split` or `whole` compare each with the control."
        )
    return config, comments
