"""Made-up tables in the shapes in which people keep them: each with the columns, rows and measure that a reader would take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

NAMES = ("Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel")
EVENTS = ((12, 100, 20, 102), (8, 80, 9, 79), (15, 150, 31, 148), (3, 40, 6, 42), (22, 210, 30, 205), (7, 66, 11, 64))
MEANS = ((10.2, 2.1, 30, 11.4, 2.3, 31), (9.8, 1.9, 25, 10.9, 2.2, 24), (10.9, 2.5, 60, 11.0, 2.4, 58), (8.9, 2.0, 19, 10.1, 1.8, 20), (9.5, 2.2, 45, 10.4, 2.1, 44), (10.0, 2.4, 33, 10.7, 2.6, 35))  # fmt: skip
EFFECTS = ((-0.31, 0.12), (0.05, 0.2), (-0.42, 0.15), (-0.1, 0.31), (-0.22, 0.09), (-0.18, 0.25))


@dataclass(frozen=True)
class Shape:
    """A table, and what it is."""

    text: str
    columns: dict[str, Any]  # of the configuration, without `only`, study and year
    measure: str
    study: str | list[str] = "study"
    others: dict[str, Any] = field(default_factory=dict)  # other keys: where, arms, header, sheet
    rows: int | None = 6  # studies that are pooled


def table(header: str, rows: Any, delimiter: str = ",") -> str:
    """Return the text of a table."""
    lines = [header, *(delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows)]
    return "\n".join(lines) + "\n"


def counted(header: str) -> str:
    return table(header, [(name, 2000 + i, *EVENTS[i]) for i, name in enumerate(NAMES)])


def measured(header: str) -> str:
    return table(header, [(name, *MEANS[i]) for i, name in enumerate(NAMES)])


def estimated(header: str, rows: Any) -> str:
    return table(header, [(name, *row) for name, row in zip(NAMES, rows, strict=True)])


def columns(fields: str, names: str) -> dict[str, str]:
    return dict(zip(fields.split(), names.split(), strict=True))


COUNTS, MEANS6 = "events_e n_e events_c n_c", "mean_e sd_e n_e mean_c sd_c n_c"


def of_counts(names: str, study: str = "study") -> Shape:
    return Shape(counted(f"{study},year,{','.join(names.split())}"), columns(COUNTS, names), "OR", study)


def of_means(names: str, study: str = "study") -> Shape:
    return Shape(measured(f"{study},{','.join(names.split())}"), columns(MEANS6, names), "MD", study)


RATIOS = [
    (0.73, 0.58, 0.92),
    (1.05, 0.71, 1.55),
    (0.66, 0.49, 0.88),
    (0.9, 0.5, 1.62),
    (0.8, 0.67, 0.96),
    (0.84, 0.51, 1.37),
]
LOG_RATIOS = [(effect, error, 100 + 10 * i) for i, (effect, error) in enumerate(EFFECTS)]
ARM_ROWS = [
    (name, f"{drug} {dose}".strip(), drug, dose, events, n)
    for i, name in enumerate(NAMES)
    for drug, dose, events, n in (
        ("novamab", "10 mg", EVENTS[i][0], EVENTS[i][1]),
        *([("novamab", "20 mg", 9, 90)] if i == 2 else []),
        *([("oldamab", "5 mg", 14, 99)] if i == 0 else []),
        ("placebo", "", EVENTS[i][2], EVENTS[i][3]),
    )
]
SHAPES = {
    "R's letters": of_counts("ai n1i ci n2i", "trial"),
    "four cells": Shape(
        table("trial,tpos,tneg,cpos,cneg", [(n, e, m - e, c, k - c) for n, (e, m, c, k) in zip(NAMES, EVENTS, strict=True)]),
        columns("ai bi ci di", "tpos tneg cpos cneg"), "OR", "trial",
    ),
    "a diagnostic test": Shape(
        table("study,TP,FP,FN,TN", [(n, e, c, m - e, k - c) for n, (e, m, c, k) in zip(NAMES, EVENTS, strict=True)]),
        columns("tp fp fn tn", "TP FP FN TN"), "DTA",
    ),
    "treatment and control": of_counts("ev.trt n.trt ev.ctrl n.ctrl", "author"),
    "numbered arms": of_counts("r1 n1 r2 n2", "studlab"),
    "RevMan's names": of_counts("Events_1 Total_1 Events_2 Total_2"),
    "letters of arms": of_counts("e_e n_e e_c n_c"),
    "one letter each": of_counts("Ee Ne Ec Nc"),
    "words": of_counts("deaths_intervention patients_intervention deaths_placebo patients_placebo"),
    "words that are no quantity": of_counts("stroke_treated n_treated stroke_control n_control"),
    "names of drugs": of_counts("d.asp n.asp d.plac n.plac"),
    "arms of one trial": Shape(
        table("acronym,drug,hcq_arm_total,hcq_arm_event,control_arm_total,control_arm_event",
              [*((n, "hcq", m, e, k, c) for n, (e, m, c, k) in zip(NAMES, EVENTS, strict=True)), ("Ash", "cq", 50, 6, 102, 20)]),
        columns(COUNTS, "hcq_arm_event hcq_arm_total control_arm_event control_arm_total"), "OR", ["acronym", "drug"], rows=7,
    ),
    "R's means": of_means("m1i sd1i n1i m2i sd2i n2i"),
    "means with points": of_means("mean.e sd.e n.e mean.c sd.c n.c"),
    "means of arms": of_means("mean_arm1 sd_arm1 n_arm1 mean_arm2 sd_arm2 n_arm2"),
    "an arm without something": of_means("Sound_m Sound_s Sound_n No_sound_m No_sound_s No_sound_n"),
    "means and words": of_means("MeanExperimental SDExperimental NExperimental MeanControl SDControl NControl"),
    "effects and variances": Shape(estimated("study,yi,vi", [(y, s * s) for y, s in EFFECTS]), columns("yi vi", "yi vi"), "GEN"),
    "effects and standard errors": Shape(estimated("study,TE,seTE", EFFECTS), columns("yi sei", "TE seTE"), "GEN"),
    "log hazard ratios": Shape(estimated("trial,logHR,selogHR,n", LOG_RATIOS), columns("yi sei", "logHR selogHR"), "HR", "trial"),
    "hazard ratios": Shape(estimated("study,hr,lci,uci", RATIOS), columns("estimate ci_low ci_high", "hr lci uci"), "HR"),
    "odds ratios": Shape(estimated("study,OR,lower,upper", RATIOS), columns("estimate ci_low ci_high", "OR lower upper"), "OR"),
    "risk ratios with long names": Shape(
        estimated("Study,Risk Ratio,Lower 95% CI,Upper 95% CI", RATIOS),
        {"estimate": "Risk Ratio", "ci_low": "Lower 95% CI", "ci_high": "Upper 95% CI"}, "RR", "Study",
    ),
    "standardised differences": Shape(estimated("study,g,se_g", EFFECTS), columns("yi sei", "g se_g"), "SMD"),
    "Fisher's z": Shape(estimated("study,n,fisher_z,v", [(103, y, 0.01) for y, _ in EFFECTS]), columns("yi vi", "fisher_z v"), "ZCOR"),
    "correlations": Shape(estimated("study,ri,ni", [(y, 100) for y, _ in EFFECTS]), columns("r n", "ri ni"), "ZCOR"),
    "proportions": Shape(estimated("authorName,ni,xi,percentLoss,measured", [(n, e, round(100 * e / n, 3), "by hand") for e, n, *_ in EVENTS]), columns("events n", "xi ni"), "PLO", "authorName"),
    "cases and totals": Shape(estimated("study,cases,total", [row[:2] for row in EVENTS]), columns("events n", "cases total"), "PLO"),
    "true positives": Shape(
        estimated('Study,"True\nPositive","False\nNegative"', [(n - e, e) for e, n, *_ in EVENTS]),
        {"xi": "True Positive", "mi": "False Negative"}, "PLO", "Study",
    ),
    "decimal commas": Shape(
        table("study;yi;sei;country", [(n, f"{y}".replace(".", ","), f"{s}".replace(".", ","), "NL") for n, (y, s) in zip(NAMES, EFFECTS, strict=True)], ";"),
        columns("yi sei", "yi sei"), "GEN",
    ),
    "two tests a sample": Shape(
        table("sample,test,yi,sei", [(n, test, y + shift, s) for n, (y, s) in zip(NAMES, EFFECTS, strict=True) for test, shift in (("A", 0), ("B", 0.1))]),
        columns("yi sei", "yi sei"), "GEN", "sample", {"where": {"test": "A"}},
    ),
    "several measures and times": Shape(
        table("study,measure,units,timepoint,acl_n,acl_mean,acl_sd,con_n,con_mean,con_sd",
              [(n, measure, unit, time, a[2], a[0] + shift, a[1], a[5], a[3] + shift, a[4]) for n, a in zip(NAMES, MEANS, strict=True)
               for measure, unit, shift in (("quad", "Nm", 0), ("ham", "Nm/kg", 5)) for time in (1, 2)]),
        columns(MEANS6, "acl_mean acl_sd acl_n con_mean con_sd con_n"), "MD", others={"where": {"measure": "quad", "timepoint": 1}},
    ),
    "printed effects that tell the measure": Shape(
        table("study,e1,n1,e2,n2,effect", [(n, *row, round(row[0] / row[1] / row[2] * row[3], 3)) for n, row in zip(NAMES, EVENTS, strict=True)]),
        columns(COUNTS, "e1 n1 e2 n2"), "RR",
    ),
    "printed effects that tell the arms": Shape(
        table("study,m1,sd1,n1,m2,sd2,n2,diff", [(n, *row, round(row[3] - row[0], 2)) for n, row in zip(NAMES, MEANS, strict=True)]),
        columns(MEANS6, "m2 sd2 n2 m1 sd1 n1"), "MD",
    ),
    "a row an arm": Shape(
        table("study_name,arm_name,drug_name,dose,response_e,response_n", ARM_ROWS),
        columns("events n", "response_e response_n"), "OR", "study_name",
        {"arms": {"column": "drug_name", "experimental": "novamab", "control": "placebo", "several": "combine"}},
    ),
    "a total": Shape(
        counted("study,year,e_e,n_e,e_c,n_c") + f"Total,,{','.join(str(sum(row[i] for row in EVENTS)) for i in range(4))}\n",
        columns(COUNTS, "e_e n_e e_c n_c"), "OR", rows=None,
    ),
    "RevMan's export": Shape(
        table("Comparison Number,Outcome Number,Name,Data Type,Events 1,Mean 1,SD 1,Total 1,Events 2,Mean 2,SD 2,Total 2,SE,CI Start",
              [(1, 0, "A comparison", *[None] * 11),
               (1, 1, "Death", "DIC", sum(r[0] for r in EVENTS), None, None, sum(r[1] for r in EVENTS), sum(r[2] for r in EVENTS), None, None, sum(r[3] for r in EVENTS), None, 0.5),
               *((1, 1, n, None, e, 0, 0, m, c, 0, 0, k, 0.2, 0.4) for n, (e, m, c, k) in zip(NAMES, EVENTS, strict=True)),
               (1, 2, "Pain", "CON", 0, None, None, 100, 0, None, None, 100, None, 0.5),
               (1, 2, "Oak", None, 0, 5, 4.7, 50, 0, 6.5, 3.8, 50, 1.2, -3)]),
        {"events_e": "Events 1", "n_e": "Total 1", "events_c": "Events 2", "n_c": "Total 2"}, "OR", "Name",
        {"where": {"Outcome Number": 1, "Data Type": None}},
    ),
    "a title above": Shape(
        "Table 2. Deaths in six trials,,,,,\n,,,,,\n" + counted("study,year,e_e,n_e,e_c,n_c"), columns(COUNTS, "e_e n_e e_c n_c"), "OR", others={"header": 3},
    ),
    "a column without a name": Shape(
        table(',study,yi,vi', [(i + 1, n, y, s * s) for i, (n, (y, s)) in enumerate(zip(NAMES, EFFECTS, strict=True))]), columns("yi vi", "yi vi"), "GEN",
    ),
    "authors and years": Shape(
        table("author,year,yi,vi", [(("Ash", "Ash", "Elm")[i % 3], 2000 + i, y, s * s) for i, (y, s) in enumerate(EFFECTS)]), columns("yi vi", "yi vi"), "GEN", ["author", "year"],
    ),
    "vaccine efficacy in percent": Shape(
        estimated("study,VE,VE_lower,VE_upper", [(100 - 100 * y, 100 - 100 * b, 100 - 100 * a) for y, a, b in RATIOS]),
        columns("efficacy ci_low ci_high", "VE VE_lower VE_upper"), "RR",
    ),
    "vaccine efficacy as a fraction": Shape(
        estimated("study,ve,ci_low,ci_high", [(round(1 - y, 2), round(1 - b, 2), round(1 - a, 2)) for y, a, b in RATIOS]),
        columns("efficacy ci_low ci_high", "ve ci_low ci_high"), "RR",
    ),
    "two lines of names": Shape(
        "Trial,Treatment,,Placebo,\n,Events,Total,Events,Total\n" + table("", [(n, *row) for n, row in zip(NAMES, EVENTS, strict=True)])[1:],
        {"events_e": "Treatment Events", "n_e": "Treatment Total", "events_c": "Placebo Events", "n_c": "Placebo Total"}, "OR", "Trial",
        {"header": [1, 2]},
    ),
    "effects that differ in no one column": Shape(
        table("title,Year,colour,photo,yi,vi", [("Ash", 2010.1, "red", "face", 0.1, 0.04), ("Ash", 2010.1, "red", "body", 0.2, 0.05),
              ("Ash", 2010.1, "green", "face", 0.15, 0.03), ("Birch", 2011, "red", "face", 0.3, 0.04), ("Birch", 2011, "green", "face", 0.1, 0.04),
              ("Cedar", 2012.2, "blue", "body", 0.4, 0.09)]),
        columns("yi vi", "yi vi"), "GEN", ["title", "photo", "colour"],
    ),
    "proportions in place of counts, a row an arm and event": Shape(
        table("study,arm,event,events,n", [(n, arm, event, 0.12 + i / 100, 100 + i) for i, n in enumerate(NAMES)
              for arm in ("novamab", "placebo") for event in ("headache", "nausea")]),
        {}, "OR", rows=None,
        others={"where": {"event": "headache"}, "arms": {"column": "arm", "experimental": "novamab", "control": "placebo"}},
    ),
    "an effect without its error": Shape(estimated("study,effect,note", [(y, "text\nin two lines") for y, _ in EFFECTS]).replace("text\nin", "text in"), {}, "GEN", rows=None),
    "observed minus expected": Shape(estimated("study,O-E,V", [(10 * y, 1 / s) for y, s in EFFECTS]), columns("o_minus_e v", "O-E V"), "HR"),
    "person-years": Shape(
        table("study,events_vacc,py_vacc,events_unvacc,py_unvacc", [(n, e, m * 1.5, c, k * 1.4) for n, (e, m, c, k) in zip(NAMES, EVENTS, strict=True)]),
        columns("events_e time_e events_c time_c", "events_vacc py_vacc events_unvacc py_unvacc"), "IRR",
    ),
    "constants of a whole review": Shape(
        table("study,all_intervention_events,all_intervention_total,all_comparator_events,all_comparator_total,intervention_events,intervention_group_size,comparator_events,comparator_group_size,risk_ratio",
              [(n, 67, 646, 107, 640, *row, round(row[0] / row[1] / row[2] * row[3], 2)) for n, row in zip(NAMES, EVENTS, strict=True)]),
        columns(COUNTS, "intervention_events intervention_group_size comparator_events comparator_group_size"), "RR",
    ),
}  # fmt: skip
