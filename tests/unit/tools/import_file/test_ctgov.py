"""Records of ClinicalTrials.gov become studies, each figure with its place; what a record can't hold is listed."""

import contextlib
import copy
import json
import random

import pytest

from coppice.tools.import_file.formats import ctgov
from coppice.tools.import_file.imported import NotImported
from coppice.tools.import_file.registry import read
from coppice.tools.import_file.write import without_faults

GROUPS = [{"id": "OG000", "title": "Placebo (FAS)"}, {"id": "OG001", "title": "Drug A 10 mg (FAS)"}]
DENOMINATORS = [
    {"units": "Participants", "counts": [{"groupId": "OG000", "value": "100"}, {"groupId": "OG001", "value": "102"}]}
]
ARM_GROUPS = [{"label": "Drug A 10 mg", "type": "EXPERIMENTAL"}, {"label": "Placebo", "type": "PLACEBO_COMPARATOR"}]


def cells(*values, **more):
    """Return measurements of the two groups, with further fields as pairs."""
    pairs = [{name: pair[place] for name, pair in more.items()} for place in range(len(values))]
    return [
        {"groupId": f"OG00{place}", "value": value, **pairs[place]}
        for place, value in enumerate(values)
        if value is not None
    ]


def measure(kind, unit, measurements, title="A response", dispersion=None, groups=GROUPS, **more):
    """Return an outcome measure with one class."""
    return {
        "type": "PRIMARY",
        "title": title,
        "timeFrame": "Week 12",
        "reportingStatus": "POSTED",
        "paramType": kind,
        "unitOfMeasure": unit,
        "groups": groups,
        "denoms": DENOMINATORS,
        "classes": [{"categories": [{"measurements": measurements}]}],
        **({"dispersionType": dispersion} if dispersion else {}),
        **more,
    }


def trial(*measures, arm_groups=ARM_GROUPS, **results):
    """Return a record of the registry."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000101", "briefTitle": "A Made-up Trial", "acronym": "MADE-UP"},
            "statusModule": {"resultsFirstPostDateStruct": {"date": "2021-05-01"}},
            "conditionsModule": {"conditions": ["Example Disease"]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": ["PHASE3"],
                "designInfo": {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "DOUBLE"}},
                "enrollmentInfo": {"count": 202},
            },
            "armsInterventionsModule": {"armGroups": arm_groups},
            "referencesModule": {
                "references": [
                    {
                        "pmid": "11111111",
                        "type": "RESULT",
                        "citation": "Example A. J Exampl. 2020. doi: 10.1000/example.1.",
                    },
                    {"pmid": "22222222", "type": "BACKGROUND", "citation": "Other B. 2010."},
                ]
            },
        },
        "resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": list(measures)}, **results},
        "hasResults": True,
    }


def imported(*measures, **more):
    """Return what is imported of a trial."""
    return ctgov.read(json.dumps(trial(*measures, **more)).encode(), "NCT99999999.json")


def figures(result, outcome=0):
    """Return the figures of an outcome without their sources, after the checks that a record has to pass."""
    records, lines = without_faults(result)
    assert lines == []
    reported = list(records["NCT00000101"]["outcomes"].values())[outcome]["reported"]
    return [{key: value for key, value in figure.items() if key != "source"} for figure in reported]


def analysis(kind, value, **more):
    """Return an analysis of the two groups."""
    return {"groupIds": ["OG000", "OG001"], "paramType": kind, "paramValue": value, **more}


def test_a_record_has_the_trials_number_design_arms_and_publications_whatever_the_file_is_called():
    result = imported(measure("COUNT_OF_PARTICIPANTS", "Participants", cells("20", "40")))
    (record,) = result.records.values()
    outcomes = record.pop("outcomes")
    assert record == {
        "study": "NCT00000101",
        "label": "MADE-UP",
        "year": 2021,
        "design": "randomised",
        "characteristics": {
            "registration": "NCT00000101",
            "condition": "Example Disease",
            "phase": "3",
            "masking": "double",
            "enrolled": 202,
        },
        "arms": {"experimental": {"name": "Drug A 10 mg"}, "control": {"name": "Placebo"}},
        "reports": {
            "registry": {
                "citation": "A Made-up Trial. ClinicalTrials.gov NCT00000101, results posted 2021-05-01",
                "url": "https://clinicaltrials.gov/study/NCT00000101",
            },
            "publication1": {
                "citation": "Example A. J Exampl. 2020. doi: 10.1000/example.1.",
                "pmid": "11111111",
                "doi": "10.1000/example.1",
            },
        },
    }
    assert outcomes["A-response"]["reported"] == [
        {
            "statistic": "counts",
            "events_c": 20,
            "n_c": 100,
            "events_e": 40,
            "n_e": 102,
            "source": {"report": "registry", "at": "outcomeMeasures[0]", "quality": "regulator"},
        }
    ]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            measure("NUMBER", "percentage of participants", cells("7.0", "47.2")),
            {"statistic": "counts", "percent_c": 7.0, "n_c": 100, "percent_e": 47.2, "n_e": 102},
        ),
        (
            measure("MEAN", "points", cells("5.1", "3.0", spread=("2.2", "2.4")), dispersion="Standard Deviation"),
            {"statistic": "means", "mean_c": 5.1, "n_c": 100, "sd_c": 2.2, "mean_e": 3.0, "n_e": 102, "sd_e": 2.4},
        ),
        (
            measure(
                "MEAN",
                "points",
                cells("-1.1", "-3.0", lowerLimit=("-2", "-4"), upperLimit=("0", "-2")),
                title="Change from baseline",
                dispersion="90% Confidence Interval",
            ),
            {
                "statistic": "mean_change",
                "mean_c": -1.1,
                "n_c": 100,
                "ci_c": [-2, 0],
                "mean_e": -3.0,
                "n_e": 102,
                "ci_e": [-4, -2],
                "level": 0.9,
            },
        ),
        (
            measure(
                "MEDIAN",
                "days",
                cells("5", "3", lowerLimit=("4", "2"), upperLimit=("9", "6")),
                dispersion="Inter-Quartile Range",
            ),
            {
                "statistic": "means",
                "median_c": 5,
                "q1_c": 4,
                "q3_c": 9,
                "n_c": 100,
                "median_e": 3,
                "q1_e": 2,
                "q3_e": 6,
                "n_e": 102,
            },
        ),
    ],
    ids=["percentages", "means", "mean changes", "quartiles"],
)
def test_measures_become_figures_of_two_arms(made, expected):
    assert figures(imported(made)) == [expected]


def test_a_median_that_is_not_reached_stays_missing_with_its_arm_and_the_reason():
    made = measure(
        "MEDIAN",
        "Months",
        cells("9.2", "NA", lowerLimit=("7.1", "11.0"), upperLimit=("12.0", "NA"), comment=("", "Not reached.")),
        title="Overall survival",
        dispersion="95% Confidence Interval",
    )
    assert figures(imported(made)) == [
        {
            "statistic": "median_survival",
            "median_c": 9.2,
            "ci_c": [7.1, 12.0],
            "n_c": 100,
            "median_e": None,
            "n_e": 102,
            "unit": "months",
            "note": "experimental: value is NA in the registry: Not reached; experimental: upperLimit is NA in the registry: Not reached",
        }
    ]


def test_denominators_of_a_class_go_before_those_of_the_measure_and_each_class_is_an_outcome():
    made = measure("COUNT_OF_PARTICIPANTS", "Participants", [])
    made["classes"] = [
        {
            "title": f"Week {week}",
            "denoms": [
                {
                    "units": "Participants",
                    "counts": [{"groupId": "OG000", "value": n}, {"groupId": "OG001", "value": n}],
                }
            ],
            "categories": [{"measurements": cells("1", "2")}],
        }
        for week, n in ((4, "90"), (8, "80"))
    ]
    result = imported(made)
    outcomes = result.records["NCT00000101"]["outcomes"]
    assert list(outcomes) == ["A-response-Week-4", "A-response-Week-8"]
    assert [outcome["reported"][0]["n_e"] for outcome in outcomes.values()] == [90, 80]
    assert outcomes["A-response-Week-8"]["reported"][0]["source"]["at"] == "outcomeMeasures[0].classes[1]"


PERCENTAGES = ("NUMBER", "percentage of participants", cells("10.0", "40.0"))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            analysis("Hazard Ratio (HR)", "0.70", ciPctValue="90", ciNumSides="TWO_SIDED", ciLowerLimit="0.5", ciUpperLimit="0.98", pValue="=0.047", estimateComment="Drug A vs Placebo"),
            {"statistic": "hazard_ratio", "estimate": 0.70, "ci": [0.5, 0.98], "level": 0.9, "p": 0.047},
        ),
        (
            analysis("Hazard Ratio (HR)", "1.43", estimateComment="Placebo / Drug A", pValue="<0.0001"),
            {"statistic": "hazard_ratio", "estimate": 1.43, "inverted": True, "p": "<0.0001"},
        ),
        (
            analysis("Odds Ratio (OR)", "6.0"),
            {"statistic": "odds_ratio", "estimate": 6.0, "note": "which group is compared with which follows from the figures of the two"},
        ),
        (
            analysis("Percentage Difference", "30.0", ciPctValue="95", ciNumSides="TWO_SIDED", ciLowerLimit="20.0", ciUpperLimit="40.0", groupDescription="Drug A minus Placebo"),
            {"statistic": "risk_difference", "estimate": 0.3, "ci": [0.2, 0.4], "note": "printed in percentage points: 30.0"},
        ),
        (
            analysis("Risk Difference (RD)", "-0.3", groupDescription="Placebo minus Drug A"),
            {"statistic": "risk_difference", "estimate": 0.3, "note": "printed as control minus experimental: -0.3"},
        ),
        (
            analysis("Hazard Ratio (HR)", "0.8", ciNumSides="ONE_SIDED", ciPctValue="97.5", ciUpperLimit="0.99", pValue=">0.99", estimateComment="Drug A over Placebo"),
            {"statistic": "hazard_ratio", "estimate": 0.8, "note": "its one-sided 97.5% interval, 0.99, has not two limits; p value printed as >0.99"},
        ),
    ],
    ids=["level", "inverted", "by the figures", "points", "turned", "one-sided"],
)  # fmt: skip
def test_estimates_have_the_direction_that_a_comment_or_the_figures_give(made, expected):
    result = imported(measure(*PERCENTAGES, analyses=[made]))
    assert figures(result)[1] == expected


def test_an_estimate_without_any_direction_is_flagged():
    comment = "Stratified by centre/region, with treatment as factor; patients on Placebo, by MRI/CRP"
    result = imported(measure(*PERCENTAGES, analyses=[analysis("Hazard Ratio (HR)", "0.7", groupDescription=comment)]))
    assert "look the direction up" in figures(result)[1]["note"]
    assert result.notes == [
        "NCT00000101: outcomeMeasures[0].analyses[0], A response: the registry does not state which group is compared with which: look the direction up"
    ]


def test_more_than_two_groups_are_kept_by_arm_and_never_paired():
    groups = [*GROUPS, {"id": "OG002", "title": "Drug A 20 mg (FAS)"}, {"id": "OG003", "title": "Total"}]
    made = measure("COUNT_OF_PARTICIPANTS", "Participants", cells("20", "40", "50", "110"), groups=groups)
    made["denoms"] = [
        {"units": "Participants", "counts": [{"groupId": group["id"], "value": "100"} for group in groups]}
    ]
    pair = {
        "groupIds": ["OG001", "OG000"],
        "paramType": "Risk Ratio (RR)",
        "paramValue": "2",
        "estimateComment": "Drug A 10 mg vs Placebo",
    }
    result = imported(made | {"analyses": [pair, pair | {"groupIds": ["OG000", "OG001", "OG002"]}]})
    record = result.records["NCT00000101"]
    assert list(record["arms"]) == ["Placebo", "Drug-A-10-mg", "Drug-A-20-mg"]
    assert figures(result) == [
        {
            "statistic": "arm_counts",
            "arms": {
                "Placebo": {"events": 20, "n": 100},
                "Drug-A-10-mg": {"events": 40, "n": 100},
                "Drug-A-20-mg": {"events": 50, "n": 100},
            },
        },
        {"statistic": "risk_ratio", "arms": ["Drug-A-10-mg", "Placebo"], "estimate": 2},
    ]
    assert result.left_out == [
        "NCT00000101: outcomeMeasures[0].analyses[1], A response: Risk Ratio (RR) of 3 groups; two are needed"
    ]


def test_two_groups_of_which_neither_is_the_control_are_kept_by_name():
    arm_groups = [{"label": "Drug A", "type": "EXPERIMENTAL"}, {"label": "Drug B", "type": "EXPERIMENTAL"}]
    groups = [{"id": "OG000", "title": "Drug A"}, {"id": "OG001", "title": "Drug B"}]
    result = imported(
        measure("COUNT_OF_PARTICIPANTS", "Participants", cells("1", "2"), groups=groups), arm_groups=arm_groups
    )
    assert figures(result)[0]["statistic"] == "arm_counts"
    assert result.records["NCT00000101"]["arms"]["Drug-B"]["treatment"] == "Drug B"


def test_a_trial_of_one_group_has_proportions():
    arm_groups = [{"label": "Drug A", "type": "EXPERIMENTAL"}]
    made = measure("COUNT_OF_PARTICIPANTS", "Participants", cells("20"), groups=[{"id": "OG000", "title": "Drug A"}])
    assert figures(imported(made, arm_groups=arm_groups)) == [{"statistic": "proportion", "events": 20, "n": 100}]


def test_adverse_events_are_patients_affected_serious_and_other_apart_with_the_threshold():
    def stats(first, second):
        return [
            {"groupId": "EG000", "numEvents": 9, "numAffected": first, "numAtRisk": 100},
            {"groupId": "EG001", "numEvents": 9, "numAffected": second, "numAtRisk": 102},
        ]

    events = {
        "frequencyThreshold": "5",
        "eventGroups": [
            {"id": "EG000", "title": "Placebo", "deathsNumAffected": 1, "deathsNumAtRisk": 100},
            {"id": "EG001", "title": "Drug A 10 mg", "deathsNumAffected": 0, "deathsNumAtRisk": 102},
        ],
        "seriousEvents": [{"term": "Nausea", "organSystem": "Gastrointestinal disorders", "stats": stats(2, 3)}],
        "otherEvents": [
            {"term": "Nausea", "stats": stats("12", "30")},
            {"term": "Rash", "stats": [{"groupId": "EG000", "numEvents": 4}]},
        ],
    }
    result = imported(adverseEventsModule=events)
    outcomes = result.records["NCT00000101"]["outcomes"]
    assert list(outcomes) == ["deaths", "serious-Nausea", "other-Nausea"]
    assert figures(result, 1) == [{"statistic": "counts", "events_c": 2, "n_c": 100, "events_e": 3, "n_e": 102}]
    assert outcomes["other-Nausea"]["note"].startswith("events below 5% in every arm are not reported")
    assert outcomes["other-Nausea"]["reported"][0]["source"]["at"] == "adverseEvents.otherEvents[0]"
    assert [line for line in result.left_out if "otherEvents[1]" in line]


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (measure("GEOMETRIC_MEAN", "ug/mL", cells("1", "2"), dispersion="95% Confidence Interval"), "geometric means, which need logarithms"),
        (measure("COUNT_OF_UNITS", "Lesions", cells("1", "2")), "counts of units other than patients"),
        (measure("NUMBER", "events per 100 patient-years", cells("1", "2")), "a rate (events per 100 patient-years) without person-time"),
        (measure("MEDIAN", "ug/mL", cells("1", "2"), dispersion="95% Confidence Interval"), "medians of 'ug/mL' with a confidence interval"),
        (measure("MEAN", "points", cells("1", "2")), "means with no dispersion"),
        (measure("NUMBER", "percent change", cells("1", "2"), title="Change of volume"), "a percent change, not a percentage of patients"),
        (measure(*PERCENTAGES, analyses=[{"groupIds": ["OG000", "OG001"], "pValue": "0.01"}]), "no estimate, p 0.01"),
        (measure(*PERCENTAGES, analyses=[analysis("Slope", "0.3")]), "Slope 0.3, which no statistic of a record holds"),
    ],
    ids=["geometric", "units", "rate", "median", "no dispersion", "change", "p alone", "slope"],
)  # fmt: skip
def test_what_a_record_cannot_hold_is_listed_with_the_reason(made, reason):
    assert any(reason in line for line in imported(made).left_out)


def test_a_list_of_records_is_read_and_version_1_is_refused(tmp_path):
    several = {"studies": [trial(), {**trial(), "protocolSection": {"identificationModule": {"nctId": "NCT00000102"}}}]}
    assert list(ctgov.read(json.dumps(several).encode(), "a.json").records) == ["NCT00000101", "NCT00000102"]
    old = tmp_path / "old.json"
    old.write_text('{"FullStudiesResponse": {}}')
    with pytest.raises(NotImported, match="version 1 of ClinicalTrials"):
        read(old)


def test_a_record_of_which_any_part_is_something_else_is_read_or_refused_in_a_line():
    whole = trial(
        measure(*PERCENTAGES, analyses=[analysis("Odds Ratio (OR)", "6.0", pValue="0.1", ciLowerLimit="1", ciUpperLimit="9")]),
        measure("MEDIAN", "Months", cells("9", "NA", lowerLimit=("7", "NA"), upperLimit=("9", "NA")), dispersion="95% Confidence Interval"),
        adverseEventsModule={
            "eventGroups": [{"id": "EG000", "title": "Placebo", "deathsNumAffected": 1, "deathsNumAtRisk": 100}],
            "otherEvents": [{"term": "Rash", "stats": [{"groupId": "EG000", "numAffected": 4, "numAtRisk": 10}]}],
        },
        participantFlowModule={
            "groups": [{"id": "FG000", "title": "Placebo"}],
            "periods": [{"milestones": [{"type": "STARTED", "achievements": [{"groupId": "FG000", "numSubjects": "100"}]}]}],
        },
    )  # fmt: skip
    chance = random.Random(1)
    for _ in range(400):
        broken = copy.deepcopy(whole)
        for _ in range(chance.randint(1, 3)):
            node = broken
            while isinstance(node, dict | list) and node:
                key = chance.choice(list(node) if isinstance(node, dict) else list(range(len(node))))
                if not isinstance(node[key], dict | list) or not node[key] or chance.random() < 0.15:
                    node[key] = chance.choice(
                        [None, "", "x", -1, 1e308, [], {}, [None], {"a": 1}, True, "NA", "1e400", "9" * 400]
                    )
                    break
                node = node[key]
        with contextlib.suppress(NotImported):
            without_faults(ctgov.read(json.dumps(broken).encode(), "broken.json"))
