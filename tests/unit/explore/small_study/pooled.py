"""Pooled results in the contract's form, and the effects of the BCG trials."""

import math

from coppice.explore.small_study.evidence import evidence_of
from coppice.pool import pool

# Colditz et al. 1994, JAMA 271:698, table 1: vaccinated cases and all, unvaccinated cases and all
BCG = [
    (4, 123, 11, 139),
    (6, 306, 29, 303),
    (3, 231, 11, 220),
    (62, 13598, 248, 12867),
    (33, 5069, 47, 5808),
    (180, 1541, 372, 1451),
    (8, 2545, 10, 629),
    (505, 88391, 499, 88391),
    (29, 7499, 45, 7277),
    (17, 1716, 65, 1665),
    (186, 50634, 141, 27338),
    (5, 2498, 3, 2341),
    (27, 16913, 29, 17854),
]
NAMES = ("events_e", "n_e", "events_c", "n_c")


def pooled(yi, vi, measure="GEN", reported=None, **model):
    found = pool(yi, vi, **({"profile": "metafor", "inference": "wald"} | model))
    return {
        "measure": measure,
        "k": len(yi),
        "level": 0.95,
        "random": found.random,
        "common": found.common,
        "moderators": None,
        "heterogeneity": found.heterogeneity,
        "reasons": found.reasons,
        "excluded": [],
        "settings": found.settings.as_dict(),
        "effects": [
            {
                "study": f"S{i}",
                "label": f"S{i}",
                "population": f"S{i}",
                "yi": y,
                "vi": v,
                "reported": (reported or [{}] * len(yi))[i],
            }
            for i, (y, v) in enumerate(zip(yi, vi, strict=True))
        ],
    }


def evidence(yi, vi, measure="GEN", reported=None, **model):
    return evidence_of(pooled(yi, vi, measure, reported, **model))


def log_odds_ratios(tables):
    yi = [math.log(a * (n2 - c) / (c * (n1 - a))) for a, n1, c, n2 in tables]
    vi = [1 / a + 1 / (n1 - a) + 1 / c + 1 / (n2 - c) for a, n1, c, n2 in tables]
    return yi, vi


def bcg(measure="OR"):
    return pooled(*log_odds_ratios(BCG), measure, [dict(zip(NAMES, row, strict=True)) for row in BCG])
