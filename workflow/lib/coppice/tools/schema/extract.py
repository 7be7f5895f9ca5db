"""What results/extract/<study>/<outcome>.json holds."""

from __future__ import annotations

from coppice.core.reported_fields import COUNT
from coppice.core.schema import Entries, Fixed, Key, Listing, Number, Text
from coppice.tools.schema.parts import EFFECT_VALUES, FRACTION, FROM_A_FIGURE, MAYBE_TEXT, SCALAR, fixed

CANDIDATE = Fixed(
    [
        *FROM_A_FIGURE,
        *EFFECT_VALUES,
        Key("rank", COUNT, "Rank of the route, the lower the better", required=True),
        Key("label", MAYBE_TEXT, "Row of its own in the figures", required=True),
        Key("use", MAYBE_TEXT, "Why the record marks it", required=True),
        Key("note", MAYBE_TEXT, "Note of the record", required=True),
    ]
)
NUMBERS = Listing(Number(low=0))
ARM_OF_CURVE = fixed(
    times=(NUMBERS, "Times of the steps of the reconstructed curve, from 0 to the last follow-up"),
    survival=(Listing(FRACTION), "Survival from each of these times on"),
    read_times=(NUMBERS, "Times of the coordinates that were read"),
    read_survival=(Listing(FRACTION), "Survival that was read there"),
    at_risk_times=(NUMBERS, "Times of the printed numbers at risk"),
    at_risk=(Listing(COUNT), "These numbers"),
    patients=(COUNT, "Patients reconstructed"),
    events=(COUNT, "Events reconstructed"),
)
CURVE = Fixed(
    [
        Key("population", Text(), "Its patients, as a path", required=True),
        Key("label", MAYBE_TEXT, "Row of its own in the figures", required=True),
        Key("unit", MAYBE_TEXT, "Unit of the times", required=True),
        Key("report", MAYBE_TEXT, "Key of the report", required=True),
        Key("arms", fixed(experimental=(ARM_OF_CURVE, "Experimental"), control=(ARM_OF_CURVE, "Control")), "The arms"),
        Key("skipped", Text(), "Why its times can't be reconstructed"),
    ]
)
EXTRACT = Fixed(
    [
        Key("study", Text(), "Study", required=True),
        Key("outcome", Text(), "Outcome", required=True),
        Key("note", MAYBE_TEXT, "Note of the record", required=True),
        Key("made_from", Text(), "Hash of the spec that it was made from", required=True),
        Key(
            "measures",
            Entries(
                fixed(
                    measure=(Text(), "Code of the measure"),
                    candidates=(Listing(CANDIDATE), "Every effect that a figure gives"),
                    chosen=(Listing(COUNT), "Which of them enter, by index"),
                    why=(Text(), "Why these"),
                )
            ),
            "For each wanted measure, by the name under which analyses ask for it",
            required=True,
        ),
        Key(
            "unused",
            Listing(
                Fixed(
                    [
                        *FROM_A_FIGURE,
                        Key("label", MAYBE_TEXT, "Row of its own in the figures", required=True),
                        Key("use", MAYBE_TEXT, "Why the record marks it", required=True),
                        Key("note", MAYBE_TEXT, "Note of the record", required=True),
                        Key("reason", Text(), "Why it gives no effect", required=True),
                    ]
                )
            ),
            "Figures that give no effect on any of the measures",
            required=True,
        ),
        Key("findings", Listing(Entries(SCALAR)), "What the checks found", required=True),
        Key("curves", Listing(CURVE), "Reconstructed Kaplan-Meier curves, where curves were read"),
    ]
)
