"""What an analysis asks of its model, and what is found wrong with it before any work starts."""

from pathlib import Path

import pytest

from coppice.core.errors import BadInput
from coppice.plan.plan import load

FIGURE = "statistic: effect, yi: {yi}, vi: 0.1, source: {{report: p}}"
CONFIG = """
review: {{title: T}}
studies: studies
analyses:
  os: {{measure: SMD, {more}}}
"""


def write(folder, name, *, figures=1, mark=False, characteristics="dose: 2, n: 20", own=None):
    reported = ", ".join(
        "{"
        + FIGURE.format(yi=0.1 * index)
        + (f", use: part {index}" if mark else "")
        + (f", characteristics: {{{own}: {index}}}" if own else "")
        + "}"
        for index in range(figures)
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
        ("dependence: {method: che, rho: 0.5, rhos: [0.2, 1]}", "from 0 up to below 1"),
        ("model: {tau2: GENQ}", "needs `tau2_weights`"),
        ("model: {tau2: GENQ, tau2_weights: m}", "have no number above 0 as 'm'"),
        ("model: {tau2_weights: n}", "os.model: tau2_weights is read with `tau2: GENQ` alone, not with REML"),
        ("model: {common_add: 0.5}", "os.model: common_add is read with `common: MH` alone, not with IV"),
        (
            "model: {common: Peto, common_add: 0.5}",
            "os.model: common_add is read with `common: MH` alone, not with Peto",
        ),
        ("model: {common_to: all}", "os.model: common_to is read with"),
        ("model: {common: HM}", "allowed: IV, MH, Peto"),
        ("regression: {at: [{dose: 1}]}", "regression: is for a meta-regression; add"),
        (
            "moderators: dose + n, regression: {at: [{dose: 1}]}",
            "needs a value of each moderator and no other: dose, n",
        ),
        ("moderators: design, regression: {at: [{design: randomized}]}", "did you mean 'randomised'"),
        ("permutation: true, dependence: {method: che, rho: 0.5}", "a permutation test is for independent effects"),
        ("permutation: {draws: 10}", "99"),
        ("moderators: dose, model: {inference: KR}", "the inference KR is for models without moderators"),
        ("moderators: dose, model: {tau2: ML, inference: PL}", "the inference PL is for models without moderators"),
        ("moderators: dose, model: {prediction: bootstrap}", "the prediction bootstrap is for models without"),
        ("beyond: {under: [0]}", "allowed: .*below"),
    ],
)
def test_a_wrong_model_is_a_problem_of_one_line(folder, more, message):
    with pytest.raises(BadInput, match=message) as error:
        plan(more)
    assert all("\n" not in str(problem) for problem in error.value.problems)


def test_an_analysis_need_not_read_what_the_review_says_of_all(folder):
    weights = "model: {tau2: GENQ, tau2_weights: n, common: MH, common_add: 0.5}\n"
    text = CONFIG.format(more="model: {tau2: DL, common: IV}")
    Path("config.yaml").write_text(text + weights, "utf-8")
    assert load([Path("config.yaml")], {}).content("pool", analysis="os")["model"]["tau2"] == "DL"


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("model: {tau2: GENQ, tau2_weights: m}", "number above 0 as 'm', the weight of the estimator GENQ"),
        ("subgroups: doze", "characteristic 'doze'; did you mean 'dose'? allowed: dose, n"),
    ],
)
def test_what_several_studies_lack_is_one_problem_that_names_the_first_of_them(folder, more, what):
    for names, said in (("ABC", "3 studies (A, B, C) have"), ("DE", "5 studies (A, B, C, ...) have")):
        for name in names:
            write(folder, name)
        with pytest.raises(BadInput) as error:
            plan(more)
        assert [problem.message for problem in error.value.problems] == [f"{said} no {what}"]


def test_a_record_without_the_moderator_is_named_and_one_with_null_is_not(folder):
    write(folder, "B", characteristics="dose: null")
    plan("moderators: dose")  # no error
    write(folder, "B", characteristics="n: 20")
    with pytest.raises(BadInput, match="B has no characteristic 'dose'; add it, null where it is not known"):
        plan("moderators: dose")


def test_two_marks_for_the_same_patients_need_an_analysis_that_says_how(folder):
    write(folder, "B", figures=2, mark=True)
    with pytest.raises(BadInput, match="B: figures 0 and 1 of the same patients are both marked"):
        plan("")
    spec = plan("dependence: {method: che, rho: 0.5}").content("extract", study="B", outcome="os")
    assert spec["measures"]["SMD (several)"]["several"] is True


def test_marks_of_comparisons_that_an_analysis_does_not_make_are_no_second_mark(folder):
    arms = "{low: {treatment: low, n: 9}, high: {treatment: high, n: 9}, none: {treatment: none, n: 9}}"
    figures = ", ".join(f"{{{FIGURE.format(yi=0.1)}, arms: [{arm}, none], use: drawn}}" for arm in ("low", "high"))
    (folder / "studies/B.yaml").write_text(
        f"study: B\ndesign: randomised\nreports: {{p: {{citation: C}}}}\narms: {arms}\n"
        f"outcomes: {{os: {{reported: [{figures}]}}}}\n",
        "utf-8",
    )
    plan("compare: [high, none]")  # no error
    lumped = "compare: [some, none]}\ntreatments: {some: {lumps: {low: alike, high: alike}}, none: {}"
    with pytest.raises(BadInput, match="B: figures 0 and 1 of the same patients are both marked"):
        plan(lumped)


def test_a_shared_control_arm_without_a_covariance_is_found_before_any_work(folder):
    arms = "events_c: 9, n_c: 40, source: {report: p}"
    marked = [f"{{statistic: counts, use: dose {events}, events_e: {events}, n_e: 40, {arms}}}" for events in (5, 7)]
    (folder / "studies/B.yaml").write_text(
        "study: B\ndesign: randomised\nreports: {p: {citation: C}}\n"
        f"outcomes: {{os: {{reported: [{', '.join(marked)}]}}}}\n",
        "utf-8",
    )
    Path("config.yaml").write_text(
        CONFIG.format(more="dependence: {method: multilevel}").replace("SMD", "PETO"), "utf-8"
    )
    with pytest.raises(
        BadInput, match="effects of B have the same control arm, whose covariance is not known for PETO"
    ):
        load([Path("config.yaml")], {})


def test_a_characteristic_of_single_figures_is_one_to_group_and_adjust_by(folder):
    for name in ("A", "B", "C"):
        write(folder, name, figures=2, mark=True, characteristics="n: 20", own="part")
    loaded = plan("dependence: {method: multilevel}, moderators: part, subgroups: part")
    assert loaded.content("pool", analysis="os")["studies"][0]["values"] == {"part": None}
    assert loaded.content("extract", study="A", outcome="os")["reported"][1]["characteristics"] == {"part": 1}
    with pytest.raises(BadInput, match="did you mean 'part'"):
        plan("dependence: {method: multilevel}, moderators: pat")


def test_the_spec_of_a_pool_holds_what_moderators_and_weights_read(folder):
    found = plan("moderators: dose + year, model: {tau2: GENQ, tau2_weights: n}").content("pool", analysis="os")
    assert found["moderators"] == "dose + year"
    assert found["studies"][0]["values"] == {"dose": 2, "n": 20, "year": None}


def test_the_spec_of_a_pool_holds_what_is_asked_of_its_model_and_nothing_that_is_not(folder):
    found = plan("moderators: dose, regression: {at: [{dose: 1}]}, beyond: {above: [0.2]}, permutation: false").content(
        "pool", analysis="os"
    )
    assert found["regression"] == {"at": [{"dose": 1}]} and found["beyond"] == {"above": [0.2]}
    assert "permutation" not in found


def test_the_spec_of_a_pool_holds_the_priors_and_the_thresholds_that_they_are_asked_about(folder):
    prior = {"tau_prior": {"half_normal": 0.5}}
    found = plan("bayes: {tau_prior: {half_normal: 0.5}}, important: 0.2").content("pool", analysis="os")
    assert found["bayes"] == prior and found["important"] == 0.2
    found = plan("important: 0.2").content("pool", analysis="os")
    assert "bayes" not in found and "important" not in found


def test_an_analysis_takes_the_priors_of_the_review_or_its_own_or_none(folder):
    def spec(more):
        text = CONFIG.format(more=more) + "bayes: {tau_prior: {half_normal: 0.5}, mu_prior: {mean: 0, sd: 2}}\n"
        Path("config.yaml").write_text(text, "utf-8")
        return load([Path("config.yaml")], {}).content("pool", analysis="os").get("bayes")

    assert spec("role: main") == {"tau_prior": {"half_normal": 0.5}, "mu_prior": {"mean": 0, "sd": 2}}
    assert spec("bayes: {tau_prior: jeffreys}") == {"tau_prior": "jeffreys", "mu_prior": {"mean": 0, "sd": 2}}
    assert spec("bayes: false") is None


def test_the_figures_of_a_bayesian_model_are_drawn_where_one_is_requested(folder):
    from coppice.plan.draw import figures, groups

    def drawn(more):
        review = plan(more).review
        return figures(review, review.analyses["os"]), groups(review)

    figures_with, rules = drawn("bayes: {tau_prior: jeffreys}")
    assert {"posterior", "shrinkage"} <= set(figures_with)
    assert {rule: names for rule, (_, names) in rules.items()} == {"draw": [], "draw_posterior_shrinkage": ["os"]}
    figures_without, rules = drawn("role: main")
    assert not {"posterior", "shrinkage"} & set(figures_without)
    assert {rule: names for rule, (_, names) in rules.items()} == {"draw": ["os"]}


def test_a_requested_adjustment_for_small_studies_brings_the_figure_of_all_of_them(folder):
    from coppice.plan.draw import figures

    def drawn(more):
        review = plan(more).review
        return figures(review, review.analyses["os"])

    assert "adjusted" in drawn("explore: {small_study: {copas: {alpha: 0.05}}}")
    for more in ("role: main", "explore: {small_study: {copas: false}}", "explore: {small_study: false}"):
        assert "adjusted" not in drawn(more)


def test_the_first_bayesian_analysis_of_a_review_leaves_the_drawings_of_the_others_as_they_are(folder):
    def specs(more):
        text = CONFIG.format(more="role: main") + f"  again: {{outcome: os, measure: SMD, role: sensitivity, {more}}}\n"
        Path("config.yaml").write_text(text, "utf-8")
        planned = load([Path("config.yaml")], {})
        return [planned.spec("draw", analysis=name) for name in ("os", "again")]

    without, with_it = specs("overall: true"), specs("bayes: {tau_prior: jeffreys}")
    assert without[0] == with_it[0] and without[1] != with_it[1]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("multiverse: {prior: {wide: {mu_prior: null}}}", "needs `tau_prior`"),
        ("multiverse: {prior: {wide: {tau_prior: {half_t: {df: 1}}}}}", "needs scale and df"),
        (
            "bayes: {tau_prior: {rhodes2015: {outcome: any, comparison: non-pharmacological}}}, moderators: dos",
            "did you mean 'dose'",
        ),
    ],
)
def test_priors_that_can_not_be_are_reported(folder, more, message):
    with pytest.raises(BadInput, match=message):
        plan(more)
