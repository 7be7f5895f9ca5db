"""Files of other programs, damaged: bytes changed, cut, doubled or put in, and values that nobody would enter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from tests.unit.tools.import_file import revman_files

Draw = Callable[[st.SearchStrategy[Any]], Any]

STUDIES = ("Adams 1991", "ISIS-2", "Chen 1998")
ROWS: dict[str, list[dict[str, Any]]] = {
    "DICH": [{"e1": 4, "n1": 40, "e2": 9, "n2": 42}, {"e1": 0, "n1": 25, "e2": 3, "n2": 27}, {"e1": 0, "n1": 20, "e2": 0, "n2": 22}],
    "CONT": [{"m1": 5.1, "s1": 4.7, "n1": 13, "m2": 6.5, "s2": 3.8, "n2": 13}, {"m1": 4.9, "s1": 1.71, "n1": 30, "m2": 6.1, "s2": 2.3, "n2": 50}],
    "IV": [{"y": -0.41, "se": 0.21}, {"y": 0.12, "se": 0.18}],
    "IPD": [{"oe": -3.2, "v": 10.5}, {"oe": 1.4, "v": 8.2}],
}  # fmt: skip
MEASURES = {"DICH": ("OR", "RR", "RD", "PETO_OR"), "CONT": ("MD", "SMD"), "IV": ("Hazard Ratio", "Score", "Mean Difference"), "IPD": ("Hazard Ratio", "Peto Odds Ratio")}  # fmt: skip
ODD = (
    "",
    "0",
    "-1",
    "1e999",
    "-0.0",
    "-inf",
    "1E-14",
    "1e300",
    "12.5",
    "a",
    "999999999999999999999",
    "YES",
    "SUB",
    "NO",
)
PIECES = (
    b"\x00", b"\xff", b"\xfe\xff", b"&", b"&nbsp;", b"&#0;", b"<", b">", b'"', b"'", b"<P>" * 200, b"</P>", b"<!--", b"]]>", b"<![CDATA[",
    b"<?x?>", b"<!DOCTYPE a>", b"\xef\xbb\xbf", b"/", b"..", b"\xcc\x81" * 50, b"\xe2\x80\xae", b"<FOOTNOTE>x</FOOTNOTE>",
)  # fmt: skip


@st.composite
def revman_reviews(draw: Draw) -> bytes:
    """Draw a RevMan 5 file, sound but for some values, and sometimes damaged."""
    outcomes = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        kind = draw(st.sampled_from(sorted(ROWS)))
        rows = [{"study": name, **row} for name, row in zip(STUDIES, ROWS[kind], strict=False)]
        for _ in range(draw(st.integers(0, 2))):
            row = draw(st.sampled_from(rows))
            row[draw(st.sampled_from(sorted(row.keys() - {"study"})))] = draw(st.sampled_from(ODD))
        item: dict[str, Any] = {"kind": kind, "measure": draw(st.sampled_from(MEASURES[kind])), "method": draw(st.sampled_from(("MH", "IV", "PETO"))), "random": draw(st.booleans()), "rows": rows}  # fmt: skip
        item["stored"] = dict.fromkeys(
            ("EFFECT_SIZE", "CI_START", "CI_END", "DF", "I2"), draw(st.sampled_from((*ODD, "0.5")))
        )
        if draw(st.booleans()):
            names = draw(st.lists(st.sampled_from(("Children", "a/b", "", "x" * 400)), min_size=1, max_size=2))
            item |= {"subgroups": {name: {} for name in names}}
            for row in rows:
                row["subgroup"] = draw(st.sampled_from(names))
            rows += [{**rows[0], "subgroup": draw(st.sampled_from(names))}]
        settings = {name: draw(st.sampled_from((*ODD, "95"))) for name in draw(st.sets(st.sampled_from(("TOTALS", "CI_TOTAL", "CI_STUDY", "SWAP_EVENTS", "NO", "ESTIMABLE", "LOG_DATA", "RANDOM"))))}  # fmt: skip
        outcomes.append(revman_files.outcome(item, number, **settings))
    content: bytes = revman_files.review("".join(outcomes), STUDIES[: draw(st.integers(0, 3))]).encode()
    for _ in range(draw(st.integers(0, 2))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        content = {
            "cut": content[:start],
            "doubled": content[:end] + content[start:],
            "left out": content[:start] + content[min(end, start + 40) :],
            "put in": content[:start] + draw(st.sampled_from(PIECES)) + content[start:],
        }[draw(st.sampled_from(("cut", "doubled", "left out", "put in", "put in")))]
    return content
