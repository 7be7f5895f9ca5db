"""The warnings that a pooled model or a meta-regression carries."""

from __future__ import annotations

from coppice.core.contracts.lines import Alternatives, RandomLine

KENWARD_ROGER = {
    "KR": "The degrees of freedom are those of Kenward and Roger (1997); the R package meta differs, as it puts the "
    "adjusted variance in them (inference KR-meta).",
    "KR-meta": "The degrees of freedom have the adjusted variance in them, as in the R package meta; those of Kenward and "
    "Roger (1997) differ (inference KR).",
}
STUDIES_A_MODERATOR = 10  # Cochrane Handbook 6.5, section 10.11.4: fewer than ten studies a moderator are too few


def warnings_about(k: int, used: str, alternatives: Alternatives) -> tuple[str, ...]:
    """Return what a reader must know about the model, as sentences."""
    sentences, wald, hksj = [], alternatives["wald"], alternatives["HKSJ"]
    if k == 1:
        sentences.append("There is only one study: the pooled effect is that study's own.")
    if k == 2:
        sentences.append("There are only two studies: tau2 and I2 are very imprecise.")
    if used in KENWARD_ROGER:
        sentences.append(KENWARD_ROGER[used])
    if used.startswith("HKSJ") and wald and hksj:
        width_hksj, width_wald = (_width(line) for line in (hksj, wald))
        if width_hksj is not None and width_wald is not None and width_hksj < width_wald:
            sentences.append("The Hartung-Knapp (HKSJ) confidence interval is narrower than the Wald interval.")
        if hksj["se"] is not None and wald["se"] is not None and hksj["se"] < wald["se"]:
            sentences.append("The Hartung-Knapp (HKSJ) standard error is below the Wald standard error.")
    return tuple(sentences)


def _width(line: RandomLine) -> float | None:
    low, high = line["ci_low"], line["ci_high"]
    return None if low is None or high is None else high - low


def sparse_warning(k: int, slopes: int, what: str = "effects") -> list[str]:
    """Return the warning of fewer than ten effects, or studies where effects depend on one another, a moderator."""
    if not slopes or k >= STUDIES_A_MODERATOR * slopes:
        return []
    terms = "coefficient" if slopes == 1 else "coefficients"
    text = f"There are {k} {what} for {slopes} {terms} of moderators, fewer than {STUDIES_A_MODERATOR} for each: "
    return [text + "chance findings are likely."]
