"""Data packages of Cochrane reviews; the format is described in Cochrane's "Data package specification", version 1."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.tools.import_file.review_packages import (
    ROW,
    SUBGROUPS,
    config_in,
    counts,
    imported_into,
    package,
    record_in,
    row,
    settings,
    table,
    zipped,
)

from coppice.tools.import_file.imported import NotImported

TWO = [counts("Abel 2001", 5, 50, 9, 50, Study_year=2001), counts("Baker 2004", 3, 40, 6, 41)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "review"
    path.mkdir()
    return path


def test_a_package_with_a_zip_file_in_it_becomes_records_and_an_analysis(folder: Path) -> None:
    lines = imported_into(folder, "CD1.zip", package(TWO, [settings()]))
    assert lines == [
        "config/config.yaml: written",
        "config/studies/Abel-2001.yaml: written",
        "config/studies/Baker-2004.yaml: written",
    ]
    analysis = config_in(folder)["analyses"]["a1_1"]
    assert analysis == {"title": "Death", "measure": "RR", "include": {"study": ["Abel-2001", "Baker-2004"]}}
    record = record_in(folder, "Abel-2001")
    assert (record["label"], record["year"]) == ("Abel 2001", 2001)
    assert record["arms"] == {"experimental": {"name": "Drug"}, "control": {"name": "Placebo"}}
    assert record["outcomes"]["a1_1"]["reported"] == [
        {
            "statistic": "counts",
            "events_e": 5,
            "n_e": 50,
            "events_c": 9,
            "n_c": 50,
            "source": {"report": "review", "at": "Analysis 1.1", "quality": "secondary"},
        }
    ]


def test_a_second_import_of_a_package_changes_nothing(folder: Path) -> None:
    content = package(TWO, [settings()])
    imported_into(folder, "CD1.zip", content)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert imported_into(folder, "CD1.zip", content) == ["nothing has changed"]
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_the_data_type_decides_what_is_read_as_zeros_mean_that_nothing_is_filled_in(folder: Path) -> None:
    rows = [
        row(
            "Abel 2001",
            number=1,
            Experimental_mean=0,
            Experimental_SD=2.5,
            Experimental_N=10,
            Control_mean=1.25,
            Control_SD=2,
            Control_N=11,
        ),
        row("Abel 2001", number=2, GIV_Mean=-0.35, GIV_SE=0.2),
        row(
            "Abel 2001",
            number=3,
            OE=-3.2,
            Variance=12.1,
            Experimental_cases=20,
            Experimental_N=50,
            Control_cases=26,
            Control_N=50,
        ),
        row("Abel 2001", number=4, OE=-1.5, Variance=3.0),
    ]
    analyses = [
        settings(
            1, Data_type="Continuous", Effect_measure="Mean Difference", Statistical_method="IV", Log_scale_data="false"
        ),
        settings(2, Data_type="Contrast level", Effect_measure="Hazard Ratio", Statistical_method="IV"),
        settings(3, Data_type="O-E and variance", Effect_measure="Hazard Ratio", Statistical_method="Peto"),
        settings(4, Data_type="O-E and variance", Effect_measure="Peto Odds Ratio", Statistical_method="Peto"),
    ]
    imported_into(folder, "CD1.zip", package(rows, analyses))
    figures = [outcome["reported"][0] for outcome in record_in(folder, "Abel-2001")["outcomes"].values()]
    fields = [{key: value for key, value in figure.items() if key != "source"} for figure in figures]
    assert fields == [
        {"statistic": "means", "mean_e": 0, "sd_e": 2.5, "n_e": 10, "mean_c": 1.25, "sd_c": 2, "n_c": 11},
        {"statistic": "effect", "yi": -0.35, "sei": 0.2},
        {"statistic": "logrank", "o_minus_e": -3.2, "v": 12.1, "events_e": 20, "events_c": 26, "n_e": 50, "n_c": 50},
        {"statistic": "effect", "yi": -0.5, "vi": pytest.approx(1 / 3)},
    ]
    assert [item["measure"] for item in config_in(folder)["analyses"].values()] == ["MD", "HR", "HR", "PETO"]


def test_effects_that_are_not_on_the_log_scale_are_no_hazard_ratios(folder: Path) -> None:
    rows = [*TWO, row("Abel 2001", number=2, GIV_Mean=0.7, GIV_SE=0.2)]
    analyses = [
        settings(),
        settings(2, Data_type="Contrast level", Effect_measure="Hazard Ratio", Log_scale_data="false"),
    ]
    lines = imported_into(folder, "CD1.zip", package(rows, analyses))
    assert (
        "left out: Analysis 1.2, Death: effect measure 'Hazard Ratio' with data that are not on the log scale" in lines
    )


def test_a_stored_result_is_kept_and_one_of_zeros_is_not_one(folder: Path) -> None:
    rows = [*TWO, counts("Abel 2001", 1, 50, 2, 50, number=2)]
    stored = {
        "Mean": "0.5312",
        "CI start": "0.2441",
        "CI end": "1.1558",
        "Heterogeneity Tau²": "0",
        "Heterogeneity Chi²": "0.01",
        "Heterogeneity df": "1",
        "Heterogeneity I²": "0",
    }
    analyses = [
        {**settings(), **stored},
        {**settings(2), **dict.fromkeys(stored, "0"), "Analysis model": "Fixed effect"},
    ]
    imported_into(folder, "CD1.zip", package(rows, analyses))
    first, second = config_in(folder)["analyses"].values()
    assert first["stored"] == {
        "by": "RevMan",
        "at": "Analysis 1.1",
        "model": "random",
        "level": 0.95,
        "estimate": 0.5312,
        "ci": [0.2441, 1.1558],
        "tau2": 0,
        "Q": 0.01,
        "df": 1,
        "I2": 0,
    }
    assert "stored" not in second


def test_rows_of_one_study_in_two_subgroups_are_parts_of_its_patients(folder: Path) -> None:
    rows = [
        counts("Abel 2001", 5, 50, 9, 50, Subgroup="low dose"),
        counts("Abel 2001", 7, 50, 9, 50, Subgroup="high dose"),
        counts("Baker 2004", 3, 40, 6, 41, Subgroup="low dose"),
    ]
    subgroups = [
        {
            "Analysis group": 1,
            "Analysis number": 1,
            "Subgroup": "low dose",
            "Subgroup number": 1,
            "Mean": "0.54",
            "CI start": "0.24",
            "CI end": "1.2",
        }
    ]
    more = {"CD1-analysis-data/CD1-subgroup-estimates.csv": table(SUBGROUPS, subgroups)}
    lines = imported_into(folder, "CD1.zip", package(rows, [settings()], more=more))
    figures = record_in(folder, "Abel-2001")["outcomes"]["a1_1"]["reported"]
    assert [figure["population"] for figure in figures] == ["Abel-2001/low dose", "Abel-2001/high dose"]
    assert [figure["characteristics"] for figure in figures] == [{"subgroup": "low dose"}, {"subgroup": "high dose"}]
    assert "population" not in record_in(folder, "Baker-2004")["outcomes"]["a1_1"]["reported"][0]
    analysis = config_in(folder)["analyses"]["a1_1"]
    assert analysis["subgroups"] == "subgroup"
    assert analysis["stored"]["subgroups"] == {"low dose": {"estimate": 0.54, "ci": [0.24, 1.2]}}
    assert any("Abel 2001 is in 2 rows with the same control arm" in line for line in lines)


def test_settings_become_the_model_and_the_figures_of_an_analysis(folder: Path) -> None:
    rows = [
        row
        for number in range(1, 7)
        for row in (counts(f"Abel {number}", 5, 50, 9, 50, number=number), counts("Baker", 3, 40, 6, 41, number=number))
    ]
    analyses = [
        settings(1, Statistical_method="IV"),
        settings(2, Statistical_method="Peto", Effect_measure="Peto Odds Ratio", Analysis_model="Fixed effect"),
        settings(3, Swap_event_and_non_event="true", **{"Swap event and non-event": "true"}),
        settings(4, Estimate_CI="99%", Study_CI="95%"),
        settings(5, Overall_estimates="false", Subgroup_estimates="false"),
        settings(6, Analysis_model="Random effect (REML)", Statistical_method="MH"),
    ]
    lines = imported_into(
        folder,
        "CD1.zip",
        package(rows, [{key: value for key, value in item.items() if key in settings()} for item in analyses]),
    )
    written = config_in(folder)["analyses"]
    assert [written[key].get("model") for key in ("a1_1", "a1_2", "a1_4", "a1_6")] == [
        {"common": "IV"},
        {"common": "Peto"},
        {"level": 0.99},
        {"tau2": "REML"},
    ]
    assert (written["a1_2"]["measure"], "a1_5" in written) == ("PETO", False)
    swapped = record_in(folder, "Abel-3")["outcomes"]["a1_3"]["reported"][0]
    assert (swapped["events_e"], swapped["events_c"]) == (45, 41)
    assert "note: Analysis 1.4: has 95% intervals of studies and 99% ones of totals; all of this run have 99%" in lines
    assert "left out: Analysis 1.5, Death: has no total; its figures are in the records" in lines


def test_risk_of_bias_by_result_belongs_to_the_outcomes_that_it_names(folder: Path) -> None:
    domains = {
        "Bias arising from the randomization process": "Low risk",
        "Bias due to deviations from intended interventions": "Some concerns",
        "Bias due to missing outcome data": "Low risk",
        "Bias in measurement of the outcome": "Low risk",
        "Bias in selection of the reported result": "Low risk",
        "Overall bias": "Some concerns",
    }
    cells = {f"Domain (judgement): {name}: Death": level for name, level in domains.items()}
    cells |= {f"Domain (judgement): {name}: Pain": "High risk" for name in domains}
    content = table(["Study", *cells], [{"Study": "Abel 2001", **cells}])
    lines = imported_into(
        folder, "CD1.zip", package(TWO, [settings()], more={"CD1-study-data/CD1-risk-of-bias.csv": content})
    )
    assert record_in(folder, "Abel-2001")["risk_of_bias"] == {
        "tool": "RoB 2",
        "by_outcome": {
            "a1_1": {
                "domains": {"D1": "low", "D2": "some concerns", "D3": "low", "D4": "low", "D5": "low"},
                "overall": "some concerns",
            }
        },
    }
    assert "risk_of_bias" not in record_in(folder, "Baker-2004")
    assert any("no outcome 'Pain' of Abel 2001" in line for line in lines)


def test_the_first_tool_has_no_overall_judgement_and_what_does_not_apply_is_left_out(folder: Path) -> None:
    header = [
        "Study",
        "Domain (judgement): Allocation concealment (selection bias)",
        "Domain (support): Allocation concealment (selection bias)",
        "Domain (judgement): Blinding (detection bias): All outcomes",
        "Domain (judgement): Other bias",
    ]
    content = table(
        header,
        [
            dict(
                zip(
                    header, ["Abel 2001", "Low risk", "Sealed envelopes", "Unclear risk", "Not applicable"], strict=True
                )
            )
        ],
    )
    imported_into(folder, "CD1.zip", package(TWO, [settings()], more={"CD1-study-data/CD1-risk-of-bias.csv": content}))
    assert record_in(folder, "Abel-2001")["risk_of_bias"] == {
        "tool": "RoB 1",
        "domains": {"Allocation concealment (selection bias)": "low", "Blinding (detection bias)": "unclear"},
        "overall": None,
        "note": "Allocation concealment (selection bias): Sealed envelopes",
    }


def test_study_information_and_references_join_by_the_exact_name(folder: Path) -> None:
    information = table(
        ["Study", "Year", "Data source", "Char: Participants"],
        [
            {"Study": "Baker 2004", "Year": 2004, "Data source": "UNPUB", "Char: Participants": "81 adults"},
            {"Study": "baker 2004", "Year": 1999},
        ],
    )
    ris = "TY  - JOUR\nAU  - Baker, Ann\nTI  - A made-up trial of a drug\nPY  - 2004\nDO  - 10.1000/made.up\nNS  - Baker 2004\nER  - \n"
    more = {
        "CD1-study-data/CD1-study-information.csv": information,
        "CD1-study-data/CD1-included.ris": b"\xef\xbb\xbf" + ris.encode(),
    }
    lines = imported_into(folder, "CD1.zip", package(TWO, [settings()], more=more))
    record = record_in(folder, "Baker-2004")
    assert (record["year"], record["characteristics"]) == (
        2004,
        {"participants": "81 adults", "data_source": "unpublished"},
    )
    assert record["reports"]["baker2004"]["doi"] == "10.1000/made.up"
    assert any("no study 'baker 2004' in the analyses; did you mean 'Baker 2004'?" in line for line in lines)


def test_columns_of_another_version_are_listed_and_not_read(folder: Path) -> None:
    rows = table([*ROW, "Arm id"], [{**item, "Arm id": "x"} for item in TWO])
    lines = imported_into(
        folder, "CD1.zip", package([], [settings()], nested=False, more={"CD1-analysis-data/CD1-data-rows.csv": rows})
    )
    assert "left out: CD1-data-rows.csv: column 'Arm id' is not read" in lines


REFUSED = {
    "a row that may not be in the total": (
        package([{**TWO[0], "Applicability": "SUBGROUP_ONLY"}], [settings()]),
        "CD1-data-rows.csv: row 2, column 'Applicability': 'SUBGROUP_ONLY' is not known; allowed: SUBGROUP_AND_OVERALL",
    ),
    "a text in place of a number": (
        package([{**TWO[0], "Experimental N": "fifty"}], [settings()]),
        "CD1-data-rows.csv: row 2, column 'Experimental N': 'fifty' is not a number",
    ),
    "a review of diagnostic accuracy": (
        package(TWO, [settings()], more={"CD1-analysis-data/CD1-parameters.csv": b"a,b\n"}),
        "review of diagnostic test accuracy",
    ),
    "a package without settings": (
        zipped({"CD1-data-rows.csv": table(ROW, TWO)}),
        "has no table of the settings",
    ),
    "analyses of unknown data alone": (
        package(TWO, [settings(**{"Data type": "Texts"})]),
        "CD1.zip: Analysis 1.1, Death: data type 'Texts' is not known; allowed: Continuous",
    ),
    "half a table": (
        zipped({"a.csv": table(ROW, TWO)[:-60], "b.csv": table(list(settings()), [settings()])}),
        "the file may be cut short",
    ),
    "half an archive": (package(TWO, [settings()])[:-40], "is not a whole archive"),
    "a path that leads out": (zipped({"../CD1-data-rows.csv": table(ROW, TWO)}), "leads out of the archive"),
    "a bomb": (zipped({"CD1-data-rows.csv": b"0" * 110_000_000}), "unpacks to more than 100 MB"),
    "too many files": (zipped({f"{n}.csv": b"" for n in range(201)}), "200 at most"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_a_line_and_nothing_is_written(folder: Path, name: str) -> None:
    content, message = REFUSED[name]
    with pytest.raises(NotImported) as refusal:
        imported_into(folder, "CD1.zip", content)
    assert message in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1
    assert list(folder.iterdir()) == []
