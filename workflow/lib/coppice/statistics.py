"""The statistics that studies report: one registry of their fields, read by the checks, the schema and the routes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.shape import Choice, Entries, Fixed, Flag, Key, Listing, Number, OneOf, Optional_, Pair, Shape, Text

COUNT = Number(low=0, whole=True)
AT_LEAST_ONE = Number(low=1, whole=True)
ANY = Number()
POSITIVE = Number(low=0, exclusive=True)
NOT_NEGATIVE = Number(low=0)
FRACTION = Number(low=0, high=1)
PERCENT = Number(low=0, high=100)
BETWEEN_0_AND_1 = Number(low=0, high=1, exclusive=True)
CORRELATION = Number(low=-1, high=1)

UNITS = ("days", "weeks", "months", "years")
CI_SCALES = ("log-log", "log", "plain")
ARMS = {"e": "experimental", "c": "control"}
QUALITIES = ("primary", "regulator", "company", "secondary", "repository", "news")

Figure = Mapping[str, Any]
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
    """Find an estimate outside its own interval."""
    value, limits = figure.get("estimate"), figure.get("ci")
    if value is not None and limits is not None and not limits[0] <= value <= limits[1]:
        yield "estimate", f"{value:g} lies outside its interval {limits[0]:g} to {limits[1]:g}"


def survival_within_interval(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find a survival outside its own interval."""
    for arm in ARMS:
        value, limits = figure.get(f"survival_{arm}"), figure.get(f"ci_{arm}")
        if isinstance(value, int | float) and limits is not None and not limits[0] <= value <= limits[1]:
            yield f"survival_{arm}", f"{value:g} lies outside its interval {limits[0]:g} to {limits[1]:g}"


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
    """One form in which a result is reported.

    Attributes
    ----------
    name : str
        Value of `statistic:` in a record.
    description : str
        What it is.
    keys : tuple of Key
        Its own fields.
    rules : tuple of callable
        Each yields (field, message) for figures that can't be true.
    """

    name: str
    description: str
    keys: tuple[Key, ...]
    rules: tuple[Rule, ...] = ()


LEVEL = Key("level", BETWEEN_0_AND_1, "Level of the interval; 0.95 if not said")
P_KEYS = (
    Key("p", OneOf((Text(r"<\s*0?\.\d+", "<0.001"), FRACTION)), "p value as printed; a bound is recorded as '<0.001' and never computed with"),
    Key("sided", Optional_(Number(low=1, high=2, whole=True)), "1 or 2; null where the report doesn't say"),
)
EVENTS_AND_PATIENTS = (
    Key("events", AT_LEAST_ONE, "Events in both arms together"),
    *both("events", COUNT, "Events"),
    *both("n", AT_LEAST_ONE, "Number of patients"),
)
UNIT = Key("unit", Choice(lambda: UNITS), "Unit of the times")


CLUSTER_KEYS = (
    Key("cluster_size", Number(low=1), "Mean size of the clusters that were randomised, where the figure takes no account of them"),
    Key("icc", FRACTION, "Intracluster correlation"),
)


def estimated(name: str, description: str, *extra: Key, ratio: bool) -> Statistic:
    """Return the statistic of an estimate reported with its interval, standard error or p value."""
    positive: Shape = POSITIVE if ratio else ANY
    keys = [
        Key("estimate", positive, "The estimate, experimental against control"),
        Key("ci", Pair(POSITIVE if ratio else ANY), "Its confidence interval"),
        LEVEL,
        Key("se_log" if ratio else "se", POSITIVE, "Standard error of its logarithm" if ratio else "Its standard error"),
        *P_KEYS,
        *CLUSTER_KEYS,
        *extra,
    ]
    if ratio:
        keys.append(Key("inverted", Flag(), "true where the report gives control over experimental"))
    return Statistic(name, description, tuple(keys), (estimate_within_interval, events_within_n))


def of_means(name: str, description: str, *extra: Key) -> Statistic:
    """Return a statistic of two means, with everything that may stand in place of mean and SD."""
    keys = [
        *both("mean", ANY, "Mean"),
        *both("sd", POSITIVE, "Standard deviation"),
        *both("se", POSITIVE, "Standard error of the mean"),
        *both("ci", Pair(), "Confidence interval of the mean"),
        LEVEL,
        *both("n", AT_LEAST_ONE, "Number of patients"),
        *both("median", ANY, "Median"),
        *both("q1", ANY, "First quartile"),
        *both("q3", ANY, "Third quartile"),
        *both("min", ANY, "Smallest value"),
        *both("max", ANY, "Largest value"),
        Key("step", POSITIVE, "Smallest step of one patient's value, where known: 1 for whole numbers; then the means are checked"),
        *TESTS,
        *CLUSTER_KEYS,
        *extra,
    ]
    return Statistic(name, description, tuple(keys))


TESTS = (
    Key("t", ANY, "t statistic, experimental against control"),
    Key("f", NOT_NEGATIVE, "F statistic on 1 and n - 2 df"),
    *P_KEYS,
    Key("direction", Choice(lambda: tuple(ARMS.values())), "The arm with the higher mean, where only F or p is reported"),
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
    Key("standardise_by", Choice(lambda: tuple(ARMS.values())), "Whose SD standardises SMCR and SMCRH; the experimental (first) if not said"),
)
COMBINABLE = Fixed(
    (
        Key("events", COUNT, "Patients with the event, or events"),
        Key("n", AT_LEAST_ONE, "Number of patients"),
        Key("time", POSITIVE, "Person-time"),
        Key("mean", ANY, "Mean"),
        Key("sd", POSITIVE, "Standard deviation"),
    )
)
SHARING = (
    *both("combine", Listing(COMBINABLE), "Arms to be combined into one, each with its own figures"),
    Key("split_c", Number(low=1), "Number of comparisons that share the control arm, which is split evenly among them"),
)

STATISTICS: dict[str, Statistic] = {
    statistic.name: statistic
    for statistic in (
        Statistic(
            "effect",
            "An effect already on the model's scale",
            (
                Key("yi", ANY, "The effect, on the model's scale (a log ratio for ratios)"),
                Key("vi", POSITIVE, "Its sampling variance"),
                Key("sei", POSITIVE, "Its standard error, in place of vi"),
                Key("measure", Text(), "The measure it is on; any measure of the analysis if not said"),
            ),
        ),
        estimated("hazard_ratio", "A hazard ratio", *EVENTS_AND_PATIENTS, ratio=True),
        estimated("risk_ratio", "A risk ratio", ratio=True),
        estimated("odds_ratio", "An odds ratio", ratio=True),
        estimated("rate_ratio", "A ratio of incidence rates", ratio=True),
        estimated("risk_difference", "A difference of risks", ratio=False),
        estimated("mean_difference", "A difference of means", ratio=False),
        Statistic(
            "logrank",
            "A log-rank test",
            (
                Key("o_minus_e", ANY, "Observed minus expected events, experimental arm"),
                Key("v", POSITIVE, "Variance of observed minus expected"),
                Key("chi2", NOT_NEGATIVE, "Chi-squared statistic on 1 df"),
                *P_KEYS,
                *EVENTS_AND_PATIENTS,
                *both("expected", POSITIVE, "Events expected by the log-rank test"),
                Key("direction", Choice(lambda: tuple(ARMS.values())), "The arm with fewer events than expected"),
            ),
            (events_within_n,),
        ),
        Statistic(
            "survival",
            "Survival without the event at one time",
            (
                Key("time", POSITIVE, "The time"),
                UNIT,
                *both("survival", Optional_(FRACTION), "Survival as a fraction"),
                *both("se", POSITIVE, "Standard error of the survival, as a fraction"),
                *both("ci", Pair(FRACTION), "Confidence interval of the survival"),
                LEVEL,
                Key("ci_scale", Choice(lambda: CI_SCALES), "Scale on which the intervals are symmetrical"),
                *both("at_risk", COUNT, "Number at risk at that time"),
                *both("n", AT_LEAST_ONE, "Number of patients"),
                *P_KEYS,
            ),
            (survival_within_interval,),
        ),
        Statistic(
            "km_curve",
            "Coordinates of Kaplan-Meier curves",
            (
                Key("times", Listing(NOT_NEGATIVE), "Times of the coordinates"),
                UNIT,
                *both("survival", Listing(FRACTION), "Survival at these times, as fractions"),
                Key("at_risk_times", Listing(NOT_NEGATIVE), "Times of the numbers at risk"),
                *both("at_risk", Listing(COUNT), "Numbers at risk at these times"),
                *both("n", AT_LEAST_ONE, "Number of patients, where numbers at risk are not given"),
                *both("events", COUNT, "Events until the last of the times"),
                Key("follow_up", Pair(NOT_NEGATIVE), "Shortest and longest follow-up, where numbers at risk are not given"),
                Key("horizon", POSITIVE, "Time to which a restricted mean is taken, where the analysis doesn't say"),
            ),
            (curves_of_one_length, times_rising, events_within_n),
        ),
        Statistic(
            "rmst_difference",
            "A difference of restricted mean survival times",
            (
                Key("estimate", ANY, "The difference, experimental minus control"),
                Key("ci", Pair(), "Its confidence interval"),
                LEVEL,
                Key("se", POSITIVE, "Its standard error"),
                UNIT,
                Key("horizon", Optional_(POSITIVE), "The time to which the means are restricted; null where not said"),
                *P_KEYS,
            ),
            (estimate_within_interval,),
        ),
        Statistic(
            "median_survival",
            "Median times to the event",
            (
                *both("median", Optional_(POSITIVE), "Median; null where not reached"),
                UNIT,
                *both("ci", Pair(POSITIVE), "Confidence interval of the median"),
                LEVEL,
                *both("events", COUNT, "Events"),
                *both("n", AT_LEAST_ONE, "Number of patients"),
                *P_KEYS,
            ),
        ),
        Statistic(
            "counts",
            "Patients with the event in each arm",
            (
                *both("events", Optional_(COUNT), "Patients with the event"),
                *both("n", Optional_(AT_LEAST_ONE), "Patients at risk of it"),
                *both("percent", Optional_(PERCENT), "Percentage as printed, where the count is not"),
                *P_KEYS,
                *CLUSTER_KEYS,
                *SHARING,
            ),
            (events_within_n,),
        ),
        Statistic(
            "person_time",
            "Events and person-time in each arm",
            (
                *both("events", COUNT, "Events"),
                *both("time", POSITIVE, "Person-time"),
                *both("rate", NOT_NEGATIVE, "Rate as printed, where events and person-time are not"),
                UNIT,
                *P_KEYS,
                *CLUSTER_KEYS,
                *SHARING,
            ),
        ),
        Statistic(
            "matched_pairs",
            "Pairs of outcomes of the same, or of matched, patients",
            (
                Key("pairs_both", COUNT, "Pairs with the event under both conditions"),
                Key("pairs_e", COUNT, "Pairs with the event under the experimental condition only"),
                Key("pairs_c", COUNT, "Pairs with the event under the control condition only"),
                Key("pairs_neither", COUNT, "Pairs without the event"),
            ),
        ),
        estimated("standardised_mean_difference", "A standardised mean difference", ratio=False),
        estimated("ratio_of_means", "A ratio of means", ratio=True),
        of_means("means", "A mean in each arm", *SHARING),
        of_means("mean_change", "A mean change in each arm", CORRELATION_KEY, *CHANGE, *SHARING),
        of_means("paired_means", "Two means of the same patients", CORRELATION_KEY, *PAIRED),
        Statistic("proportion", "A proportion in one group", (Key("events", COUNT, "Patients with the event"), Key("n", AT_LEAST_ONE, "Number of patients"), Key("percent", PERCENT, "Percentage as printed, where the count is not"), *CLUSTER_KEYS), (events_within_n,)),
        Statistic(
            "mean",
            "A mean in one group",
            (Key("mean", ANY, "Mean"), Key("sd", POSITIVE, "Standard deviation"), Key("n", AT_LEAST_ONE, "Number of patients"), *ONE_GROUP_SPREAD, *CLUSTER_KEYS),
        ),
        Statistic("rate", "A rate in one group", (Key("events", COUNT, "Events"), Key("time", POSITIVE, "Person-time"), *CLUSTER_KEYS)),
        Statistic("correlation", "A correlation", (Key("r", CORRELATION, "Correlation coefficient"), Key("n", AT_LEAST_ONE, "Number of patients"), Key("t", ANY, "t statistic of the correlation"))),
        Statistic(
            "partial_correlation",
            "A partial or semi-partial correlation, or the regression that gives it",
            (
                Key("t", ANY, "t statistic of the coefficient"),
                Key("r", CORRELATION, "Partial correlation, in place of t"),
                Key("n", AT_LEAST_ONE, "Number of patients"),
                Key("predictors", AT_LEAST_ONE, "Number of predictors in the regression, the one of interest included"),
                Key("r2", FRACTION, "R-squared of the regression, for a semi-partial correlation"),
            ),
        ),
    )
}

SOURCE = Fixed(
    (
        Key("report", Text(), "Key of the report in `reports`", required=True),
        Key("at", Optional_(Text()), "Place within the report: abstract, table, page"),
        Key("read_in", Optional_(Text()), "Where it was really read: a key of config/sources.yaml"),
        Key("quality", Optional_(Choice(lambda: QUALITIES)), "What kind of place that is"),
    )
)


def check_names() -> Iterable[str]:
    """Return the names of the checks."""
    from coppice.extract.checks.registry import CHECKS

    return CHECKS


ACCEPT = Key("accept", Entries(Text(), Choice(check_names)), "Findings of checks that are right as they are, by the check's name, each with the reason")

COMMON_KEYS = (
    Key("statistic", Choice(lambda: STATISTICS), "The form of the figure", required=True),
    Key("source", SOURCE, "Where the figure stands and where it was read"),
    Key("population", Text(), "Its patients, as a path; those of the outcome if not said"),
    Key("label", Text(), "Its row in the figures; the study's label if not said"),
    Key("use", Text(), "Marks the figure that enters, with the reason; without a mark the route of best rank does"),
    Key("note", Optional_(Text()), "Anything a reader should know of it"),
    ACCEPT,
)


def figure_shape(name: str) -> Fixed:
    """Return the shape of a reported figure of the statistic `name`: its own fields and those that all have."""
    own = {key.name for key in STATISTICS[name].keys}
    return Fixed((*(key for key in COMMON_KEYS if key.name not in own), *STATISTICS[name].keys))


FIGURE_SHAPES: dict[str, Fixed] = {name: figure_shape(name) for name in STATISTICS}
COMMON_NAMES: Sequence[str] = tuple(key.name for key in COMMON_KEYS)


def reported_values(figure: Figure) -> dict[str, Any]:
    """Return the statistic's own fields of a figure: what was reported, without where it was read."""
    return {name: value for name, value in figure.items() if name not in COMMON_NAMES}
