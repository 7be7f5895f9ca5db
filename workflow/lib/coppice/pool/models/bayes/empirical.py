"""Empirical prior distributions of the between-study variance, by type of outcome and of comparison.

The numbers are those of the papers' tables; each was compared in two independent transcriptions (bayesmeta 3.4,
rnmamod 0.5.0). What they do not agree on, or what contradicts the rest of its table, is left out, as `LEFT_OUT` says.
"""

from __future__ import annotations

from collections.abc import Mapping

TURNER_COMPARISONS = (
    "pharmacological vs placebo or control",
    "pharmacological vs pharmacological",
    "non-pharmacological vs placebo or control",
    "non-pharmacological vs pharmacological",
    "non-pharmacological vs non-pharmacological",
)
ANY = "any"  # without regard to outcome and comparison
# Mean and SD of the log-normal distribution of tau2, by comparison in the order above; Turner et al. 2015, Table IV
TURNER: Mapping[str, tuple[tuple[float, float], ...]] = {
    "all-cause mortality": ((-3.95, 1.34), (-4.18, 1.41), (-4.17, 1.55), (-2.92, 1.02), (-3.50, 1.26)),
    "obstetric": ((-3.52, 1.74), (-3.75, 1.79), (-3.74, 1.91), (-2.49, 1.50), (-3.08, 1.68)),
    "cause-specific mortality or major morbidity": (
        (-3.71, 1.74), (-3.95, 1.79), (-3.93, 1.91), (-2.68, 1.51), (-3.27, 1.68)),
    "resource use or hospital stay": ((-2.34, 1.74), (-2.58, 1.79), (-2.56, 1.91), (-1.31, 1.50), (-1.90, 1.68)),
    "surgical or device success": ((-2.14, 1.74), (-2.37, 1.79), (-2.36, 1.91), (-1.11, 1.50), (-1.69, 1.68)),
    "withdrawals": ((-2.99, 1.74), (-3.23, 1.79), (-3.21, 1.91), (-1.96, 1.51), (-2.55, 1.68)),
    "internal or structure-related": ((-2.71, 1.74), (-2.94, 1.79), (-2.93, 1.92), (-1.67, 1.51), (-2.26, 1.68)),
    "general physical health": ((-2.29, 1.53), (-2.53, 1.58), (-2.51, 1.72), (-1.26, 1.25), (-1.85, 1.46)),
    "adverse events": ((-1.87, 1.52), (-2.10, 1.58), (-2.10, 1.71), (-0.84, 1.24), (-1.43, 1.45)),
    "infection or onset of disease": ((-2.49, 1.52), (-2.73, 1.58), (-2.71, 1.71), (-1.46, 1.24), (-2.05, 1.45)),
    "signs or symptoms": ((-2.06, 1.51), (-2.29, 1.58), (-2.28, 1.71), (-1.03, 1.24), (-1.61, 1.45)),
    "pain": ((-1.83, 1.52), (-2.06, 1.58), (-2.05, 1.71), (-0.80, 1.25), (-1.38, 1.45)),
    "quality of life or functioning": ((-2.54, 1.54), (-2.78, 1.60), (-2.77, 1.73), (-1.51, 1.27), (-2.10, 1.47)),
    "mental health": ((-2.12, 1.53), (-2.35, 1.60), (-2.34, 1.72), (-1.09, 1.27), (-1.67, 1.47)),
    "biological markers": ((-1.77, 1.52), (-2.00, 1.58), (-1.99, 1.71), (-0.74, 1.24), (-1.33, 1.45)),
    "subjective": ((-2.70, 1.52), (-2.93, 1.58), (-2.92, 1.71), (-1.67, 1.25), (-2.26, 1.45)),
}  # fmt: skip
TURNER_ANY = (-2.56, 1.74)

RHODES_COMPARISONS = (TURNER_COMPARISONS[0], TURNER_COMPARISONS[1], "non-pharmacological")
RHODES_DF = 5.0
# Location and scale of the t distribution with 5 df of ln tau2, by comparison; Rhodes et al. 2015, Table 3, medical areas
# other than cancer and respiratory diseases
RHODES: Mapping[str, tuple[tuple[float, float] | None, ...]] = {
    "obstetric": ((-4.13, 2.34), (-4.40, 2.31), (-3.99, 2.11)),
    "resource use or hospital stay": ((-2.55, 2.73), (-2.83, 2.70), (-2.41, 2.57)),
    "internal or external structure-related": ((-2.43, 2.50), (-2.70, 2.46), (-2.29, 2.32)),
    "general physical health, adverse events, pain or quality of life": ((-3.16, 2.50), (-3.44, 2.44), (-3.02, 2.27)),
    "signs or symptoms, infection or onset of disease": ((-3.00, 2.50), (-3.27, 2.47), (-2.86, 2.33)),
    "mental health": ((-2.99, 2.16), (-3.27, 2.14), None),
    "biological markers": ((-3.41, 2.83), (-3.68, 2.78), (-3.27, 2.66)),
    "subjective": ((-2.76, 2.58), (-3.03, 2.59), (-2.62, 2.41)),
}
RHODES_ANY = (-3.44, 2.59)

LEFT_OUT = {
    "Turner et al. 2012, doi:10.1093/ije/dys041": "superseded by the table of 2015, and quoted with different numbers",
    "Rhodes et al. 2015, cancer and respiratory diseases": "the transcriptions of the appendix differ in their signs",
    "Rhodes et al. 2015, mental health, non-pharmacological": (
        "the location -3.85 that is quoted contradicts its table, in which comparisons differ by the same amounts for all "
        "outcomes (-2.85 would agree)"
    ),
}


def turner(outcome: str, comparison: str | None) -> tuple[float, float]:
    """Return mean and SD of ln tau2 of log odds ratios; ValueError if the table has no such row or column."""
    if outcome == ANY:
        return TURNER_ANY
    return TURNER[outcome][TURNER_COMPARISONS.index(str(comparison))]


def rhodes(outcome: str, comparison: str | None) -> tuple[float, float]:
    """Return location and scale of ln tau2 of standardised mean differences; ValueError where it is left out."""
    if outcome == ANY:
        return RHODES_ANY
    numbers = RHODES[outcome][RHODES_COMPARISONS.index(str(comparison))]
    if numbers is None:
        raise ValueError(
            f"rhodes2015 has no numbers for {outcome}, {comparison}: those that are quoted contradict the rest of their "
            "table; write the distribution as log_student_t"
        )
    return numbers
