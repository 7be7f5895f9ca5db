"""Pool results of any content: long and foreign labels, every scale, missing counts, subgroups."""

from __future__ import annotations

from hypothesis import strategies as st

from .fixtures import effect, pooled

WORDS = st.text(alphabet="abc XYZ 0123 äß日本語العربية$<&\\N{EN DASH}", max_size=60)


@st.composite
def results(draw):
    k = draw(st.integers(1, 7))
    measure = draw(st.sampled_from(["RR", "OR", "HR", "MD", "SMD", "RD"]))
    scale = draw(st.sampled_from([1e-3, 0.1, 1.0] if measure != "MD" else [1e-3, 1.0, 1e4]))
    rows = []
    for index in range(k):
        yi = scale * draw(st.floats(-3, 3))
        vi = (scale * draw(st.floats(0.05, 3))) ** 2
        events = draw(st.none() | st.integers(0, 10**6))
        reported = {} if events is None else {"events_e": events, "n_e": 2 * events + 1, "events_c": 1, "n_c": 10**5}
        group = draw(st.sampled_from(["adults", "children and young adults"]))
        rows.append(effect(draw(WORDS), 1990 + index, group, yi, vi, reported))
    return pooled(rows, measure, 2.0, by=draw(st.sampled_from([None, "age_group"])))
