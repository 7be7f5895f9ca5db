"""The tables of a network: against the reference, league, ranks, evidence, inconsistency, contributions, sensitivity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coppice.core.network_lines import against_reference, as_read, best_first, by_pair, is_common, main_line, names_of
from coppice.draw.needs import MOST_IN_LEAGUE
from coppice.report.other_view import OtherView
from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, paragraph, tag
from coppice.report.page.reported import printed_with_arms
from coppice.report.page.table import Column, number, table, table_of

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView

Comparison = Mapping[str, Any]
MOST_IN_ROWS = 12  # treatments whose effects stand beside each other in a table of sensitivity
LEAST_SHARE = 0.005  # of a contribution that is printed


def called(analysis: OtherView, pair: Sequence[str]) -> str:
    """Return how a comparison is printed."""
    names = names_of(analysis.pool)
    return " against ".join(names.get(name, name) for name in pair)


def reference_table(analysis: OtherView, lead: str, name: str) -> Html | None:
    """Build the table of all treatments against the reference, the best first; None without any."""
    rows = against_reference(analysis.pool)
    names = names_of(analysis.pool)
    scores = {item["treatment"]: item["p_score"] for item in analysis.pool["treatments"]}
    columns: list[Column[Comparison] | None] = [
        Column("Treatment", lambda item: names[item["treatments"][0]]),
        number("Direct studies", lambda item: item["k"]),
        number(f"{analysis.measure.label} ({analysis.level} CI)", lambda item: analysis.estimate(main_line(item))),
        None
        if is_common(analysis.pool)
        else number(
            "Prediction interval",
            lambda item: analysis.between(item["random"], "prediction_low", "prediction_high") or words.DASH,
        ),
        number("Direct evidence", lambda item: analysis.style.percent(100 * item["share"], 0)),
        number("P-score", lambda item: score(scores[item["treatments"][0]])),
    ]
    ordered = sorted(rows, key=lambda item: -scores[item["treatments"][0]])
    caption = f"{lead} {names[analysis.pool['reference']]}, {effects_of(analysis)}." if rows else ""
    return table_of(caption, ordered, columns, name=f"table-{name}-{analysis.name}") if rows else None


def effects_of(analysis: OtherView) -> str:
    """Name the effects of the model whose estimates are printed."""
    return "common effects (Mantel-Haenszel)" if is_common(analysis.pool) else "random effects"


def score(value: float) -> str:
    """Print a probability with two decimals: a score of 0.00 is as good as none."""
    return f"{value:.2f}"


def league(analysis: OtherView) -> Html | None:
    """Build the league table; of a network with many treatments a row for each comparison, to be sorted."""
    ordered = best_first(analysis.pool)
    if len(ordered) > MOST_IN_LEAGUE:
        return long_league(analysis)
    pairs = by_pair(analysis.pool["comparisons"])
    keys = [item["treatment"] for item in ordered]
    rows = [
        (
            item["name"],
            *(words.DASH if key == other else analysis.estimate(main_line(pairs[key, other])) for other in keys),
        )
        for key, item in zip(keys, ordered, strict=True)
    ]
    headings = ["Treatment", *(item["name"] for item in ordered)]
    caption = f"{analysis.title}: the row’s treatment against the column’s, {analysis.measure.name} ({analysis.level} CI), the best first."
    return table(caption, headings, rows, numeric=range(1, len(headings)), name=f"table-league-{analysis.name}")


def long_league(analysis: OtherView) -> Html:
    """Build the table of all comparisons, one in a row, the better treatment first."""
    names = names_of(analysis.pool)
    columns: list[Column[Comparison] | None] = [
        Column("Treatment", lambda item: names[item["treatments"][0]]),
        Column("Against", lambda item: names[item["treatments"][1]]),
        number("Direct studies", lambda item: item["k"]),
        number(f"{analysis.measure.label} ({analysis.level} CI)", lambda item: analysis.estimate(main_line(item))),
        number("p", lambda item: analysis.style.p_value(main_line(item)["p"]).removeprefix("=").strip()),
    ]
    caption = f"{analysis.title}: all comparisons, {analysis.measure.name}, the better treatment first; a click on a heading sorts."
    rows = as_read(analysis.pool, by_rank=True)
    return table_of(caption, rows, columns, name=f"table-league-{analysis.name}")


def ranks(analysis: OtherView) -> Html:
    """Build the table of ranks."""
    columns: list[Column[Mapping[str, Any]] | None] = [
        Column("Treatment", lambda item: item["name"]),
        number("Studies", lambda item: item["studies"]),
        number("Patients", lambda item: words.DASH if item["patients"] is None else f"{item['patients']:,}"),
        number("P-score", lambda item: score(item["p_score"])),
        None
        if is_common(analysis.pool)
        else number("P-score, common effect", lambda item: score(item["p_score_common"])),
        number("SUCRA", lambda item: score(item["sucra"])),
        number("Probability of being best", lambda item: analysis.style.percent(100 * item["ranks"][0], 0)),
    ]
    caption = f"{analysis.title}: ranks of the treatments."
    return table_of(caption, best_first(analysis.pool), columns, name=f"table-ranks-{analysis.name}")


def split(analysis: OtherView) -> Html | None:
    """Build the table of direct and indirect evidence of the comparisons that have direct evidence."""
    rows = [item for item in as_read(analysis.pool) if item["direct"]]

    def line(part: str) -> Any:
        return lambda item: analysis.estimate(item[part]) if item[part] else words.DASH

    columns: list[Column[Comparison] | None] = [
        Column("Comparison", lambda item: called(analysis, item["treatments"])),
        number("Studies", lambda item: item["k"]),
        number("Direct evidence", lambda item: analysis.style.percent(100 * item["share"], 0)),
        number("Direct", line("direct")),
        number("Indirect", line("indirect")),
        number("Network", lambda item: analysis.estimate(main_line(item))),
        number(
            "p of the difference",
            lambda item: (
                analysis.style.p_value(item["difference"]["p"]).removeprefix("=").strip()
                if item["difference"]
                else words.DASH
            ),
        ),
    ]
    caption = f"{analysis.title}: direct and indirect evidence, {effects_of(analysis)} (indirect evidence by back-calculation)."
    return table_of(caption, rows, columns, name=f"table-split-{analysis.name}") if rows else None


def test(analysis: OtherView, part: Mapping[str, Any] | None) -> str:
    """Print a part of Q with its test."""
    if part is None or not part["df"]:
        return words.DASH
    return words.omnibus(analysis.style, "Q", part["Q"], df=part["df"], df2=None, p=part["p"])


def designs(analysis: OtherView) -> Html | None:
    """Build the table of Q by designs; None where no evidence is both direct and indirect."""
    part = analysis.pool["inconsistency"]
    if part is None:
        return None
    names = names_of(analysis.pool)
    columns: list[Column[Mapping[str, Any]] | None] = [
        Column("Design", lambda item: ", ".join(names[name] for name in item["treatments"])),
        number("Studies", lambda item: len(item["studies"])),
        None if part["within"] is None else Column("Within the design", lambda item: test(analysis, item["within"])),
        Column("Between designs, with this one detached", lambda item: test(analysis, item["detached"])),
    ]
    caption = (
        f"{analysis.title}: Cochran’s Q by designs. A dash: no degrees of freedom, or detaching makes no difference."
    )
    return table_of(caption, part["designs"], columns, name=f"table-designs-{analysis.name}")


def contributions(analysis: OtherView) -> Html | None:
    """Build the table of what each direct comparison contributes to the comparisons with the reference."""
    part = analysis.pool["contributions"]
    if part is None:
        return None
    names = names_of(analysis.pool)
    rows = []
    for treatment, shares in zip(part["treatments"], part["shares"], strict=True):
        ordered = sorted(zip(shares, part["edges"], strict=True), key=lambda item: -item[0])
        texts = [
            f"{called(analysis, edge)} {analysis.style.percent(100 * share, 0)}"
            for share, edge in ordered
            if share >= LEAST_SHARE
        ]
        rows.append((names[treatment], "; ".join(texts)))
    reference = names[analysis.pool["reference"]]
    caption = f"{analysis.title}: share of each direct comparison in the evidence on each treatment against {reference} (by random walks along the evidence)."
    return table(caption, ("Treatment", "Direct comparisons"), rows, name=f"table-contributions-{analysis.name}")


def other_models(analysis: OtherView) -> Html | None:
    """Build the table of the network by other models, where it is asked for."""
    is_there = isinstance(analysis.explore.get("multiverse"), list)
    return left_out(analysis, "multiverse", "by other models", first="Model") if is_there else None


def left_out(analysis: OtherView, part: str, what: str, *, first: str = "Without") -> Html | None:
    """Build the table of the network without each study, treatment or comparison, or by other models."""
    rows = analysis.explore.get(part)
    if rows is None:
        return None
    if isinstance(rows, Mapping):
        return paragraph(words.ended(words.first_upper(str(rows["skipped"]))))
    names = names_of(analysis.pool)
    others = [key for key in names if key != analysis.pool["reference"]]
    shown = others[:MOST_IN_ROWS]

    has_tau2 = any(row["tau2"] is not None for row in rows)

    def cells(row: Mapping[str, Any]) -> list[str]:
        lines = {line["treatment"]: line for line in row["lines"]}
        return [analysis.estimate(lines[key]) if key in lines else words.DASH for key in shown]

    body = [
        (
            f"{row['label']}: {row['reason']}" if row["reason"] else row["label"],
            row["k"],
            *([words.DASH if row["tau2"] is None else analysis.style.variance(row["tau2"])] if has_tau2 else []),
            *cells(row),
        )
        for row in rows
    ]
    more = f" Of {len(others)} treatments the first {MOST_IN_ROWS} are shown." if len(others) > MOST_IN_ROWS else ""
    caption = f"{analysis.title}: each treatment against {names[analysis.pool['reference']]} {what}.{more}"
    headings = (first, "Studies", *([words.TAU2] if has_tau2 else []), *(names[key] for key in shown))
    name = f"table-{part.replace('_', '-')}-{analysis.name}"
    return table(caption, headings, body, numeric=range(1, len(headings)), name=name) if body else None


def effects(review: ReviewView, analysis: OtherView) -> Html | None:
    """Build the table of the pooled comparisons of studies."""
    columns: list[Column[Mapping[str, Any]] | None] = [
        Column("Study", lambda effect: effect["label"]),
        Column("Comparison", lambda effect: called(analysis, effect["treatments"])),
        Column("Reported", lambda effect: printed_with_arms(review, effect["study"], effect)),  # type: ignore[arg-type]
        number(
            f"{analysis.measure.label} ({analysis.level} CI)",
            lambda effect: analysis.estimate(effect, ("yi", "ci_low", "ci_high")),
        ),
        Column("Route", lambda effect: words.route(effect["route"])),
        Column("Report", lambda effect: review.citation(effect["study"], effect["report"]) or words.DASH),
    ]
    caption = f"{analysis.title}: pooled comparisons; a multi-arm study has one for each pair of its treatments."
    return (
        table_of(caption, analysis.effects, columns, name=f"table-effects-{analysis.name}")
        if analysis.effects
        else None
    )


def excluded(analysis: OtherView) -> Html | None:
    """Build the list of studies that could not be pooled."""
    rows = analysis.pool["excluded"]
    items = [html_elements.join([tag("b", f"{item['label']}: "), words.sentence(item["reason"])]) for item in rows]
    return html_elements.bullets(items) if items else None
