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
                ("leave_one_out", "The model without each effect"),
                ("cumulative", "The model as the effects came"),
                ("influence", "What each effect does to the model"),
                ("gosh", "The model in every subset of the effects"),
                ("history", "The model at each search of a living review"),
                ("multiverse", "The model under other choices"),
                ("small_study", "Tests and models of small-study effects"),
            )
        ),
    ]
)
