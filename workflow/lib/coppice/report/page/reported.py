"""How a reported result is printed: one registry, a short text for each kind of statistic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coppice.core import number_style
from coppice.core.contracts.values import FromAFigure
from coppice.core.measures import MEASURES
from coppice.core.reported_by_arm import BY_ARM
from coppice.core.reported_doses import BY_DOSE
from coppice.report.page.words import readable
from coppice.report.report_data import ReviewView, arm_of

Fields = Mapping[str, Any]
NOT_A_FIGURE = frozenset({"statistic", "source", "use", "note", "label", "population", "accept"})
PERCENT_DECIMALS = 1
PAIR = 2
ERRORS = {"se_log": "SE of log", "se": "SE", "sei": "SE"}
EFFECT_ERRORS = {"sei": "SE", "vi": "variance"}
ARMS = {"_e": "experimental arm", "_c": "control arm"}
FIELDS = {"o_minus_e": "observed minus expected events", "v": "variance", "sei": "standard error", "yi": "effect"}
MISSING = "not reported"
NOT_THE_OTHER = f" v {MISSING}"  # of a figure of one arm alone
ARM_OF_ONE = f", {ARMS['_e']}"
SIDES = {1: ", one-sided", 2: ", two-sided"}
OF_A_CURVE = ("n_e", "n_c", "events_e", "events_c", "follow_up", "horizon")
NAMES = {"logrank": "log-rank test", "km_curve": "Kaplan-Meier curve"}
AXES = {"hazard_ratio": "HR", "risk_ratio": "RR", "odds_ratio": "OR", "rate_ratio": "rate ratio"}


def printed(statistic: str, fields: Fields | None) -> str:
    """Print a reported result much as its source does: ``HR 0.39 (95% CI 0.24 to 0.64)``, ``79/105 v 33/103``."""
    present = {key: value for key, value in (fields or {}).items() if value is not None and key not in NOT_A_FIGURE}
    name = NAMES.get(statistic, readable(statistic))
    return PRINTERS.get(statistic, _listed)(present) or _listed(present) or f"{name}, no value reported"


def printed_with_arms(review: ReviewView, study: str, figure: FromAFigure) -> str:
    """Print a reported result after the names of the arms that it compares, where the study names its arms."""
    text = printed(figure["statistic"], figure["reported"])
    if "arms" not in figure:
        return text
    record = review.studies.get(study, {})
    sides = (figure["arms"]["experimental"], figure["arms"]["control"])
    names = [" + ".join(str(arm_of(record, arm).get("name", arm)) for arm in side) for side in sides]
    return f"{' v '.join(names)}: {text}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return (" to " if len(value) == PAIR else ", ").join(map(_plain, value))
    if isinstance(value, int | float):
        return number_style.plain(value)
    return str(value)


def _named(key: str) -> str:
    """Name a field in words: ``events_c`` reads `events, control arm`."""
    arm = ARMS.get(key[-2:])
    return FIELDS.get(key) or (f"{readable(key[:-2])}, {arm}" if arm else readable(key))


def _listed(fields: Fields) -> str:
    return "; ".join(f"{_named(key)} {_plain(value)}" for key, value in fields.items())


def _effect(fields: Fields) -> str:
    """Print an effect that is reported on the scale of the model."""
    if "yi" not in fields:
        return ""
    error = next((f" ({label} {_plain(fields[key])})" for key, label in EFFECT_ERRORS.items() if key in fields), "")
    measure = MEASURES.get(str(fields.get("measure")))
    scale = "log " if measure and measure.scale.is_ratio else ""
    return f"{scale}{fields.get('measure', 'effect')} {_plain(fields['yi'])}{error}"


def _alike(*values: float) -> list[str]:
    """Print numbers with the decimals of the one that has most: 0.7 beside 0.47 was reported as 0.70."""
    decimals = max(len(number_style.plain(value).partition(".")[2]) for value in values)
    return [number_style.rounded(value, decimals).replace("-", number_style.MINUS) for value in values]


def _with_interval(name: str) -> Callable[[Fields], str]:
    def text(fields: Fields) -> str:
        if "estimate" not in fields:
            return _listed(fields)
        estimate, *limits = _alike(fields["estimate"], *fields.get("ci", ()))
        unit = f" {fields['unit']}" if "unit" in fields else ""
        inside = [f"{100 * fields.get('level', 0.95):g}% CI {' to '.join(limits)}"] if limits else []
        inside += [f"{label} {_plain(fields[key])}" for key, label in ERRORS.items() if key in fields]
        inside += [f"p = {_plain(fields['p'])}{SIDES.get(fields.get('sided', 0), '')}"] if "p" in fields else []
        inside += [f"horizon {_plain(fields['horizon'])}"] if "horizon" in fields else []
        inside += ["control over experimental"] if fields.get("inverted") else []
        return f"{name} {estimate}{unit}" + (f" ({'; '.join(inside)})" if inside else "")

    return text


def _counts_of(fields: Fields, arm: str) -> str | None:
    events, total, percent = (fields.get(f"{name}_{arm}") for name in ("events", "n", "percent"))
    if events is not None and total is not None:
        return f"{_plain(events)}/{_plain(total)}"
    if percent is not None:
        return f"{_plain(percent)}%" + (f" of {_plain(total)}" if total is not None else "")
    return None if total is None else f"?/{_plain(total)}"


def _versus(left: str | None, right: str | None) -> str:
    return "" if left is None and right is None else f"{left or MISSING} v {right or MISSING}"


def _counts(fields: Fields) -> str:
    return _versus(_counts_of(fields, "e"), _counts_of(fields, "c"))


def _proportion(fields: Fields) -> str:
    events, total, percent = (fields.get(key) for key in ("events", "n", "percent"))
    if total is None:
        return ""
    if events is not None:
        return f"{events:g}/{total:g}"
    return "" if percent is None else f"{_plain(percent)}% of {total:g}"


def _rate(fields: Fields) -> str:
    if "events" not in fields or "time" not in fields:
        return ""
    return f"{_plain(fields['events'])} in {_plain(fields['time'])} units of person-time"


def _survival_arm(fields: Fields, arm: str, percent: Callable[[float], str]) -> str | None:
    share = fields.get(f"survival_{arm}")
    if share is None:
        return None
    text = percent(share)
    if f"ci_{arm}" in fields:
        low, high = fields[f"ci_{arm}"]
        return f"{text} ({percent(low)} to {percent(high)})"
    if f"se_{arm}" in fields:
        return f"{text} (SE {percent(fields[f'se_{arm}'])})"
    return text


def _shares(fields: Fields) -> list[float]:
    keys = (f"{name}_{arm}" for arm in ("e", "c") for name in ("survival", "se", "ci"))
    values = [fields[key] for key in keys if key in fields]
    return [share for value in values for share in (value if isinstance(value, list | tuple) else [value])]


def _survival(fields: Fields) -> str:
    """Print survival in percent, with a decimal everywhere if it has one anywhere."""
    whole = all(round(100 * share, PERCENT_DECIMALS).is_integer() for share in _shares(fields))

    def percent(share: float) -> str:
        return f"{number_style.rounded(100 * share, 0 if whole else PERCENT_DECIMALS)}%"

    when = f"at {_plain(fields['time'])} {fields.get('unit', '')}".strip() + ": " if "time" in fields else ""
    arms = _versus(_survival_arm(fields, "e", percent), _survival_arm(fields, "c", percent))
    return when + arms if arms else ""


def _median(fields: Fields) -> str:
    values = [value for arm in ("e", "c") for value in (fields.get(f"median_{arm}"), *fields.get(f"ci_{arm}", ()))]
    numbers = [value for value in values if isinstance(value, int | float)]
    alike = dict(zip(numbers, _alike(*numbers), strict=True)) if numbers else {}

    def printed_value(value: Any) -> str:
        return alike.get(value, _plain(value))

    def arm(name: str) -> str | None:
        if f"median_{name}" not in fields:
            return None
        limits = f" ({' to '.join(map(printed_value, fields[f'ci_{name}']))})" if f"ci_{name}" in fields else ""
        return f"{printed_value(fields[f'median_{name}'])}{limits}"

    text = _versus(arm("e"), arm("c"))
    return f"median {text} {fields.get('unit', '')}".strip() if text else ""


def _curve(fields: Fields) -> str:
    """Print a Kaplan-Meier curve: how many points of it were read, which the record has, and the numbers at risk."""
    times, at_risk = fields.get("times", ()), _at_risk(fields)
    if "survival_e" not in fields or "survival_c" not in fields or len(times) <= PAIR:
        return "" if "survival_e" in fields else at_risk
    unit = f" {fields['unit']}" if "unit" in fields else ""
    span = f"curves read at {len(times)} times from {_plain(times[0])} to {_plain(times[-1])}{unit}"
    further = {key: fields[key] for key in OF_A_CURVE if key in fields}
    return "; ".join(filter(None, [span, at_risk, _listed(further)]))


def _at_risk(fields: Fields) -> str:
    if "at_risk_times" not in fields:
        return ""
    arms = [", ".join(map(_plain, fields.get(f"at_risk_{arm}", ()))) or None for arm in ("e", "c")]
    when = ", ".join(map(_plain, fields["at_risk_times"]))
    return f"numbers at risk at {when} {fields.get('unit', '')}: ".replace(" :", ":") + _versus(*arms)


def _person_time(fields: Fields) -> str:
    unit = str(fields.get("unit", "time"))

    def arm(name: str) -> str | None:
        events, time, rate = (fields.get(f"{field}_{name}") for field in ("events", "time", "rate"))
        if events is not None and time is not None:
            return f"{_plain(events)} in {_plain(time)}"
        return None if rate is None else f"rate {_plain(rate)}"

    text = _versus(arm("e"), arm("c"))
    if not text:
        return ""
    per = f"per patient and {unit.removesuffix('s')}" if "rate" in text else f"patient-{unit}"
    return f"{text} {per}" + (f" (p = {_plain(fields['p'])})" if "p" in fields else "")


def _by_arm(of_two: str) -> Callable[[Fields], str]:
    """Print a figure by arm: each arm's key, and its figures as those of an arm of a comparison."""

    def text(fields: Fields) -> str:
        shared = {key: value for key, value in fields.items() if key != "arms"}
        arms = {
            arm: {f"{key}_e": value for key, value in own.items() if value is not None}
            for arm, own in fields.get("arms", {}).items()
        }
        each = (f"{readable(arm)}: {printed(of_two, own | shared)}" for arm, own in arms.items())
        return "; ".join(each).replace(ARM_OF_ONE, "").replace(NOT_THE_OTHER, "")

    return text


def _by_dose(fields: Fields) -> str:
    """Print a figure by dose: what is reported at each dose."""

    def at(row: Mapping[str, Any]) -> str:
        total = row.get("time") if row.get("n") is None else row.get("n")
        counts = "" if row.get("cases") is None else _plain(row["cases"])
        counts += "" if total is None or not counts else f"/{_plain(total)}"
        limits = row.get("ci")
        interval = f" ({_plain(limits[0])} to {_plain(limits[1])})" if limits else ""
        ratio = "" if row.get("estimate") is None else f"{_plain(row['estimate'])}{interval}"
        return f"{_plain(row['dose'])}: {', '.join(filter(None, [ratio, counts])) or 'reference'}"

    return "; ".join(at(row) for row in fields.get("doses", ()))


PRINTERS: dict[str, Callable[[Fields], str]] = {
    **{statistic: _with_interval(name) for statistic, name in AXES.items()},
    "mean_difference": _with_interval("mean difference"),
    "risk_difference": _with_interval("risk difference"),
    "rmst_difference": _with_interval("RMST difference"),
    "effect": _effect,
    "counts": _counts,
    "survival": _survival,
    "proportion": _proportion,
    "rate": _rate,
    "median_survival": _median,
    "km_curve": _curve,
    "person_time": _person_time,
    **dict.fromkeys(BY_DOSE, _by_dose),
    **{statistic: _by_arm(of_two) for statistic, of_two in BY_ARM.items()},
}
