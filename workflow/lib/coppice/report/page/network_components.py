"""What the report says of the components of treatments, whose effects are added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.core.network_lines import names_of
from coppice.report.other_view import OtherView
from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, paragraph
from coppice.report.page.network_tables import test
from coppice.report.page.table import Column, number, table_of

LEAD = (
    "The effect of a combination is taken as the sum of the effects of its components: they neither strengthen nor weaken each other. "
    "Whether this is so has to be judged."
)
MOST_IN_A_SENTENCE = 6


def sentence(analysis: OtherView) -> str:
    """Give the effects of the components of a network that has no other result."""
    part = analysis.pool["components"]
    lines = [item for item in part["components"] if item["random"]]
    effects = [f"{item['name']}, {analysis.measure.label} {analysis.estimate(item['random'])}" for item in lines]
    more = len(effects) - MOST_IN_A_SENTENCE
    rest = f"; the table has the other {more}" if more > 0 else ""
    size = words.first_upper(words.studies(analysis.pool["k"]))
    named = f"Effects of the components ({analysis.level} CI): {'; '.join(effects[:MOST_IN_A_SENTENCE])}{rest}." if effects else "They identify no component."  # fmt: skip
    return f"{size} compared treatments in parts that only their components connect. {named}"


def spread(analysis: OtherView) -> list[str]:
    """Give heterogeneity about additive effects, and the test of additivity."""
    part = analysis.pool["components"]
    own, difference = part["heterogeneity"], part["difference"]
    about = f"; {test(analysis, own)}" if own["df"] else ""
    texts = [f"Heterogeneity about additive effects: {words.TAU2} {analysis.style.variance(own['tau2'])}{about}."]
    if difference:
        texts.append(f"Additivity (Q of the additive model less that of the network, common effects): {test(analysis, difference)}. A large p value does not show that effects add up.")  # fmt: skip
    elif part["is_connected"]:
        texts.append("Additivity: not tested, as there are as many components as treatments.")
    else:
        texts.append("Additivity: not tested, as the network is not connected without it.")
    return texts


def components(analysis: OtherView, drawn: Html | None) -> list[Html | None]:
    """Build what stands on components; nothing where none were asked for."""
    part = analysis.pool.get("components")
    if part is None:
        return []
    none = f"{words.first_upper(part['inactive'])} is taken to have no effect. " if part["inactive"] else ""
    names = {item["treatment"]: item["name"] for item in analysis.pool["treatments"]} or {}
    reference = names_of(analysis.pool).get(analysis.pool["reference"], analysis.pool["reference"])
    return [
        paragraph(f"{LEAD} {none}".strip()),
        paragraph(*spread(analysis)),
        drawn,
        lines(analysis, "components", "effects of the components", {}),
        lines(analysis, "treatments", f"each treatment against {reference} as the sum of its components", names),
    ]


def lines(analysis: OtherView, kind: str, what: str, names: Mapping[str, str]) -> Html | None:
    """Build a table of estimates of a kind, each with random and common effects."""

    def estimate(model: str) -> Any:
        return lambda item: analysis.estimate(item[model]) if item[model] else html_elements.absent(item["reason"])

    columns: list[Column[Mapping[str, Any]] | None] = [
        Column(words.first_upper(kind[:-1]), lambda item: names.get(item["name"], item["name"])),
        number("Studies", lambda item: item["studies"]),
        number(f"{analysis.measure.label} ({analysis.level} CI), random effects", estimate("random")),
        number("Common effects", estimate("common")),
    ]
    caption = f"{analysis.title}: {what}, additive model."
    name = f"table-additive-{kind}-{analysis.name}"
    return table_of(caption, analysis.pool["components"][kind], columns, name=name)
