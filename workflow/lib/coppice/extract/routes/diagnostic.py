"""Routes from the counts of a diagnostic study. The model reads the counts; their odds ratio is shown with the study."""

from __future__ import annotations

import math

from coppice.extract.route import Effect, Figure, Options, Route

HALF = 0.5
NOTE = "0.5 added to each cell for the odds ratio of this study, as one is empty; the model has its own rule"


def odds_ratio(figure: Figure, options: Options) -> Effect:
    """Return ln[(tp tn) / (fp fn)], variance 1/tp + 1/fp + 1/fn + 1/tn."""
    cells = [float(figure[name]) for name in ("tp", "fp", "fn", "tn")]
    has_zero = not all(cells)
    tp, fp, fn, tn = (cell + HALF * has_zero for cell in cells)
    effect = math.log(tp) + math.log(tn) - math.log(fp) - math.log(fn)
    return Effect(effect, 1 / tp + 1 / fp + 1 / fn + 1 / tn, (NOTE,) if has_zero else ())


ROUTES = [
    Route(
        name="diagnostic_counts",
        statistic="diagnostic_counts",
        needs=("tp", "fp", "fn", "tn"),
        gives={"DTA": odds_ratio},
        rank=10,
        formula="ln[(tp tn) / (fp fn)], 1/tp + 1/fp + 1/fn + 1/tn; tp, fp, fn and tn themselves enter the model",
        assumptions=(),
        source="Glas AS et al. 2003; 10.1016/S0895-4356(03)00177-X",
    ),
]
