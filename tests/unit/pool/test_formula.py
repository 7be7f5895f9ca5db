import pytest

from coppice.pool.formula import variables


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("ablat", ("ablat",)),
        ("ablat + C(alloc)", ("ablat", "alloc")),
        ("0 + setting", ("setting",)),
        ("a * (b + c) - 1", ("a", "b", "c")),
        ("center(year):log(dose)", ("year", "dose")),
        ("`mean age` + größe", ("mean age", "größe")),
        ('C(alloc, contr.treatment("random"))', ("alloc",)),
    ],
)
def test_a_formula_names_its_characteristics(formula, names):
    assert variables(formula) == names


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('true')",
        "open('x')",
        "ablat.__class__",
        "a[0]",
        "a ** 9 ** 9",
        "I(a + 1)",
        "(a)(b)",
        "`a`(b)",
        "{a}",
        "a; b",
        "a | b",
        "lambda: 0",
        "'text'",
        "a + 'text'",
        "y ~ a",
        "a @ b",
        "",
        "1",
    ],
)
def test_what_is_more_than_a_formula_is_refused_before_it_is_evaluated(formula):
    with pytest.raises(ValueError):
        variables(formula)
