"""What an analysis asks of its model, and what is found wrong with it before any work starts."""

from pathlib import Path

import pytest

from coppice.errors import BadInput
from coppice.plan import load

FIGURE = "statistic: effect, yi: {yi}, vi: 0.1, source: {{report: p}}"
CONFIG = """
review: {{title: T}}
studies: studies
analyses:
  os: {{measure: SMD, {more}}}
"""


def write(folder, name, *, figures=1, mark=False, characteristics="dose: 2, n: 20"):
    reported = ", ".join(
        "{" + FIGURE.format(yi=0.1 * index) + (f", use: part {index}" if mark else "") + "}" for index in range(figures)
    )
    (folder / f"studies/{name}.yaml").write_text(
        f"study: {name}\ndesign: randomised\nreports: {{p: {{citation: C}}}}\ncharacteristics: {{{characteristics}}}\n"
        f"outcomes: {{os: {{reported: [{reported}]}}}}\n",
        "utf-8",
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies").mkdir()
    for name in ("A", "B", "C"):
        write(tmp_path, name)
    return tmp_path


def plan(more):
    Path("config.yaml").write_text(CONFIG.format(more=more), "utf-8")
    return load([Path("config.yaml")], {})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("moderators: dos + year", "did you mean 'dose'"),
        ("moderators: 'dose + __import__(\"os\").getcwd()'", "names of characteristics"),
        ("moderators: dose ** 2", "names of characteristics"),
        ("dependence: {method: che}", "che needs rho"),
        ("dependence: {method: multilevel, rho: 0.5}", "takes no rho"),
        ("dependence: {method: agregate, rho: 0.5}", "did you mean 'aggregate'"),
        ("dependence: {method: multilevel}, subgroups: dose", "has no subgroups"),
        ("dependence: {method: multilevel}, moderators: dose", "has no moderators yet"),
        ("model: {tau2: GENQ}", "needs `tau2_weights`"),
        ("model: {tau2: GENQ, tau2_weights: m}", "has no number above 0 as 'm'"),
        ("model: {common: HM}", "allowed: IV, MH, Peto"),
    ],
)
def test_a_wrong_model_is_a_problem_of_one_line(folder, more, message):
    with pytest.raises(BadInput, match=message) as error:
        plan(more)
    assert all("\n" not in str(problem) for problem in error.value.problems)


def test_a_record_without_the_moderator_is_named_and_one_with_null_is_not(folder):
    write(folder, "B", characteristics="dose: null")
    assert plan("moderators: dose")
    write(folder, "B", characteristics="n: 20")
    with pytest.raises(BadInput, match="no characteristic 'dose' in B; add it, null where it is not known"):
        plan("moderators: dose")


def test_two_marks_for_the_same_patients_need_an_analysis_that_says_how(folder):
    write(folder, "B", figures=2, mark=True)
    with pytest.raises(BadInput, match="B: figures 0 and 1 of the same patients are both marked"):
        plan("")
    spec = plan("dependence: {method: che, rho: 0.5}").extract_spec("B", "os")
    assert spec["measures"]["SMD (several)"]["several"] is True


def test_the_spec_of_a_pool_holds_what_moderators_and_weights_read(folder):
    found = plan("moderators: dose + year, model: {tau2: GENQ, tau2_weights: n}").pool_spec("os")
    assert found["moderators"] == "dose + year"
    assert found["studies"][0]["values"] == {"dose": 2, "n": 20, "year": None}
