from coppice.explore.options import off, options_of


def test_an_exploration_is_on_or_off_by_its_default_unless_it_is_named():
    assert options_of({}, "gosh", default=False) is None
    assert options_of({}, "influence") == {}
    assert options_of({"explore": {"influence": False}}, "influence") is None
    assert options_of({"explore": {"gosh": {"seed": 1}}}, "gosh", default=False) == {"seed": 1}


def test_what_is_off_says_how_it_is_switched_on():
    assert "explore: {gosh: true}" in off("gosh")["skipped"]
