"""Forest plot of the components of treatments, and of the treatments as sums of them."""

from __future__ import annotations

from coppice.draw.canvas.canvas import Drawing, styled
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.presets import PRESETS
from coppice.draw.forest.rows import Kind, Row
from coppice.draw.network.forest import context_of, estimates, labels, row_of, value
from coppice.draw.network.view import NetworkView, Result


@styled
def draw_network_components(result: Result, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the effect of each component, then each treatment against the reference as the sum of its components.

    Ruecker G, Petropoulou M, Schwarzer G. Biom J 2020;62:808-821, doi:10.1002/bimj.201800167.
    """
    network, part = NetworkView(result), result["components"]
    context = context_of(network, style)
    reference = network.names.get(result["reference"], result["reference"])
    rows: list[Row] = []
    lacking = []
    for heads, lines in (
        ("Components", part["components"]),
        (f"Treatments against {reference}, as sums", part["treatments"]),
    ):
        rows += [Row(Kind.GAP)] if rows else []
        rows.append(Row(Kind.HEADING, heads))
        for item in lines:
            name = network.names.get(item["name"], item["name"])
            if item["random"] is None:
                lacking.append(name)
            else:
                rows.append(row_of(network, Kind.STUDY, name, item["random"], studies=item["studies"]))
    notes = ["Random effects, additive model; squares are by the precision of the estimate."]
    notes += [f"Not identified: {', '.join(dict.fromkeys(lacking))}."] if lacking else []
    return draw_content(
        Content(
            measure=network.measure,
            style=style,
            preset=PRESETS["default"],
            title=title or "",
            subtitle=f"Additive effects of components: {network.name.lower()}, {network.studies}",
            rows=rows,
            left=[labels("Component"), value("studies", ("Studies",), str)],
            right=[estimates(context)],
            notes=notes,
            description=f"Effects of {len(part['components'])} components.",
        )
    )
