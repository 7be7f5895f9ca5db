"""What results/explore/<analysis>.json holds."""

from __future__ import annotations

from coppice.core.schema import Fixed, Key, Text
from coppice.tools.schema.parts import FRACTION, OPEN

EXPLORE = Fixed(
    [
        Key("analysis", Text(), "Analysis", required=True),
        Key("measure", Text(), "Measure", required=True),
        Key("level", FRACTION, "Level of all intervals", required=True),
        *(
            Key(
                name,
                OPEN,
                f"{description}; {{skipped: reason}} where it is switched off or may not be used",
                required=True,
            )
            for name, description in (
                (
                    "leave_one_out",
                    (
                        "The model without each effect; each row names its `inference`, the one that an analysis of the effects left has, "
                        "and holds the estimate with its `statistic` (z or t; null by profile likelihood) and p, tau2, I2, H2 and Q"
                    ),
                ),
                ("cumulative", "The model as the effects came; rows as in leave_one_out"),
                ("influence", "What each effect does to the model: the rows of leave_one_out with diagnostics"),
                ("gosh", "The model in every subset of the effects"),
                ("history", "The model at each search of a living review, each row with its `inference`"),
                ("multiverse", "The model under other choices"),
                (
                    "small_study",
                    "Tests and models of small-study effects; a `caution` stands at an adjusted effect beyond every study",
                ),
            )
        ),
    ]
)
