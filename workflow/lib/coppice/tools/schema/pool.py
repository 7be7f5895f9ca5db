"""What results/pool/<analysis>.json holds."""

from __future__ import annotations

from coppice.core.reported_fields import AT_LEAST_ONE, COUNT
from coppice.core.schema import Choice, Entries, Fixed, Flag, Key, Listing, Number, OneOf, Optional_, Text
from coppice.tools.schema.parts import (
    EFFECT_VALUES,
    FIGURE,
    FRACTION,
    FROM_A_FIGURE,
    MAYBE_TEXT,
    NOT_NEGATIVE,
    NUMBER,
    OPEN,
    PERCENT,
    SCALAR,
    TEXTS,
    fixed,
    more,
)

INTERVAL = (
    Key("estimate", NUMBER, "The estimate, on the model's scale", required=True),
    Key("ci_low", NUMBER, "Lower limit of its confidence interval", required=True),
    Key("ci_high", NUMBER, "Upper limit", required=True),
)
LINE = Fixed(
    [
        *INTERVAL,
        Key("se", NUMBER, "Its standard error", required=True),
        Key("statistic", NUMBER, "z or t", required=True),
        Key("p", Optional_(FRACTION), "Two-sided p value", required=True),
    ]
)
COMMON = more(
    LINE,
    Key("method", Text(), "IV, MH or Peto", required=True),
    Key("k", COUNT, "Number of studies whose counts entered, for MH and Peto"),
    Key("Q", NOT_NEGATIVE, "Cochran's Q of the effects about it, for MH and Peto"),
    Key("Q_df", NOT_NEGATIVE, "Its degrees of freedom"),
    Key("Q_p", FRACTION, "Its p value"),
)
RANDOM = more(
    LINE,
    Key("df", NUMBER, "Degrees of freedom; null for the normal distribution", required=True),
    Key("inference", Text(), "How the interval was made", required=True),
)
SHOWN = Fixed(INTERVAL)
SHOWN_PREDICTION = fixed(low=(NUMBER, "Lower limit"), high=(NUMBER, "Upper limit"))
PREDICTION = fixed(
    low=(NUMBER, "Lower limit"),
    high=(NUMBER, "Upper limit"),
    se=(NUMBER, "Standard error behind it"),
    df=(NUMBER, "Degrees of freedom; null for the normal distribution"),
    method=(Text(), "Method"),
)
HETEROGENEITY = more(
    fixed(
        tau2=(NOT_NEGATIVE, "Between-study variance"),
        tau2_se=(NUMBER, "Its standard error"),
        tau2_low=(NUMBER, "Lower limit of its interval"),
        tau2_high=(NUMBER, "Upper limit; null where it is open, or the interval empty as `reasons` says"),
        I2=(PERCENT, "I2 from tau2, in percent"),
        I2_low=(NUMBER, "Lower limit, from that of tau2"),
        I2_high=(NUMBER, "Upper limit"),
        I2_q=(Optional_(PERCENT), "I2 from Q, in percent"),
        I2_q_low=(NUMBER, "Lower limit"),
        I2_q_high=(NUMBER, "Upper limit"),
        H2=(NOT_NEGATIVE, "H2 from tau2"),
        H2_low=(NUMBER, "Lower limit, from that of tau2"),
        H2_high=(NUMBER, "Upper limit"),
        H2_q=(NUMBER, "H2 from Q"),
        Q=(NOT_NEGATIVE, "Cochran's Q"),
        df=(NOT_NEGATIVE, "Its degrees of freedom"),
        p=(Optional_(FRACTION), "Its p value"),
    ),
    Key("tau2_between", NUMBER, "Variance between studies, in a three-level model"),
    Key("tau2_within", NUMBER, "Variance within studies, in a three-level model"),
    Key("I2_between", NUMBER, "Share of the variance that is between studies, in percent"),
    Key("I2_within", NUMBER, "Share of the variance that is within studies, in percent"),
)
ALTERNATIVES = fixed(
    wald=(Optional_(RANDOM), "The random-effects line by Wald"), HKSJ=(Optional_(RANDOM), "The same by HKSJ")
)
RISK = fixed(
    risk=(FRACTION, "Risk"), low=(FRACTION, "Lower limit of its exact interval"), high=(FRACTION, "Upper limit")
)
EFFECT = Fixed(
    [
        Key("study", Text(), "Study", required=True),
        Key("label", Text(), "Its row in the figures", required=True),
        Key("year", NUMBER, "Year", required=True),
        Key("subgroup", OneOf((Text(), SCALAR)), "Level of the subgroups, or null", required=True),
        Key("why", MAYBE_TEXT, "Why this figure entered", required=True),
        *FROM_A_FIGURE,
        *EFFECT_VALUES,
        Key("ci_low", Number(), "Lower limit of its confidence interval", required=True),
        Key("ci_high", Number(), "Upper limit", required=True),
        Key("weight_common", Optional_(PERCENT), "Weight in the common-effect model, in percent", required=True),
        Key("weight_random", NUMBER, "Weight in the random-effects model, in percent", required=True),
        Key("risks", fixed(experimental=(RISK, "Experimental arm"), control=(RISK, "Control arm")), "Risk in each arm"),
        Key("values", Entries(SCALAR), "Values of the moderators"),
    ]
)
LEVEL = fixed(
    level=(OneOf((Text(), SCALAR)), "The level"),
    k=(AT_LEAST_ONE, "Number of effects"),
    common=(Optional_(COMMON), "Common-effect model"),
    random=(Optional_(RANDOM), "Random-effects model"),
    alternatives=(Optional_(ALTERNATIVES), "The random-effects line by each inference"),
    prediction=(Optional_(PREDICTION), "Prediction interval"),
    heterogeneity=(Optional_(HETEROGENEITY), "Heterogeneity"),
    reasons=(Entries(Text()), "Why a part is null"),
    warnings=(TEXTS, "What a reader should know"),
)
EXCLUDED = more(
    fixed(study=(Text(), "Study"), label=(Text(), "Its label"), reason=(Text(), "Why it is not pooled")),
    Key("reported", FIGURE, "Its counts, where they enter the common effect of Mantel-Haenszel or Peto"),
)
SUBGROUPS = fixed(
    by=(Text(), "Characteristic"),
    levels=(Listing(LEVEL), "Its levels, in the order of the effects"),
    test=(Optional_(Entries(SCALAR)), "Test of differences between the random-effects subtotals"),
    test_common=(Optional_(Entries(SCALAR)), "The same between the common-effect subtotals"),
    test_common_tau2=(Optional_(Entries(SCALAR)), "Test with one tau2 for all levels"),
)
DISPLAY = fixed(
    common=(Optional_(SHOWN), "Common effect"),
    random=(Optional_(SHOWN), "Random effects"),
    prediction=(Optional_(SHOWN_PREDICTION), "Prediction interval"),
    effects=(Listing(SHOWN), "Effects, in their order"),
    subgroups=(Listing(OPEN), "Subtotals, in the order of the levels"),
    size=(Optional_(NOT_NEGATIVE), "Harmonic mean of the sample sizes, where the back-transformation needs it"),
)
PERMUTATION = fixed(
    p=(FRACTION, "p"),
    permutations=(COUNT, "Arrangements that were compared, the observed one included"),
    exact=(Flag(), "Whether they are all there are"),
    seed=(Optional_(COUNT), "Seed of those that were drawn at random"),
)
BEYOND = fixed(
    threshold=(Number(), "Threshold, as effects are printed"),
    side=(Choice(lambda: ("below", "above")), "The side on which the effect in a new study would lie"),
    probability=(FRACTION, "Probability that it does"),
)
POOL = Fixed(
    [
        Key("analysis", Text(), "Analysis", required=True),
        Key("outcome", Text(), "Outcome", required=True),
        Key("measure", Text(), "Measure", required=True),
        Key("scale", Text(), "Scale of the model", required=True),
        Key("k", COUNT, "Number of effects", required=True),
        Key("level", FRACTION, "Level of all intervals", required=True),
        Key("settings", Entries(SCALAR), "Every option of the model, by name", required=True),
        Key("common", Optional_(COMMON), "Common-effect model", required=True),
        Key("random", Optional_(RANDOM), "Random-effects model", required=True),
        Key("alternatives", ALTERNATIVES, "The random-effects line by each inference", required=True),
        Key("prediction", Optional_(PREDICTION), "Prediction interval", required=True),
        Key("heterogeneity", Optional_(HETEROGENEITY), "Heterogeneity", required=True),
        Key("effects", Listing(EFFECT), "The effects, in canonical order", required=True),
        Key("excluded", Listing(EXCLUDED), "Studies that are not pooled", required=True),
        Key("warnings", TEXTS, "What a reader should know", required=True),
        Key("reasons", Entries(Text()), "Why a part is null", required=True),
        Key("subgroups", Optional_(SUBGROUPS), "Subgroups", required=True),
        Key(
            "moderators",
            Optional_(OPEN),
            "Meta-regression: tau2 is what remains between studies, with its interval tau2_low to tau2_high by the model's "
            "tau2_interval; both limits are null where that is empty, as a warning says, and they are not there for "
            "dependent effects",
            required=True,
        ),
        Key(
            "permutation",
            Optional_(PERMUTATION),
            "Test of the pooled effect by exchanging signs, where it is asked for",
        ),
        Key("beyond", Optional_(Listing(BEYOND)), "How probable effects of a new study beyond thresholds are"),
        Key("display", DISPLAY, "The estimates back-transformed", required=True),
        Key("over_rho", OPEN, "The estimate over a range of correlations, where effects of a study are dependent"),
    ]
)
