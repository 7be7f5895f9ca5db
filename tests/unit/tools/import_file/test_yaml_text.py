"""Records and configurations are written so that they are read as the same values."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from coppice.core.printed_number import PrintedNumber
from coppice.review.strict_yaml import loads
from coppice.tools.import_file.plain_text import made_id, plain
from coppice.tools.import_file.yaml_text import dump

TEXTS = st.text(max_size=200).map(plain) | st.sampled_from(
    ["null", "true", "no", "1", "0.40", "1e5", "2021-03-02", "a: b", "- a", "#x", "x #y", "'", '"', "a, b", "[", "{", "&a", "*a", "!t", "", "?", "%", "@", "a" * 150, "word " * 60]
).map(str.strip)  # fmt: skip
KEYS = TEXTS.filter(lambda text: text not in ("", "<<"))  # merge keys are not read, in quotation marks either
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5))
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read_as_it_was(value: dict[str, object]) -> None:
    assert loads(dump(value), "x").data == value


def test_numbers_keep_the_digits_that_they_were_printed_with() -> None:
    assert dump({"estimate": PrintedNumber("0.40"), "p": 1.5e-14, "n": 12}) == "estimate: 0.40\np: 1.5e-14\nn: 12\n"


def test_a_figure_stands_in_braces_and_a_long_one_is_broken() -> None:
    figure = {"statistic": "counts", "events_e": 49, "n_e": 615, "events_c": 67, "n_c": 624, "source": {"report": "rev", "at": "Analysis 1.1"}, "note": "x " * 20 + "y"}  # fmt: skip
    lines = dump({"outcomes": {"death": {"reported": [figure]}}}).splitlines()
    assert lines[:3] == ["outcomes:", "  death:", "    reported:"]
    assert lines[3].startswith("      - {statistic: counts, events_e: 49,")
    assert max(map(len, lines)) <= 118


def test_comments_stand_above_their_keys() -> None:
    text = dump({"analyses": {"os": {"measure": "HR"}}}, {"analyses.os.measure": "by its name"})
    assert text == "analyses:\n  os:\n    # by its name\n    measure: HR\n"


def test_ids_are_made_of_labels_and_differ_by_more_than_capitals() -> None:
    assert made_id("Müller & Ångström 2001a") == "Muller-Angstrom-2001a"
    assert made_id("ISIS-2", {"isis-2"}) == "ISIS-2-2"
    assert made_id("研究") == "study"
