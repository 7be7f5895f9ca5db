"""The cones of a funnel plot: where effects so many standard errors from a centre lie, on any axis of precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coppice.draw.canvas.canvas import Point
from coppice.draw.canvas.panel import Panel, Scale
from coppice.draw.figures.precisions import Precision

HEADROOM = 1.06  # the axis ends a little beyond the least precise study
STEPS = 60  # points of the side of a cone, which is straight on an axis of standard errors only


@dataclass(frozen=True, slots=True)
class Cones:
    """Draws on a panel whose vertical axis shows a precision."""

    precision: Precision
    least: float  # standard error at the top
    largest: float  # and at the bottom

    @classmethod
    def over(cls, precision: Precision, ses: Sequence[float]) -> Cones:
        """Return the range that holds some standard errors."""
        largest = max(ses, default=1.0) * HEADROOM or 1.0
        return cls(precision, 0.0 if precision.starts_at_zero else min(ses, default=0.1) / HEADROOM, largest)

    def scale(self, se_name: str) -> Scale:
        """Return the vertical axis: the most precise study at the top."""
        name = self.precision.name.format(se=se_name if self.precision.name.startswith("{") else se_name.lower())
        return Scale(name, self.precision.of(self.largest), self.precision.of(self.least))

    def at(self, panel: Panel, x: float, se: float) -> Point:
        """Return the place of an effect and its standard error."""
        return panel.at(x, self.precision.of(se))

    def vertical(self, panel: Panel, x: float) -> list[Point]:
        """Return the line of one effect."""
        return [self.at(panel, x, self.least), self.at(panel, x, self.largest)]

    def line(self, panel: Panel, start: float, slope: float) -> list[Point]:
        """Return the line start + slope * se to the extent that it lies in the panel."""
        end = self.largest
        for limit in (panel.x.low, panel.x.high):
            if slope and (limit - start) / slope > 0:
                end = min(end, (limit - start) / slope)
        return [self.at(panel, start + slope * se, se) for se in self._between(end)]

    def region(self, panel: Panel, tip: float, reach: float) -> list[Point]:
        """Return the region within `reach` standard errors of a tip, cut at the panel's sides."""
        sides = []
        for slope, limit in ((-reach, panel.x.low), (reach, panel.x.high)):
            side = self.line(panel, tip, slope)
            corner = [self.at(panel, limit, self.largest)] if (tip + slope * self.largest - limit) * slope > 0 else []
            sides.append(side + corner)
        return [*sides[1], *reversed(sides[0])]

    def _between(self, end: float) -> list[float]:
        end = max(end, self.least)
        return [self.least + (end - self.least) * step / STEPS for step in range(STEPS + 1)]
