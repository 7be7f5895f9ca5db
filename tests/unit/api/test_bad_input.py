"""Bad input of Python users: a ValueError with one line for each problem, which names the row and what is allowed."""

import pytest

import coppice

COUNTS = {"ai": [4, 6, 3], "n1i": [12, 30, 23], "ci": [11, 29, 11], "n2i": [13, 30, 22]}
EFFECTS = ([0.1, 0.2, 0.4], [0.1, 0.1, 0.2])


def sizes():
    return coppice.effect_size("RR", COUNTS)


BAD = {
    "a negative variance": (
        lambda: coppice.pool([1, 2], [0.1, -1]),
        "data (in memory):2: vi: -1 is not allowed; write a number above 0",
    ),
    "a variance of 0": (lambda: coppice.pool([1, 2], [0, 1]), "data (in memory):1: vi: 0 is not allowed"),
    "text for an effect": (lambda: coppice.pool(["x", 2], [1, 1]), "data (in memory):1: yi: 'x' is not a number"),
    "an infinite effect": (lambda: coppice.pool([float("inf"), 2], [1, 1]), "data (in memory):1: yi: "),
    "no variances": (lambda: coppice.pool([1, 2]), "options: vi: give the variances of the effects as `vi`"),
    "variances twice": (lambda: coppice.pool([1], [1], sei=[1]), "options: vi: give the variances of the effects as `vi`"),
    "columns of two lengths": (lambda: coppice.pool([1, 2], [1]), "yi has 2, vi has 1"),
    "no effects": (lambda: coppice.pool([], []), "data (in memory): holds no table"),
    "a number for a column": (lambda: coppice.pool(1, 2), "data (in memory): yi: 1 is no column"),
    "a matrix": (lambda: coppice.pool([[1, 2]], [1]), "data (in memory):1: yi: [1, 2] is neither a number nor a text"),
    "an unknown estimator": (lambda: coppice.pool(*EFFECTS, tau2="REMLL"), "options: tau2: 'REMLL' is not known; did you mean 'REML'?"),
    "an unknown option": (lambda: coppice.pool(*EFFECTS, tua2="DL"), "options: tua2: no such option; did you mean 'tau2'?"),
    "an unknown measure": (lambda: coppice.pool(*EFFECTS, measure="RRR"), "options: measure: 'RRR' is not known; did you mean 'RR'?"),
    "an unknown profile": (lambda: coppice.pool(*EFFECTS, profile="revman"), "options: profile: 'revman' is not known; did you mean"),
    "a level in percent": (lambda: coppice.pool(*EFFECTS, level=95), "options: level: 95 is not allowed"),
    "an inference for another estimator": (lambda: coppice.pool(*EFFECTS, tau2="DL", inference="KR"), "KR is defined for tau2: REML alone"),
    "a column that the data lack": (lambda: coppice.pool("y", "vi", data={"yi": [1], "vi": [1]}), "the data have no column 'y'; did you mean 'yi'?"),
    "a moderator that the data lack": (lambda: coppice.pool(*EFFECTS, data={"dose": [1, 2, 3]}, moderators="doses"), "no column 'doses'; did you mean 'dose'?"),
    "a formula that can't be read": (lambda: coppice.pool(*EFFECTS, data={"dose": [1, 2, 3]}, moderators="dose +"), "options: moderators: "),
    "a subgroup that the data lack": (lambda: coppice.pool(sizes(), subgroups="region"), "the data have no column 'region'"),
    "two effects of a study": (lambda: coppice.pool(*EFFECTS, study=["A", "B", "A"]), "data (in memory):3: study: row 1 is of A too"),
    "a study without a name": (lambda: coppice.pool(*EFFECTS, study=["A", "", "C"]), "data (in memory):2: study: no name"),
    "no table": (lambda: coppice.effect_size("RR", "studies.csv", ai="a"), "data (in memory): data: are not a table"),
    "no figures": (lambda: coppice.effect_size("RR", {"a": [1]}), "no column of the data is called as a figure (a)"),
    "an unknown figure": (lambda: coppice.effect_size("RR", COUNTS, aii="ai"), "aii: is no figure that a study reports; did you mean 'ai'?"),
    "more events than patients": (lambda: coppice.effect_size("RR", **{**COUNTS, "ai": [40, 6, 3]}), "data (in memory):1: "),
    "data beside effect sizes": (lambda: coppice.pool(sizes(), data=COUNTS), "options: data: is not for effect sizes"),
    "another measure than that of the effect sizes": (lambda: coppice.pool(sizes(), measure="OR"), "options: measure: the effect sizes are of RR, not of OR"),
    "an unknown figure of the result": (lambda: coppice.pool(*EFFECTS).figure("fores"), "options: figure: unknown figure 'fores': did you mean 'forest'?"),
    "an unknown format": (lambda: coppice.pool(*EFFECTS).forest("forest.gif"), "unknown format 'gif'"),
    "an unknown option of a figure": (lambda: coppice.pool(*EFFECTS).forest(colums=["study"]), "did you mean 'columns'?"),
    "an unknown exploration": (lambda: coppice.pool(*EFFECTS).explore(leave_on_out=True), "options: leave_on_out: no such key; did you mean 'leave_one_out'?"),
    "a test that needs more studies": (lambda: coppice.pool(*EFFECTS).egger(), "options: egger: at least 10 effects are needed; there are 3"),
    "leaving one of two out": (lambda: coppice.pool([1, 2], [1, 1]).leave_one_out(), "options: leave_one_out: at least 3 effects are needed"),
    "an order by a column that the data lack": (lambda: coppice.pool(*EFFECTS).cumulative("dose"), "options: by: the data have no column 'dose'"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_a_value_error_with_one_line(name):
    call, expected = BAD[name]
    with pytest.raises(ValueError) as error:
        call()
    assert isinstance(error.value, coppice.InputError)
    assert expected in str(error.value)
    assert len(str(error.value).splitlines()) == len(error.value.problems) == 1


def test_every_problem_of_the_data_has_its_line():
    with pytest.raises(coppice.InputError) as error:
        coppice.pool([1, "x", 3], [0.1, 0.2, -1])
    assert [problem.line for problem in error.value.problems] == [2, 3]
