"""The forest plot with shrinkage: each study's effect as reported, and as the Bayesian model sees it among the others."""

from __future__ import annotations

from collections.abc import Sequence

from coppice.core.contracts.bayes import Bayes, PosteriorSummary
from coppice.core.contracts.lines import Interval
from coppice.core.contracts.pool import PoolResult
from coppice.core.number_style import number
from coppice.core.printing import back
from coppice.draw.canvas.canvas import Drawing, clean, styled
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled
from coppice.draw.figures.posterior import priors_in_words
from coppice.draw.forest.cells import Cells, Column, Slot, TableContext, interval_cells, interval_slots
from coppice.draw.forest.columns import LABEL_WIDTH
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.presets import PRESETS
from coppice.draw.forest.rows import Kind, Row, Triple, decimals_of, place_of, printed_of

SHRUNKEN = "given all studies"
NOTE = (
    "Squares: as reported, with confidence intervals. Hollow diamonds: posterior medians of the same effects, with credible "
    "intervals (shortest). Shrinkage: 0% leaves an effect as it is, 100% replaces it by the mean effect."
)


@styled
def draw_shrinkage(
    result: PoolResult,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    favours: Sequence[str] | None = None,
    important: Sequence[float] | None = None,
    large: Sequence[float] | None = None,
) -> Drawing:
    """Draw each study's effect with its posterior beneath it, then those of the mean effect and of a new study."""
    pooled, preset, bayes = Pooled(result), PRESETS["default"], result["bayes"]
    if bayes is None:
        raise ValueError("the result has no Bayesian model")
    context = TableContext(result, style, preset, {}, decimals_of(result))
    level = f"{100 * bayes['level']:g}%"
    return draw_content(
        Content(
            measure=pooled.measure,
            style=style,
            preset=preset,
            title=title or "",
            subtitle=f"Shrinkage: {pooled.name.lower()}, {pooled.count}",
            rows=_rows(pooled, bayes),
            left=[_labels()],
            right=[_estimates(context, f"{pooled.name} ({level} interval)"), _shrinkage()],
            favours=favours or (),
            notes=[NOTE, f"Priors: {priors_in_words(bayes)}."],
            important=important,
            large=large,
            description=f"The effects of {pooled.count} as reported, and shrunken towards their mean.",
        )
    )


def _rows(pooled: Pooled, bayes: Bayes) -> list[Row]:
    size = (pooled.result.get("display") or {}).get("size")

    def posterior(
        kind: Kind, label: str, part: PosteriorSummary, at: float | None, shrinkage: float | None = None
    ) -> Row:
        exact: Triple = (part["median"], part["shortest"]["low"], part["shortest"]["high"])
        printed: Triple = (
            back(pooled.measure, exact[0], at),
            back(pooled.measure, exact[1], at),
            back(pooled.measure, exact[2], at),
        )
        weights = None if shrinkage is None else {"shrinkage": shrinkage}
        place = place_of(pooled.measure, exact, printed)
        return Row(kind, label, place, printed, weights, indented=shrinkage is not None)

    rows: list[Row] = []
    effects = pooled.result["effects"]
    displays: Sequence[Interval | None] = (pooled.result.get("display") or {}).get("effects") or [None] * len(effects)
    for effect, study, display in zip(effects, bayes["studies"], displays, strict=True):
        exact: Triple = (effect["yi"], effect["ci_low"], effect["ci_high"])
        printed = printed_of(pooled.measure, exact, display, effect.get("size"))
        weights = {"random": study["weight"]}
        rows += [
            Row(Kind.STUDY, clean(effect["label"]), place_of(pooled.measure, exact, printed), printed, weights),
            posterior(Kind.COMMON, SHRUNKEN, study, effect.get("size"), study["shrinkage"]),
        ]
    return [
        *rows,
        Row(Kind.GAP),
        posterior(Kind.RANDOM, "Mean effect", bayes["mu"], size),
        posterior(Kind.PREDICTION, "Effect in a new study", bayes["new"], size),
    ]


def _labels() -> Column:
    def cells(row: Row) -> Cells:
        return (f"   {row.label}" if row.indented else row.label,) if row.label else ()

    return Column("study", ("Study",), cells, (Slot("left"),), align="left", limit=LABEL_WIDTH)


def _estimates(context: TableContext, head: str) -> Column:
    def cells(row: Row) -> Cells:
        if row.place[0] is None:
            return ()
        return interval_cells(row.printed, context.decimals, context.style, context.landmarks)

    return Column("estimate", (head,), cells, interval_slots(context.style), align="center")


def _shrinkage() -> Column:
    def cells(row: Row) -> Cells:
        share = (row.weights or {}).get("shrinkage")
        return () if share is None else (number(100 * share, 0),)

    return Column("shrinkage", ("Shrinkage, %",), cells, (Slot("decimal", grows="left"),))
