"""The graph of a network: treatments as nodes, direct comparisons as edges, multi-arm studies shaded."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from coppice.draw.canvas.canvas import LINE_SPACING, TITLE_LINE, Canvas, Drawing, Point, styled, text_width, wrapped
from coppice.draw.canvas.panel import SUBTITLE_SPACE
from coppice.draw.canvas.style import DEFAULT, Style, blend
from coppice.draw.canvas.text import folded, title_lines
from coppice.draw.network.view import NetworkView, Result

FEW = 14  # treatments whose names stand upright beside their nodes; those of more lie along the radius
NUMBERED = 10  # treatments up to which each edge says its number of studies
RADIUS, ROOM = 120.0, 22.0  # points: least radius of the circle, and its circumference for each treatment
LARGEST, SMALLEST = 13.0, 3.5  # points: radius of nodes
WIDEST, THINNEST = 7.0, 0.9  # points: width of edges
MANY_EDGES = 40  # of more, each is thinner
LABEL = 120.0  # points: a longer name is wrapped
GAP = 5.0  # points from a node to its name
SHADE, EDGE = 0.10, 0.55  # shares of the colour of shaded areas, and of edges
MOST_SHADES = 12  # areas of sets of arms that can be told apart


@styled
def draw_network_graph(result: Result, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the treatments on a circle, the area of each by its patients, and the comparisons by their number of studies.

    Salanti G. Res Synth Methods 2012;3:80-97, doi:10.1002/jrsm.1037.
    """
    network = NetworkView(result)
    n = len(network.treatments)
    radius = max(RADIUS, ROOM * n / (2 * math.pi))
    labels = [_lines(network.names[item["treatment"]], style, n) for item in network.treatments]
    widths = [max(text_width(line, style) for line in lines) for lines in labels]
    around = max(widths) + LARGEST + GAP + 4.0
    height_around = around if n > FEW else LARGEST + GAP + style.size * LINE_SPACING * 2
    notes = _notes(result, n)
    width = 2 * (radius + around)
    heads = title_lines(title, width, style)
    top = style.margin + len(heads) * style.large * TITLE_LINE + style.size * SUBTITLE_SPACE
    lines = folded(notes, width, style)
    centre = (style.margin + width / 2, top + height_around + radius)
    bottom = centre[1] + radius + height_around + 6.0
    canvas = Canvas(width + 2 * style.margin, bottom + len(lines) * style.small * LINE_SPACING + style.margin, style)
    canvas.headed(heads, f"Network graph, {network.size}")
    places = {item["treatment"]: _on_circle(centre, radius, index, n) for index, item in enumerate(network.treatments)}
    _draw_shades(canvas, result, places)
    _draw_edges(canvas, result, places, is_numbered=n <= NUMBERED)
    _draw_nodes(canvas, network, places)
    for index, (item, lines_of) in enumerate(zip(network.treatments, labels, strict=True)):
        reach = radius + _node(item, network.treatments) + GAP
        _draw_label(canvas, centre, reach, index, n, lines_of)
    canvas.notes(bottom + style.small / 2, lines)
    return canvas.finished(title or "Network graph", _described(network))


def _lines(name: str, style: Style, n: int) -> list[str]:
    return wrapped(name, LABEL, style) if n <= FEW else [name]


def _angle(index: int, n: int) -> float:
    """Return the angle of a node: the first at the top, the others clockwise."""
    return 2 * math.pi * index / n - math.pi / 2


def _on_circle(centre: Point, radius: float, index: int, n: int) -> Point:
    angle = _angle(index, n)
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def _sizes(treatments: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return what the areas of nodes are by: patients, or studies where not all are stated."""
    patients = [item["patients"] for item in treatments]
    return [float(item["studies"]) for item in treatments] if None in patients else [float(size) for size in patients]


def _node(item: Mapping[str, Any], treatments: Sequence[Mapping[str, Any]]) -> float:
    """Return the radius of a node."""
    sizes = _sizes(treatments)
    own = sizes[[each["treatment"] for each in treatments].index(item["treatment"])]
    return max(SMALLEST, LARGEST * math.sqrt(own / (max(sizes) or 1.0)))


def _draw_shades(canvas: Canvas, result: Result, places: Mapping[str, Point]) -> None:
    """Shade the areas between the treatments of multi-arm studies."""
    style = canvas.style
    for arms in _multi_arm(result):
        shape = [places[arm] for arm in places if arm in arms]
        canvas.polygon(shape, fill=style.prediction, alpha=SHADE, zorder=0.5, name="shade")


def _multi_arm(result: Result) -> list[frozenset[str]]:
    """Return the sets of treatments of multi-arm studies, the most frequent first."""
    by_study: dict[str, set[str]] = {}
    for effect in result["effects"]:
        by_study.setdefault(effect["study"], set()).update(effect["treatments"])
    counted = Counter(frozenset(arms) for arms in by_study.values() if len(arms) > 2)
    return [arms for arms, _ in counted.most_common(MOST_SHADES)]


def _draw_edges(canvas: Canvas, result: Result, places: Mapping[str, Point], *, is_numbered: bool) -> None:
    style = canvas.style
    colour = blend(style.study, style.background, EDGE)
    numbers = {tuple(item["treatments"]): item["k"] for item in result["comparisons"] if item["k"]}
    most = max(numbers.values(), default=1)
    thinner = min(1.0, math.sqrt(MANY_EDGES / max(len(numbers), 1)))
    for (one, other), number in numbers.items():
        width = THINNEST if most == 1 else THINNEST + (WIDEST - THINNEST) * (number - 1) / (most - 1)
        width *= thinner
        canvas.line([places[one], places[other]], colour=colour, width=width, zorder=2.0, name="edge")
    for (one, other), number in numbers.items() if is_numbered else ():
        x, y = ((a + b) / 2 + (b - a) * 0.08 for a, b in zip(places[one], places[other], strict=True))
        canvas.circle(x, y, style.small * 1.5, fill=style.background, zorder=2.5)
        canvas.text(x, y, str(number), align="center", size=style.small, zorder=3.0)


def _draw_nodes(canvas: Canvas, network: NetworkView, places: Mapping[str, Point]) -> None:
    style = canvas.style
    for item in network.treatments:
        diameter = 2 * _node(item, network.treatments)
        is_reference = item["treatment"] == network.result["reference"]
        fill = style.summary if is_reference else style.study
        canvas.circle(*places[item["treatment"]], diameter, fill=fill, edge=style.background, width=1.2, name="node")


def _draw_label(  # noqa: PLR0917
    canvas: Canvas, centre: Point, reach: float, index: int, n: int, lines: Sequence[str]
) -> None:
    """Write the name of a treatment outside of its node: upright, or of many along the radius."""
    style, angle = canvas.style, _angle(index, n)
    across, down = math.cos(angle), math.sin(angle)
    if n > FEW:
        far = reach + text_width(lines[0], style) / 2
        turn = -math.degrees(angle)
        turn = turn + 180 if across < -1e-9 else turn
        canvas.text(centre[0] + far * across, centre[1] + far * down, lines[0], align="center", rotation=turn or 0.001)
        return
    step = style.size * LINE_SPACING
    x, y = centre[0] + reach * across, centre[1] + reach * down
    middle = y + down * step * len(lines) / 2 - step * (len(lines) - 1) / 2
    if abs(across) < 0.2:
        canvas.lines(x, middle, lines, align="center")
    else:
        canvas.lines(x, middle, lines, align="left" if across > 0 else "right")


def _notes(result: Result, n: int) -> list[str]:
    is_of_studies = any(item["patients"] is None for item in result["treatments"])
    notes = [
        (
            f"The area of a circle is by its {'studies' if is_of_studies else 'patients'}, the width of a line by the studies that "
            f"compare the two treatments directly{', whose number stands on it' if n <= NUMBERED else ''}; the reference is dark."
        )
    ]
    shades = _multi_arm(result)
    if shades:
        more = " (the most frequent sets of arms)" if len(shades) == MOST_SHADES else ""
        notes.append(f"Shading marks the treatments of multi-arm studies{more}.")
    return notes


def _described(network: NetworkView) -> str:
    edges = [item for item in network.result["comparisons"] if item["k"]]
    pairs = len(list(combinations(network.treatments, 2)))
    return f"Network of {network.size}: {len(edges)} of {pairs} comparisons have direct evidence."
