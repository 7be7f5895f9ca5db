"""Bad figures by dose, and settings of dose-response analyses."""

from __future__ import annotations

from tests.bad_input.examples.case import CONFIGURATION, RECORD, Case, review, with_part, yaml_of

COUNTS = "statistic: dose_counts"
RATIOS = "statistic: dose_ratios"
REFERENCE = "{dose: 0, cases: 9, n: 90}"
ESTIMATED = "{dose: 2, estimate: 0.8, ci: [0.6, 1.1]}"
SOUND = f"{RATIOS}, doses: [{REFERENCE}, {{dose: 2, cases: 8, n: 90, estimate: 0.8, ci: [0.6, 1.1]}}]"


def of_doses(name: str, shown: str, *, figure: str = SOUND, analysis: str = "measure: RR, dose_response: {}") -> Case:
    """Return a case of a review with two studies by dose, of which the first may be wrong."""
    records = [
        yaml_of(RECORD | {"study": study, "outcomes": f"{{os: {{reported: [{{{own}, source: {{report: p}}}}]}}}}"})
        for study, own in (("ONE", figure), ("TWO", SOUND))
    ]
    configuration = with_part(CONFIGURATION, f"analyses: {{os: {{{analysis}}}}}")
    return Case(name, shown, review(yaml_of(configuration), records[0], records[1]))


def in_figure(name: str, figure: str) -> Case:
    """Return a case of a wrong figure by dose."""
    return of_doses(name, figure, figure=figure)


def in_settings(name: str, text: str, more: str = "measure: RR") -> Case:
    """Return a case of wrong settings of a dose-response analysis."""
    shown = f"{more}, dose_response: {text}"
    return of_doses(name, shown, analysis=shown)


def cases() -> list[Case]:
    """Return the bad figures by dose and settings."""
    return [
        in_figure(
            "doses without a reference", f"{RATIOS}, doses: [{{dose: 0, estimate: 1, ci: [0.9, 1.1]}}, {ESTIMATED}]"
        ),
        in_figure(
            "doses with two references", f"{RATIOS}, doses: [{REFERENCE}, {{dose: 1, cases: 8, n: 80}}, {ESTIMATED}]"
        ),
        in_figure(
            "dose without an estimate", f"{RATIOS}, doses: [{{dose: 0, reference: true}}, {{dose: 2, ci: [0.6, 1.1]}}]"
        ),
        in_figure("negative number of cases", f"{COUNTS}, doses: [{REFERENCE}, {{dose: 2, cases: -8, n: 90}}]"),
        in_figure(
            "more cases than persons at a dose", f"{COUNTS}, doses: [{REFERENCE}, {{dose: 2, cases: 98, n: 90}}]"
        ),
        in_figure("doses that do not rise", f"{COUNTS}, doses: [{{dose: 2, cases: 8, n: 90}}, {REFERENCE}]"),
        in_figure("a dose twice", f"{COUNTS}, doses: [{REFERENCE}, {{dose: 0, cases: 8, n: 90}}]"),
        in_figure("a study of one dose", f"{COUNTS}, doses: [{REFERENCE}]"),
        in_figure("dose that is a range", f"{COUNTS}, doses: [{REFERENCE}, {{dose: 1-2, cases: 8, n: 90}}]"),
        in_figure("row without its dose", f"{COUNTS}, doses: [{REFERENCE}, {{cases: 8, n: 90}}]"),
        in_figure(
            "ratio at a dose outside its interval",
            f"{RATIOS}, doses: [{REFERENCE}, {{dose: 2, estimate: 2, ci: [0.6, 1.1]}}]",
        ),
        in_figure(
            "unknown design of doses",
            f"{COUNTS}, dose_design: cohort, doses: [{REFERENCE}, {{dose: 2, cases: 8, n: 90}}]",
        ),
        in_settings("misspelt shape of a curve", "{shape: splines}"),
        in_settings("knots of a quadratic curve", "{shape: quadratic, knots: [1, 2, 3]}"),
        in_settings("spline with two knots", "{shape: spline, knots: [1, 2]}"),
        in_settings("knots that do not rise", "{shape: spline, knots: [1, 3, 2]}"),
        in_settings("three stages", "{stages: three}"),
        in_settings("misspelt covariance of doses", "{covariance: hamlin}"),
        in_settings("dose-response curve of a difference", "{}", "measure: MD"),
        in_settings("dose-response curve with subgroups", "{}", "measure: RR, subgroups: setting"),
        in_settings("dose-response curve by another estimator", "{}", "measure: RR, model: {tau2: DL}"),
        Case(
            "dose-response curve without doses",
            "measure: HR, dose_response: {}",
            review(
                yaml_of(with_part(CONFIGURATION, "analyses: {os: {measure: HR, dose_response: {}}}")), yaml_of(RECORD)
            ),
        ),
    ]
