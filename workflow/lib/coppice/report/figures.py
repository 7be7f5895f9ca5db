"""Figures within the report: embedded as images, with a text alternative."""

from __future__ import annotations

import base64

from coppice.draw.figures import FIGURES
from coppice.report import sentences, words
from coppice.report.html import Html, tag
from coppice.report.review import Analysis


def figure(analysis: Analysis, name: str) -> Html:
    """Embed a figure.

    Parameters
    ----------
    analysis : Analysis
        The analysis.
    name : str
        Name of the figure.

    Returns
    -------
    Html
        The figure as an image whose content is part of the page: an image runs no script and asks for no file.
    """
    content = base64.b64encode(analysis.figures[name].read_bytes()).decode("ascii")
    picture = tag("img", src=f"data:image/svg+xml;base64,{content}", alt=alternative(analysis, name))
    caption = tag("figcaption", tag("b", f"{analysis.title}. "), caption_of(analysis, name))
    scroller = tag(
        "div",
        picture,
        class_="picture",
        role="region",
        tabindex="0",
        aria_label=f"{analysis.title}: {FIGURES[name].title}",
    )
    return tag("figure", scroller, caption, id=f"figure-{name}-{analysis.name}")


def alternative(analysis: Analysis, name: str) -> str:
    """Say in words what a figure shows."""
    main = analysis.pool.get("random")
    shown = f"pooled {analysis.measure.name} {words.estimate(analysis, main)}" if main else "no overall estimate"
    direction = sentences.direction(analysis, main) if main else None
    said = [
        f"{FIGURES[name].title}, {analysis.title}: {words.count(len(analysis.effects), 'effect')}, {shown}.",
        direction or "",
        "The tables below hold its numbers.",
    ]
    return " ".join(filter(None, said))


def caption_of(analysis: Analysis, name: str) -> str:
    """Say what the marks of a figure are, those only that it has."""
    title = f"{FIGURES[name].title}."
    if name != "forest":
        return f"{title} {words.first_upper(FIGURES[name].caption)}"
    pooled = analysis.pool.get("random") or analysis.pool.get("subgroups")
    marks = [
        "squares are the effects of single studies, larger the more they weigh, and lines their confidence intervals"
    ]
    marks += ["diamonds are pooled estimates with theirs"] if pooled else []
    marks += ["below them is the prediction interval"] if analysis.pool.get("prediction") else []
    return f"{title} {words.first_upper('; '.join(marks))}."
