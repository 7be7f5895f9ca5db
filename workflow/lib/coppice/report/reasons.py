"""Why a figure gave no effect, in words: of the routes that it could have taken, the one that lacks least."""

from __future__ import annotations

import re

from coppice.report import words

MISSING = re.compile(r"^(?P<route>\w+): (?P<fields>[\w, ]+) not reported$")
ARM = re.compile(r"_[ec]$")
FIELDS = {
    "se": "standard error",
    "ci": "confidence interval",
    "ci_scale": "scale of the interval",
    "p": "p value",
    "n": "number of patients",
    "v": "variance",
    "o_minus_e": "observed minus expected events",
    "chi2": "chi-squared",
    "se_log": "standard error of the logarithm",
}


def reason(text: str | None) -> str:
    """Say why a figure gave no effect.

    Parameters
    ----------
    text : str or None
        The reason in the extract: for each route the fields that it lacks, or a sentence.

    Returns
    -------
    str
        Such as ``standard error not reported``: what is missing for the route that lacks least. Other sentences stay.
    """
    parts = [part.strip() for part in (text or "").split(";") if part.strip()]
    lacking = [_fields(match["fields"]) for part in parts if (match := MISSING.match(part))]
    others = [
        words.readable(part) if part.startswith("no route from ") else part for part in parts if not MISSING.match(part)
    ]
    if lacking:
        others.insert(0, f"{words.listed(min(lacking, key=len))} not reported")
    return "; ".join(dict.fromkeys(others)) or "no reason given"


def _fields(text: str) -> list[str]:
    given = (name.strip() for name in text.split(","))
    names = dict.fromkeys(name if name in FIELDS else ARM.sub("", name) for name in given)
    return [FIELDS.get(name, words.readable(name)) for name in names]
