"""Bad reviews of test accuracy."""

from __future__ import annotations

from tests.bad_input.examples.case import Case, in_figure, in_table

COUNTS, SOUND = "study,tp,fp,fn,tn", ("A,12,3,2,40", "B,20,4,5,61")
DTA = "analyses: {os: {measure: DTA, %s}}"


def of_accuracy(name: str, *rows: str, asked: str = "") -> Case:
    """Return a case of a table of counts, or of what an analysis of test accuracy asks for."""
    return in_table(name, COUNTS, *(rows or SOUND), measure="DTA", more=DTA % asked if asked else "")


def cases() -> list[Case]:
    """Return the bad reviews."""
    return [
        of_accuracy("negative true positives", "A,-1,3,2,40", "B,20,4,5,61"),
        of_accuracy("half a false negative", "A,12,3,2.5,40", "B,20,4,5,61"),
        of_accuracy("no one with the target condition", "A,0,3,0,40", "B,20,4,5,61"),
        of_accuracy("no one without the target condition", "A,12,0,2,0", "B,20,4,5,61"),
        in_figure(
            "record without people who have the condition", "statistic: diagnostic_counts, tp: 0, fp: 3, fn: 0, tn: 40"
        ),
        of_accuracy("unknown diagnostic model", asked="diagnostic: {model: binominal}"),
        of_accuracy("rule for empty cells of the exact model", asked="diagnostic: {zero_cells: all}"),
        of_accuracy("unknown rule for empty cells", asked="diagnostic: {model: normal, zero_cells: single}"),
        of_accuracy("prevalence in percent", asked="diagnostic: {prevalences: [5, 20]}"),
        of_accuracy("moment estimator of a normal model", asked="diagnostic: {model: normal}, model: {tau2: DL}"),
        of_accuracy("treatments compared in test accuracy", asked="compare: [a, b]"),
        of_accuracy("test accuracy with dependent effects", asked="dependence: {method: aggregate, rho: 0.5}"),
        of_accuracy("multiverse of measures in test accuracy", asked="multiverse: {measure: [OR]}"),
        of_accuracy("unknown covariate of test accuracy", asked="moderators: age"),
        of_accuracy("two thresholds of one study", "A,12,3,2,40", "A,10,1,4,42", "B,20,4,5,61"),
        in_table("diagnostic options of a risk ratio", "study,events_e,n_e,events_c,n_c", "A,4,123,11,139",
                 more="analyses: {os: {measure: RR, diagnostic: {model: normal}}}"),
    ]  # fmt: skip
