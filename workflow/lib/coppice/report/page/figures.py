"""Figures within the report: embedded as images, with a text alternative."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from coppice.draw.captions import caption
from coppice.draw.registry import FIGURES
from coppice.report.other_view import OtherView
from coppice.report.page import sentences, words
from coppice.report.page.html_elements import Html, join, tag
from coppice.report.report_data import AnalysisView

WIDTH = re.compile(rb'<svg [^>]*?width="([0-9.]+)pt"')
ZOOM = 96 / 72 * 1.35  # pixels per point, enlarged so that the small type of the figures matches that of the page
PAGE = 940  # pixels: a figure that is wider fills the page


def figure(analysis: AnalysisView, name: str) -> Html:
    """Embed a figure as an image whose content is part of the page: an image runs no script and asks for no file."""
    return embedded(
        analysis.figures[name],
        f"{analysis.name}/{name}",
        alternative=alternative(analysis, name),
        caption=join([tag("b", f"{words.ended(analysis.title)} "), caption_of(analysis, name)]),
        label=f"{analysis.title}: {FIGURES[name].title}",
    )


def of_other(analysis: OtherView, name: str, says: str) -> Html | None:
    """Embed a figure of an analysis of another kind than pairwise; None where it is not drawn. `says` is what it shows in words."""
    file = analysis.figures.get(name)
    if file is None or not file.exists() or FIGURES[name].need({"pool": analysis.pool}):
        return None
    title = FIGURES[name].title
    marks = words.first_upper(caption(name, file.read_bytes()))
    return embedded(
        file,
        f"{analysis.name}/{name}",
        alternative=f"{title}, {analysis.title}: {says}",
        caption=join([tag("b", f"{words.ended(analysis.title)} "), f"{title}. {marks}"]),
        label=f"{analysis.title}: {title}",
    )


def embedded(file: Path, place: str, *, alternative: str, caption: Html, label: str) -> Html:
    """Embed the SVG in a file, whose place is `<folder>/<figure>`.

    `alternative` says what it shows, `caption` stands beneath, and `label` names the region that holds it.
    """
    folder, name = place.split("/")
    content = file.read_bytes()
    source = f"data:image/svg+xml;base64,{base64.b64encode(content).decode('ascii')}"
    picture = tag("img", src=source, alt=alternative, width=width_of(content), data_figure=place)
    scroller = tag("div", picture, class_="picture", role="region", tabindex="0", aria_label=label)
    return tag("figure", scroller, tag("figcaption", caption), id=f"figure-{name}-{folder.lstrip('_')}")


def width_of(content: bytes) -> int | None:
    """Return the width in pixels at which a narrow figure is as legible as the text; None for one that fills the page."""
    stated = WIDTH.search(content)
    wide = round(float(stated[1]) * ZOOM) if stated else PAGE
    return wide if wide < PAGE else None


def alternative(analysis: AnalysisView, name: str) -> str:
    """Describe a figure in words."""
    main = analysis.pool["random"]
    pooled = (
        f"pooled {analysis.measure.printed_name} {words.estimate(analysis, main)}" if main else "no overall estimate"
    )
    effects = words.count(len(analysis.effects), "effect")
    lead = f"{FIGURES[name].title}, {analysis.title}: {effects}, {pooled}."
    direction = sentences.direction(analysis, main) if main else None
    return " ".join(filter(None, [lead, direction, "The tables below give the numbers."]))


def caption_of(analysis: AnalysisView, name: str) -> str:
    """Say what the marks of a figure are, those only that it has."""
    effect = analysis.measure.printed_name if analysis.measure.is_of_one_group else "effect"
    marks = words.first_upper(caption(name, analysis.figures[name].read_bytes(), effect=effect))
    count = len(analysis.effects)
    few = f" With {count} studies, its shape is little evidence of publication bias." * (count < sentences.FEW_STUDIES)
    return f"{FIGURES[name].title}. {marks}{few if name == 'funnel' else ''}"
