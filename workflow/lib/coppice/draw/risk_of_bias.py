"""Risk of bias: the traffic lights of every study, and their summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.draw.layout import LINE_SPACING, Canvas, Drawing, clean, text_width, wrapped
from coppice.draw.style import DEFAULT, Style

Assessment = Mapping[str, Any]

CELL = 34.0  # points: width of a domain's column
LIGHT = 12.5  # points: diameter of a light
LABEL_WIDTH = 200.0
BAR_HEIGHT, BAR_WIDTH = 11.0, 320.0
TITLE_LINE = 1.3
OVERALL = "Overall"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement: its colour, and the sign that carries it without colour."""

    label: str
    colour: str
    sign: str


# Okabe and Ito's colours, told apart by the colour-blind; the sign says the same in grey print.
JUDGEMENTS: dict[str, Judgement] = {
    "low": Judgement("Low", "#4aa98b", "+"),
    "some concerns": Judgement("Some concerns", "#f0d264", "\N{MINUS SIGN}"),
    "moderate": Judgement("Moderate", "#f0d264", "\N{MINUS SIGN}"),
    "unclear": Judgement("Unclear", "#e3e0c8", "?"),
    "high": Judgement("High", "#d9733a", "\N{MULTIPLICATION SIGN}"),
    "serious": Judgement("Serious", "#d9733a", "\N{MULTIPLICATION SIGN}"),
    "critical": Judgement("Critical", "#9c3d2e", "!"),
    "no information": Judgement("No information", "#b9c0c7", "?"),
    "not assessed": Judgement("Not assessed", "#ffffff", ""),
}
NOT_ASSESSED = "not assessed"
SIGN_COLOUR = "#1a2027"  # dark on every light, in the light and in the dark theme


def judgement(value: object) -> str:
    """Return the key of a judgement; what is missing or unknown is not assessed."""
    key = str(value).strip().casefold() if value is not None else NOT_ASSESSED
    return key if key in JUDGEMENTS else NOT_ASSESSED


def domains_of(assessments: Sequence[Assessment]) -> list[str]:
    """Return the names of the domains, each once."""
    names = dict.fromkeys(str(name) for item in assessments for name in item.get("domains") or {})
    return list(names)


def judged(item: Assessment, domain: str) -> str:
    """Return the key of the judgement of a study in a domain."""
    return judgement(item.get("overall") if domain == OVERALL else (item.get("domains") or {}).get(domain))


def draw_risk_of_bias(
    assessments: Sequence[Assessment], *, style: Style = DEFAULT, title: str | None = None
) -> Drawing:
    """Draw a light for each study and domain.

    McGuinness LA, Higgins JPT. Res Synth Methods 2021;12:55-61, doi:10.1002/jrsm.1411.

    Parameters
    ----------
    assessments : sequence of mapping
        With ``label`` (or ``study``), ``domains`` (name -> judgement), ``overall`` and ``tool``; a study without
        domains is not assessed.
    style, title
        As in `draw_forest`.
    """
    domains = [*domains_of(assessments), OVERALL]
    with style.applied():
        labels = [wrapped(clean(item.get("label") or item["study"]), LABEL_WIDTH, style) for item in assessments]
        widest = max([text_width(line, style) for lines in labels for line in lines] + [text_width("Study", style)])
        start = style.margin + widest + style.gutter
        cells = [max(CELL, text_width(clean(name), style, weight="bold") + 10.0) for name in domains]
        right = start + sum(cells)
        keys = used(assessments, domains)
        legend = _legend_rows(keys, right - style.margin, style)
        heads = wrapped(clean(title or "Risk of bias"), right - style.margin, style, size=style.large, weight="bold")
        head = style.margin + len(heads) * style.large * TITLE_LINE + style.size * 2.6
        heights = [style.row + 2.0 + (len(lines) - 1) * style.size * LINE_SPACING for lines in labels]
        height = head + 4.0 + sum(heights) + 10.0 + len(legend) * style.row + style.margin
        canvas = Canvas(right + style.margin, height, style)
        canvas.lines(style.margin, style.margin + style.large * 0.5, heads, size=style.large, weight="bold")
        canvas.text(style.margin, head - style.size, "Study", weight="bold")
        canvas.line([(style.margin, head), (right, head)], width=0.9)
        y = head + 4.0
        for item, lines, step in zip(assessments, labels, heights, strict=True):
            canvas.lines(style.margin, y + style.row / 2, lines)
            x = start
            for domain, cell in zip(domains, cells, strict=True):
                draw_light(canvas, x + cell / 2, y + style.row / 2, judged(item, domain))
                x += cell
            y += step
        x = start
        for domain, cell in zip(domains, cells, strict=True):
            canvas.text(x + cell / 2, head - style.size, clean(domain), align="center", weight="bold")
            x += cell
        _draw_legend(canvas, legend, y + 10.0)
        return canvas.finished(title or "Risk of bias", f"Risk of bias of {len(assessments)} studies by domain.")


def used(assessments: Sequence[Assessment], domains: Sequence[str]) -> list[str]:
    """Return the keys of the judgements that occur, in the order of the legend."""
    found = {judged(item, domain) for item in assessments for domain in domains}
    return [key for key in JUDGEMENTS if key in found]


def _legend_rows(keys: Sequence[str], width: float, style: Style) -> list[list[tuple[str, float]]]:
    """Break the legend into rows of (judgement, offset)."""
    rows: list[list[tuple[str, float]]] = [[]]
    x = 0.0
    for key in keys:
        need = LIGHT + 6.0 + text_width(JUDGEMENTS[key].label, style, size=style.small) + style.gutter
        if x + need > width and rows[-1]:
            rows.append([])
            x = 0.0
        rows[-1].append((key, x))
        x += need
    return rows


def _draw_legend(canvas: Canvas, rows: Sequence[Sequence[tuple[str, float]]], top: float) -> None:
    style = canvas.style
    for index, row in enumerate(rows):
        y = top + (index + 0.5) * style.row
        for key, x in row:
            draw_light(canvas, style.margin + x + LIGHT / 2, y, key)
            canvas.text(style.margin + x + LIGHT + 6.0, y, JUDGEMENTS[key].label, size=style.small)


def draw_light(canvas: Canvas, x: float, y: float, key: str, *, diameter: float = LIGHT) -> None:
    """Draw one light; the size of its sign follows that of the light."""
    shown = JUDGEMENTS[key]
    edge = canvas.style.muted
    canvas.circle(x, y, diameter, fill=shown.colour if shown.sign else None, edge=edge, width=0.6)
    size = canvas.style.size * min(diameter / LIGHT, 1.0)
    canvas.text(x, y, shown.sign, align="center", weight="bold", colour=SIGN_COLOUR, size=size)


def draw_risk_of_bias_summary(
    assessments: Sequence[Assessment], *, style: Style = DEFAULT, title: str | None = None, weighted: bool = True
) -> Drawing:
    """Draw the share of studies at each judgement, one bar a domain.

    Parameters
    ----------
    assessments : sequence of mapping
        As in `draw_risk_of_bias`; ``weight`` is the study's weight in the pooled estimate.
    style, title
        As in `draw_forest`.
    weighted : bool
        Whether studies count by their weight, where all of them have one.
    """
    domains = [*domains_of(assessments), OVERALL]
    has_weights = weighted and bool(assessments) and all(item.get("weight") is not None for item in assessments)
    weights = [float(item["weight"]) if has_weights else 1.0 for item in assessments]
    with style.applied():
        names = [wrapped(clean(domain), LABEL_WIDTH, style) for domain in domains]
        widest = max(text_width(line, style) for lines in names for line in lines)
        start = style.margin + widest + style.gutter
        right = start + BAR_WIDTH
        legend = _legend_rows(used(assessments, domains), right - style.margin, style)
        heads = wrapped(clean(title or "Risk of bias"), right - style.margin, style, size=style.large, weight="bold")
        top = style.margin + len(heads) * style.large * TITLE_LINE + style.size * 2.2
        heights = [style.row + 4.0 + (len(lines) - 1) * style.size * LINE_SPACING for lines in names]
        bottom = top + sum(heights)
        canvas = Canvas(right + style.margin + 8.0, bottom + 28.0 + len(legend) * style.row + style.margin, style)
        canvas.lines(style.margin, style.margin + style.large * 0.5, heads, size=style.large, weight="bold")
        subtitle = "Studies by their weight in the pooled estimate" if has_weights else "Share of studies"
        canvas.text(style.margin, top - style.size * 1.6, subtitle, colour=style.muted)
        y = top
        for domain, lines, step in zip(domains, names, heights, strict=True):
            canvas.lines(style.margin, y + style.row / 2, lines)
            _draw_bar(canvas, start, y + style.row / 2, [judged(item, domain) for item in assessments], weights)
            y += step
        for share in (0, 25, 50, 75, 100):
            x = start + BAR_WIDTH * share / 100
            canvas.line([(x, bottom), (x, bottom + 4.0)], width=0.8)
            canvas.text(x, bottom + 4.0 + style.small * 0.9, f"{share}%", align="center", size=style.small)
        canvas.line([(start, bottom), (right, bottom)], width=0.8)
        _draw_legend(canvas, legend, bottom + 26.0)
        return canvas.finished(title or "Risk of bias", f"Summary of the risk of bias of {len(assessments)} studies.")


def _draw_bar(canvas: Canvas, x: float, y: float, keys: Sequence[str], weights: Sequence[float]) -> None:
    total = sum(weights) or 1.0
    top, bottom = y - BAR_HEIGHT / 2, y + BAR_HEIGHT / 2
    for key, shown in JUDGEMENTS.items():
        width = BAR_WIDTH * sum(w for k, w in zip(keys, weights, strict=True) if k == key) / total
        if width > 0:
            edge = canvas.style.background if shown.sign else canvas.style.muted
            fill = shown.colour if shown.sign else None
            canvas.rectangle(x, top, x + width, bottom, fill=fill, edge=edge, width=0.8)
            x += width
