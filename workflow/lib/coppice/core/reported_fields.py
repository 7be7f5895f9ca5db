"""What the statistics of studies are made of: their fields, groups of these, and rules that no true figure breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coppice.core.limits import HIGHEST_LEVEL, LOWEST_LEVEL
from coppice.core.schema import Choice, Flag, Key, ListOf, Nullable, Number, Object, OneOf, Pair, Shape, Text

COUNT = Number(low=0, whole=True)
AT_LEAST_ONE = Number(low=1, whole=True)
WHOLE_ARM = (
    "for a control arm that several comparisons share, write the whole arm and `split_c: 2`, the number of comparisons"
)
COUNT_OF_ARM, SIZE_OF_ARM = Number(low=0, whole=True, hint=WHOLE_ARM), Number(low=1, whole=True, hint=WHOLE_ARM)
SIZE = Number(low=1)  # of a group with a mean: a fraction where a group was split among comparisons
ANY = Number()
POSITIVE = Number(low=0, exclusive=True)
NOT_NEGATIVE = Number(low=0)
FRACTION = Number(low=0, high=1)
PERCENT = Number(low=0, high=100)
EFFICACY = Number(high=100)
CONFIDENCE = Number(low=LOWEST_LEVEL, high=HIGHEST_LEVEL)
CORRELATION = Number(low=-1, high=1)

UNITS = ("days", "weeks", "months", "years")
CI_SCALES = ("log-log", "log", "plain")
ARMS = {"e": "experimental", "c": "control"}
QUALITIES = ("primary", "regulator", "company", "secondary", "repository", "news")

Figure = Mapping[str, Any]


class Contradiction(str):
    """A message about figures of one study that can't all be true, so that its report has to be looked up."""

    __slots__ = ()


def contradiction(field: str, message: str) -> tuple[str, str]:
    """Return what a rule yields of figures that contradict one another."""
    return field, Contradiction(message)


Rule = Callable[[Figure], Iterator[tuple[str, str]]]


def both(name: str, shape: Shape, description: str) -> list[Key]:
    """Return the keys of a field that each arm has: `name_e` and `name_c`."""
    return [Key(f"{name}_{arm}", shape, f"{description}, {word} arm") for arm, word in ARMS.items()]


def events_within_n(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find events above the number of patients."""
    for events, total in (("events_e", "n_e"), ("events_c", "n_c"), ("events", "n")):
        low, high = figure.get(events), figure.get(total)
        if low is not None and high is not None and low > high:
            yield events, f"{low:g} events among {high:g} patients; {events} is at most {total}"


def estimate_within_interval(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find an estimate outside its own interval, or at its only limit."""
    value, limits, limit = map(figure.get, ("estimate", "ci", "ci_limit"))
    if value is not None and limits is not None and not limits[0] <= value <= limits[1]:
        yield "estimate", f"{value:g} lies outside its interval {limits[0]:g} to {limits[1]:g}"
    if value is not None and value == limit:
        yield "ci_limit", f"{limit:g} is the estimate itself; an interval has a width"


def survival_within_interval(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find a survival outside its own interval."""
    for arm in ARMS:
        value, limits = figure.get(f"survival_{arm}"), figure.get(f"ci_{arm}")
        if isinstance(value, int | float) and limits is not None and not limits[0] <= value <= limits[1]:
            yield f"survival_{arm}", f"{value:g} lies outside its interval {limits[0]:g} to {limits[1]:g}"


def _sign(value: Any) -> int:
    """Return 1, 0 or -1; 0 too where nothing is reported."""
    return 0 if not isinstance(value, int | float) else (value > 0) - (value < 0)


def _difference(figure: Figure, first: str, second: str) -> float:
    """Return first minus second; 0 where one is not reported."""
    one, other = figure.get(first), figure.get(second)
    return float(one - other) if isinstance(one, int | float) and isinstance(other, int | float) else 0.0


def means_direction(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find a t, or means, on the other side than `direction`, the arm with the higher mean, and t against the means."""
    sides = {"experimental": 1, "control": -1}
    t, difference = _sign(figure.get("t")), _difference(figure, "mean_e", "mean_c")
    higher = sides.get(str(figure.get("direction")), 0)
    if t * higher < 0:
        yield contradiction(
            "direction",
            f"{figure['direction']} contradicts t = {figure['t']:g}: a t above 0 is a higher mean in the experimental arm; "
            "correct the sign of t or direction",
        )
    if difference * higher < 0:
        yield contradiction(
            "direction",
            f"{figure['direction']} contradicts the means: {figure['mean_e']:g} in the experimental arm and "
            f"{figure['mean_c']:g} in the control arm",
        )
    if t * difference < 0:
        yield contradiction(
            "t",
            f"t = {figure['t']:g} contradicts the direction of the means: {figure['mean_e']:g} in the experimental arm and "
            f"{figure['mean_c']:g} in the control arm",
        )


def logrank_direction(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find O - E, or observed and expected events, on the other side than `direction`, the arm with fewer than expected."""
    fewer = {"experimental": -1, "control": 1}.get(str(figure.get("direction")), 0)
    beyond = {
        "o_minus_e": (_sign(figure.get("o_minus_e")), "O - E of the experimental arm"),
        "expected_e": (_sign(_difference(figure, "events_e", "expected_e")), "events_e minus expected_e"),
        "expected_c": (-_sign(_difference(figure, "events_c", "expected_c")), "expected_c minus events_c"),
    }
    for value, what in beyond.values():
        if value * fewer < 0:
            side = "above" if value > 0 else "below"
            yield contradiction(
                "direction",
                f"{figure['direction']} contradicts {what}, which is {side} 0; it is the arm with fewer events than expected",
            )
    o_minus_e = beyond.pop("o_minus_e")[0]
    if any(o_minus_e * value < 0 for value, _ in beyond.values()):
        yield contradiction("o_minus_e", f"{figure['o_minus_e']:g} contradicts the observed and expected events")


def correlation_and_t(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find a correlation and a t statistic of different signs."""
    if _sign(figure.get("t")) * _sign(figure.get("r")) < 0:
        yield contradiction(
            "t", f"t = {figure['t']:g} contradicts the direction of r = {figure['r']:g}: they have one sign"
        )


def curves_of_one_length(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find coordinates whose numbers differ."""
    for times, names in (("times", ("survival_e", "survival_c")), ("at_risk_times", ("at_risk_e", "at_risk_c"))):
        for name in names:
            if figure.get(name) is not None and len(figure[name]) != len(figure.get(times) or ()):
                yield name, f"has {len(figure[name])} values and {times} has {len(figure.get(times) or ())}"


def times_rising(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find times that do not rise."""
    for name in ("times", "at_risk_times"):
        values = figure.get(name) or []
        if any(later < earlier for earlier, later in zip(values, values[1:], strict=False)):
            yield name, "the times do not rise"


@dataclass(frozen=True, slots=True)
class Statistic:
    """One form in which a result is reported."""

    name: str  # value of `statistic:` in a record
    description: str  # what it is
    keys: tuple[Key, ...]  # its own fields
    rules: tuple[Rule, ...] = ()  # each yields (field, message) for figures that can't be true


def statistic(name: str, description: str, *keys: Key, rules: tuple[Rule, ...] = ()) -> Statistic:
    """Return a statistic with fields of its own."""
    return Statistic(name, description, keys, rules)


CI_LIMIT = "Limit of its confidence interval, where the other is not reported"
LEVEL = Key("level", CONFIDENCE, "Level of the interval", default=0.95)
P_KEYS = (
    Key(
        "p",
        OneOf((Text(r"<\s*0?\.\d+", "<0.001"),), meant=FRACTION),
        "p value as printed; a bound is recorded as '<0.001' and never computed with",
    ),
    Key("sided", Nullable(Number(low=1, high=2, whole=True)), "1 or 2; null where it is not reported"),
)
EVENTS_AND_PATIENTS = (
    Key("events", AT_LEAST_ONE, "Events in both arms together"),
    *both("events", COUNT, "Events"),
    *both("n", AT_LEAST_ONE, "Number of patients"),
)
UNIT = Key("unit", Choice(lambda: UNITS), "Unit of the times")


CLUSTER_KEYS = (
    Key(
        "cluster_size",
        Number(low=1),
        "Mean size of the clusters that were randomised, where the figure takes no account of them",
    ),
    Key("icc", FRACTION, "Intracluster correlation"),
)


def estimated(name: str, description: str, *extra: Key, ratio: bool) -> Statistic:
    """Return the statistic of an estimate reported with its interval, standard error or p value."""
    positive: Shape = POSITIVE if ratio else ANY
    keys = [
        Key("estimate", positive, "The estimate, experimental against control"),
        Key("ci", Pair(POSITIVE if ratio else ANY), "Its confidence interval"),
        Key("ci_limit", positive, CI_LIMIT),
        LEVEL,
        Key(
            "se_log" if ratio else "se", POSITIVE, "Standard error of its logarithm" if ratio else "Its standard error"
        ),
        *P_KEYS,
        *CLUSTER_KEYS,
        *extra,
    ]
    if ratio:
        keys.append(Key("inverted", Flag(), "true where the report gives control over experimental"))
    return statistic(name, description, *keys, rules=(estimate_within_interval, events_within_n))


def of_means(name: str, description: str, *extra: Key) -> Statistic:
    """Return a statistic of two means, with everything that may stand in place of mean and SD."""
    keys = [
        *both("mean", ANY, "Mean"),
        *both("sd", POSITIVE, "Standard deviation"),
        *both("se", POSITIVE, "Standard error of the mean"),
        *both("ci", Pair(), "Confidence interval of the mean"),
        LEVEL,
        *both("n", SIZE, "Number of patients; a fraction where an arm was split"),
        *both("median", ANY, "Median"),
        *both("q1", ANY, "First quartile"),
        *both("q3", ANY, "Third quartile"),
        *both("min", ANY, "Smallest value"),
        *both("max", ANY, "Largest value"),
        Key(
            "step",
            POSITIVE,
            "Smallest step of one patient's value, where known: 1 for whole numbers; then the means are checked",
        ),
        *TESTS,
        *CLUSTER_KEYS,
        *extra,
    ]
    return statistic(name, description, *keys, rules=(means_direction,))


TESTS = (
    Key("t", ANY, "t statistic, experimental against control"),
    Key("f", NOT_NEGATIVE, "F statistic on 1 and n - 2 df"),
    *P_KEYS,
    Key(
        "direction", Choice(lambda: tuple(ARMS.values())), "The arm with the higher mean, where only F or p is reported"
    ),
)
ONE_GROUP_SPREAD = (
    Key("se", POSITIVE, "Standard error of the mean"),
    Key("ci", Pair(), "Confidence interval of the mean"),
    LEVEL,
    Key("median", ANY, "Median"),
    Key("q1", ANY, "First quartile"),
    Key("q3", ANY, "Third quartile"),
    Key("min", ANY, "Smallest value"),
    Key("max", ANY, "Largest value"),
)
CHANGE = (
    *both("mean_baseline", ANY, "Mean at baseline"),
    *both("sd_baseline", POSITIVE, "Standard deviation at baseline"),
    *both("mean_final", ANY, "Mean at the end"),
    *both("sd_final", POSITIVE, "Standard deviation at the end"),
)
CORRELATION_KEY = Key("correlation", CORRELATION, "Correlation of the two measurements")
PAIRED = (
    Key("n", AT_LEAST_ONE, "Number of pairs"),
    Key("sd_difference", POSITIVE, "Standard deviation of the differences"),
    Key("se_difference", POSITIVE, "Standard error of the mean difference"),
    Key(
        "standardise_by",
        Choice(lambda: tuple(ARMS.values())),
        "Whose SD standardises SMCR and SMCRH; Default: experimental (the first)",
    ),
)
COMBINABLE = Object(
    (
        Key("events", COUNT, "Patients with the event, or events"),
        Key("n", AT_LEAST_ONE, "Number of patients"),
        Key("time", POSITIVE, "Person-time"),
        Key("mean", ANY, "Mean"),
        Key("sd", POSITIVE, "Standard deviation"),
    )
)
SHARING = (
    *both("combine", ListOf(COMBINABLE), "Arms to be combined into one, each with its own figures"),
    Key("split_c", Number(low=1), "Number of comparisons that share the control arm, which is split evenly among them"),
)
