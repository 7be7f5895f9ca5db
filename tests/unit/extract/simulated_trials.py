"""Simulated two-arm trials, and their curves as a careful reader takes them from a printed figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coppice.extract.curves.reconstruct import Curve, Floats, Reconstruction, cox, reconstruct

RESOLUTION = 0.005  # of either axis
MONTHS_BETWEEN_NUMBERS = 6


@dataclass(frozen=True, slots=True)
class Trial:
    """Individual times of both arms, and the length of the figure's axis in months."""

    months: int
    experimental: Reconstruction
    control: Reconstruction


@dataclass(frozen=True, slots=True)
class Comparison:
    """Log hazard ratio and standard error by Cox regression: of the true times and of the reconstructed ones."""

    true: tuple[float, float]
    found: tuple[float, float]

    @property
    def error(self) -> float:
        """Error of the log hazard ratio."""
        return self.found[0] - self.true[0]

    @property
    def error_of_se(self) -> float:
        """Relative error of the standard error."""
        return self.found[1] / self.true[1] - 1


def simulate(generator: np.random.Generator) -> Trial:
    """Draw a trial of 100 to 1,000 patients: Weibull times, staggered entry over a year or more, some lost each year."""
    patients = int(generator.integers(100, 1001))
    months = int(generator.choice([36, 48, 60, 72]))
    accrual = generator.uniform(12, months - 12)
    median, shape = generator.uniform(12, 60), generator.uniform(0.7, 1.4)
    ratio = np.exp(generator.uniform(np.log(0.5), np.log(1.2)))
    lost_per_month = generator.uniform(0.001, 0.1) / 12
    arms = []
    for size, hazard in ((patients // 2, ratio), (patients - patients // 2, 1.0)):
        event = median * (generator.exponential(size=size) / hazard / np.log(2)) ** (1 / shape)
        lost = generator.exponential(1 / lost_per_month, size=size)
        censored = np.minimum(lost, generator.uniform(months - accrual, months, size=size))
        arms.append(Reconstruction(np.minimum(event, censored), event <= censored, 0.0, 0.0))
    return Trial(months, *arms)


def kaplan_meier(arm: Reconstruction, at: Floats) -> Floats:
    """Return the Kaplan-Meier survival at given times."""
    points, deaths = np.unique(arm.times[arm.is_event], return_counts=True)
    at_risk = np.sum(arm.times[None, :] >= points[:, None], axis=1)
    survival = np.r_[1.0, np.cumprod(1 - deaths / at_risk)]
    return survival[np.searchsorted(points, at, side="right")]


def read(arm: Reconstruction, months: int) -> Curve:
    """Return a curve with times and survival rounded to the resolution, and the numbers at risk every 6 months.

    A step is read at the point of the grid that is nearest in time, so the survival read there is that of half a grid
    step later.
    """
    grid = np.linspace(0, months, round(1 / RESOLUTION) + 1)
    survival = kaplan_meier(arm, grid + months * RESOLUTION / 2)
    survival = np.round(survival / RESOLUTION) * RESOLUTION
    numbers = np.arange(0, months + 1, MONTHS_BETWEEN_NUMBERS, dtype=float)
    at_risk = np.sum(arm.times[None, :] >= numbers[:, None], axis=1).astype(float)
    return Curve(grid, np.minimum(survival, 1.0), numbers, at_risk)


def compare(trial: Trial) -> Comparison:
    """Return what Cox regression gives for a trial and for its reconstruction."""
    arms = (trial.experimental, trial.control)
    return Comparison(cox(*arms), cox(*(reconstruct(read(arm, trial.months)) for arm in arms)))


def comparisons(trials: int, seed: int) -> list[Comparison]:
    """Return the comparisons of seeded trials."""
    generator = np.random.default_rng(seed)
    return [compare(simulate(generator)) for _ in range(trials)]
