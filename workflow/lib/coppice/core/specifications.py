"""What every verb says of the specifications of a multiverse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coppice.core.common_methods import COMMON_METHODS, INVERSE_VARIANCE

RANDOM = "random"  # the model of random effects by inverse variance


def without_events(rows: Iterable[Mapping[str, Any]]) -> str:
    """Say which models leave out studies without an event in either arm, beside others that take them; empty without any.

    `rows` are specifications of one measure.
    """
    every = list(rows)
    by_counts = [row for row in every if row["choices"].get("model", RANDOM) not in (RANDOM, INVERSE_VARIANCE)]
    studies = {
        code: max(row["k"] for row in by_counts if row["choices"]["model"] == code) for code in _models(by_counts)
    }
    of_glmm = [k for code, k in studies.items() if code not in COMMON_METHODS]
    fewer = {code: k for code, k in studies.items() if code in COMMON_METHODS and of_glmm and k < max(of_glmm)}
    if not fewer:
        return ""
    named = " and ".join(f"{code} ({k} of {max(of_glmm)} studies)" for code, k in fewer.items())
    verb = "leaves" if len(fewer) == 1 else "leave"
    return f"{named} {verb} out studies without an event, or with events alone, in both arms; the GLMM takes them as they are."


def _models(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(str(row["choices"]["model"]) for row in rows))
