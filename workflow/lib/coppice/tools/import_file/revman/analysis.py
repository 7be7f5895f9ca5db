"""RevMan's analyses, from whatever table they are read: settings to models, rows to figures of records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.measures import MEASURES
from coppice.tools.import_file.imported import StoredResult
from coppice.tools.import_file.plain_text import plain, plain_name
from coppice.tools.import_file.revman5.figures import BY_SUBGROUP
from coppice.tools.import_file.revman5.settings import GENERIC, MEASURE_WORDS

DICHOTOMOUS, CONTINUOUS, O_MINUS_E, CONTRAST = "dichotomous", "continuous", "O-E and variance", "contrast"
MEASURE_OF_COUNTS_OR_MEANS = {
    **dict.fromkeys(("or", "odds ratio", "peto odds ratio", "peto_or", "peto or", "odds ratio (non-event)"), "OR"),
    **dict.fromkeys(("rr", "risk ratio", "relative risk", "risk ratio (non-event)"), "RR"),
    **dict.fromkeys(("rd", "risk difference"), "RD"),
    **dict.fromkeys(("md", "wmd", "mean difference", "difference in means"), "MD"),
    **dict.fromkeys(
        ("smd", "standardized mean difference", "standardised mean difference", "std. mean difference"), "SMD"
    ),
    **dict.fromkeys(("rom", "ratio of means"), "ROM"),
}
ALLOWED = {DICHOTOMOUS: ("OR", "RR", "RD"), CONTINUOUS: ("MD", "SMD", "ROM")}
RATIOS = {"HR": "hazard_ratio", "RR": "risk_ratio", "OR": "odds_ratio", "IRR": "rate_ratio", "ROM": "ratio_of_means"}
METHODS = {"iv": "IV", "inverse variance": "IV", "mh": "MH", "mantel-haenszel": "MH", "m-h": "MH", "peto": "Peto"}
METHODS |= {"exp[(o-e)/var]": "Peto", "exp[(o-e)/v]": "Peto", "exp_o_e_var": "Peto", "generic inverse variance": "IV"}
FAVOURS = re.compile(r"^favou?rs\s+", re.I)
NEWER_METHODS = (  # of RevMan Web since 2024, which its tables name in words
    (re.compile(r"\bREML\b|restricted maximum", re.I), {"tau2": "REML"}),
    (re.compile(r"HKSJ|Hartung", re.I), {"inference": "HKSJ"}),
)
ID_OF_ANALYSIS = "a{group}_{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRow:
    """A study's row in an analysis, with what is filled in: its data type decides what is read."""

    study: str
    year: int | None = None
    subgroup: str = ""
    events_e: float | None = None
    n_e: float | None = None
    events_c: float | None = None
    n_c: float | None = None
    mean_e: float | None = None
    sd_e: float | None = None
    mean_c: float | None = None
    sd_c: float | None = None
    estimate: float | None = None
    se: float | None = None
    ratio: float | None = None  # a ratio as printed, where the estimate is not there as its logarithm
    o_minus_e: float | None = None
    v: float | None = None
    footnote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevManAnalysis:
    """An analysis of a review with its settings in RevMan's words, its rows, and the result that is stored.

    Attributes
    ----------
    kind : str
        DICHOTOMOUS, CONTINUOUS, O_MINUS_E or CONTRAST.
    measure, method, methods : str
        As the file has them; `methods` holds further words on estimators and intervals.
    log_scale : bool or None
        Whether effects of CONTRAST data are logarithms; None if the file does not say it.
    overall, subtotals : bool
        Whether there is a total, and totals of the subgroups.
    level, study_level : float
        Of the intervals of the totals and of the studies.
    sides : tuple of str
        Labels below the figure, left and right.
    """

    group: int
    number: int
    name: str
    group_name: str = ""
    kind: str
    measure: str
    method: str = ""
    methods: str = ""
    random: bool = True
    swap: bool = False
    log_scale: bool | None = None
    overall: bool = True
    subtotals: bool = True
    level: float = 0.95
    study_level: float = 0.95
    arms: tuple[str, str] = ("", "")
    sides: tuple[str, str] = ("", "")
    rows: Sequence[DataRow] = ()
    stored: StoredResult | None = None

    @property
    def at(self) -> str:
        """Its place in the review."""
        return f"Analysis {self.group}.{self.number}"

    @property
    def key(self) -> str:
        """Its name in the configuration, also that of its outcome in the records."""
        return ID_OF_ANALYSIS.format(group=self.group, number=self.number)

    @property
    def is_peto(self) -> bool:
        """Whether it pools counts by Peto's method."""
        return self.kind == DICHOTOMOUS and METHODS.get(self.method.casefold()) == "Peto"


class NotRead(Exception):
    """An analysis can't be taken over; the message says why."""


def measure_of(analysis: RevManAnalysis) -> str:
    """Return the code of an effect measure that a review has in words.

    Raises
    ------
    NotRead
        If it does not go with the data.
    """
    words = " ".join(analysis.measure.split())
    if allowed := ALLOWED.get(analysis.kind):
        code = MEASURE_OF_COUNTS_OR_MEANS.get(words.casefold())
        if code not in allowed:
            raise NotRead(
                f"effect measure '{plain(analysis.measure, 100)}' of {analysis.kind} data is not known; allowed: {', '.join(allowed)}"
            )
        return "PETO" if analysis.is_peto else code
    code = next((code for pattern, code in MEASURE_WORDS if re.search(pattern, words, re.IGNORECASE)), None)
    if analysis.kind == O_MINUS_E:
        return "PETO" if code == "OR" else code or "HR"
    if code is None:
        return GENERIC
    is_ratio = MEASURES[code].scale.is_ratio
    if is_ratio and analysis.log_scale is False:
        raise NotRead(f"effect measure '{plain(analysis.measure, 100)}' with data that are not on the log scale")
    return code


def settings_of(analysis: RevManAnalysis) -> dict[str, Any]:
    """Return the analysis as the configuration has it, without its studies.

    Raises
    ------
    NotRead
        If its measure or method is not known.
    """
    measure = measure_of(analysis)
    method = METHODS.get(" ".join(analysis.method.casefold().split()))
    if analysis.method and method is None:
        raise NotRead(f"statistical method '{plain(analysis.method, 100)}' is not known; allowed: MH, IV, Peto")
    model: dict[str, Any] = {"common": method} if analysis.kind == DICHOTOMOUS and method in ("IV", "Peto") else {}
    if abs(analysis.level - 0.95) > 1e-9:
        model["level"] = analysis.level
    for words, options in NEWER_METHODS:
        if words.search(analysis.methods):
            model |= options
    settings: dict[str, Any] = {"title": plain(analysis.name), "measure": measure}
    if any(row.subgroup for row in analysis.rows) and analysis.subtotals and all(row.subgroup for row in analysis.rows):
        settings["subgroups"] = BY_SUBGROUP
        settings |= {} if analysis.overall else {"overall": False}
    if all(analysis.sides):
        settings["favours"] = [FAVOURS.sub("", plain_name(side)) or side for side in analysis.sides]
    if analysis.kind == CONTINUOUS and measure == "SMD":
        settings["extract"] = {"smd_variance": "RevMan"}
    return settings | ({"model": model} if model else {})


def statistic_of(analysis: RevManAnalysis, measure: str) -> str:
    """Return the form in which the rows of an analysis are kept."""
    if analysis.kind == O_MINUS_E and measure != "HR":
        return "effect"
    return {DICHOTOMOUS: "counts", CONTINUOUS: "means", O_MINUS_E: "logrank", CONTRAST: "effect"}[analysis.kind]


def figure_of(analysis: RevManAnalysis, row: DataRow, measure: str) -> dict[str, Any]:
    """Return the figure of a row in its form: a printed ratio as such."""
    if analysis.kind == CONTRAST and row.ratio is not None and measure in RATIOS:
        return {"statistic": RATIOS[measure], **filled(estimate=row.ratio, se_log=row.se)}
    return {"statistic": statistic_of(analysis, measure), **fields_of(analysis, row)}


def fields_of(analysis: RevManAnalysis, row: DataRow) -> dict[str, Any]:
    """Return the fields of a figure: those of the data type, as zeros in the others mean that nothing was filled in."""
    if analysis.kind == DICHOTOMOUS:
        events_e, events_c = row.events_e, row.events_c
        if analysis.swap:
            events_e, events_c = (
                None if events is None or n is None else n - events
                for events, n in ((row.events_e, row.n_e), (row.events_c, row.n_c))
            )
        return {"events_e": events_e, "n_e": row.n_e, "events_c": events_c, "n_c": row.n_c}
    if analysis.kind == CONTINUOUS:
        return filled(mean_e=row.mean_e, sd_e=row.sd_e, n_e=row.n_e, mean_c=row.mean_c, sd_c=row.sd_c, n_c=row.n_c)
    if analysis.kind == CONTRAST:
        return filled(yi=row.estimate, sei=row.se)
    patients = filled(**({"n_e": row.n_e, "n_c": row.n_c} if row.n_e and row.n_c else {}))
    events = filled(**({"events_e": row.events_e, "events_c": row.events_c} if row.events_e or row.events_c else {}))
    if measure_of(analysis) == "HR":
        return filled(o_minus_e=row.o_minus_e, v=row.v) | events | patients
    if row.o_minus_e is None or not row.v:
        return filled(vi=row.v)
    return {"yi": row.o_minus_e / row.v, "vi": 1 / row.v}


def filled(**values: float | None) -> dict[str, float]:
    """Return the fields that have a value."""
    return {name: value for name, value in values.items() if value is not None}
