"""The key `explore: small_study` of the configuration: each entry of the registry on, off, or on with options.

The names stand here again because reading a configuration must not import numpy; a test holds them against the registry.
"""

from __future__ import annotations

from coppice.core.schema import Choice, Fixed, Flag, Key, Listing, Number, OneOf

SHARE = Number(low=0, high=1, exclusive=True)
ALTERNATIVE = Key(
    "alternative",
    Choice(lambda: ("greater", "less")),
    "The side of the null on which results are welcome; that of the pooled estimate if not said",
)
ALPHA = Key("alpha", SHARE, "Two-sided level of significance of a study; 0.05 if not said")
STEPS = Key("steps", Listing(SHARE), "Cut points of the one-sided p value between 0 and 1; [0.025] if not said")
TARGET = Key(
    "target",
    Number(low=0, exclusive=True),
    "Distance from the null, on the model's scale, to which Orwin's number brings the mean; half the mean if not said",
)
NULL_ALPHA = Key("alpha", SHARE, "Level that the pooled result is to lose; 0.05 if not said")

PLAIN = {
    "egger": "Egger's regression test",
    "egger_mixed": "Egger's test with the heterogeneity of the model",
    "egger_smd": "Egger's test for standardised mean differences (Pustejovsky and Rodgers)",
    "thompson_sharp": "Regression test of Thompson and Sharp",
    "egger_n": "Regression on 1/sqrt(n) of Tang and Liu",
    "egger_n_mixed": "Regression on 1/sqrt(n) with the heterogeneity of the model",
    "inverse_size": "Regression on 1/n, weighted by the variances of the effects",
    "size": "Regression on n, weighted by the variances of the effects",
    "harbord": "Harbord's score test",
    "peters": "Peters' test",
    "macaskill": "Macaskill's test",
    "deeks": "Deeks' test",
    "arcsine": "Rücker's arcsine test",
    "arcsine_random": "Rücker's arcsine test with heterogeneity",
    "begg": "Rank correlation test of Begg and Mazumdar",
    "schwarzer": "Rank correlation test of Schwarzer for counts",
    "trim_and_fill": "Trim and fill by the estimators L0, R0 and Q0",
    "pet_peese": "PET-PEESE",
    "doi_plot": "Doi plot's coordinates and LFK index",
}
WITH_OPTIONS = {
    "selection_step": ("Step function selection model of Vevea and Hedges", (ALTERNATIVE, STEPS)),
    "selection_beta": ("Beta selection model of Citkowicz and Vevea", (ALTERNATIVE,)),
    "excess_significance": ("Test of excess significance", (ALPHA,)),
    "fail_safe_n": (
        "Fail-safe N of Rosenthal, Orwin, Rosenberg and for the random-effects model",
        (NULL_ALPHA, TARGET),
    ),
}
SMALL_STUDY = Fixed(
    (
        *(Key(name, Flag(), f"{about}; on if not said") for name, about in PLAIN.items()),
        *(
            Key(name, OneOf((Flag(), Fixed(keys))), f"{about}; on if not said")
            for name, (about, keys) in WITH_OPTIONS.items()
        ),
    )
)
