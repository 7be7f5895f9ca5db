"""Makes RevMan 5 files: outcomes with their rows, settings and stored results, as RevMan writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

ATTRIBUTES = {
    "DICH": {"e1": "EVENTS_1", "n1": "TOTAL_1", "e2": "EVENTS_2", "n2": "TOTAL_2"},
    "CONT": {"m1": "MEAN_1", "s1": "SD_1", "n1": "TOTAL_1", "m2": "MEAN_2", "s2": "SD_2", "n2": "TOTAL_2"},
    "IV": {"y": "ESTIMATE", "se": "SE"},
    "IPD": {"oe": "O_E", "v": "VAR"},
}
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'


def study_id(label: str) -> str:
    """Return RevMan's id of a study, with its escapes."""
    escaped = "".join(sign if sign.isascii() and sign.isalnum() else f"_x{ord(sign):04x}_" for sign in label)
    return f"STD-{escaped}"


def attributes(values: Mapping[str, object]) -> str:
    """Return attributes."""
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in values.items() if value is not None)


def rows(kind: str, items: Iterable[Mapping[str, Any]]) -> str:
    """Return the rows of an outcome."""
    return "".join(
        f"<{kind}_DATA{attributes({ATTRIBUTES[kind][name]: item[name] for name in ATTRIBUTES[kind]})}"
        f"{attributes({'STUDY_ID': study_id(item['study']), 'EFFECT_SIZE': item.get('effect'), 'LOG_EFFECT_SIZE': '-9.9'})}"
        + (f"><FOOTNOTE>{item['footnote']}</FOOTNOTE></{kind}_DATA>" if "footnote" in item else "/>")
        + "\n"
        for item in items
    )


def outcome(item: Mapping[str, Any], number: int, **more: object) -> str:
    """Return one outcome."""
    kind, measure = item["kind"], {"PETO": "PETO_OR"}.get(item["measure"], item["measure"])
    settings = {
        "NO": number,
        "METHOD": item["method"],
        "RANDOM": "YES" if item["random"] else "NO",
        "CI_STUDY": 95,
        "CI_TOTAL": 95,
        "TOTALS": "YES",
        "ESTIMABLE": "YES",
        "SUBGROUPS": "YES" if item.get("subgroups") else "NO",
        "SUBGROUP_TEST": "YES",
        "SWAP_EVENTS": "NO" if kind == "DICH" else None,
        "SORT_BY": "STUDY",
        "LOG_EFFECT_SIZE": "-9.9",
        "LOG_DATA": "YES" if kind in ("IV", "IPD") else None,
        "EFFECT_MEASURE": measure if kind in ("DICH", "CONT") else None,
        **item.get("stored", {}),
        **more,
    }
    named = f"<NAME>Outcome {number}</NAME><GROUP_LABEL_1>Drug</GROUP_LABEL_1><GROUP_LABEL_2>Placebo</GROUP_LABEL_2>"
    named += "<GRAPH_LABEL_1>Favours drug</GRAPH_LABEL_1><GRAPH_LABEL_2>Favours placebo</GRAPH_LABEL_2>"
    named += f"<EFFECT_MEASURE>{measure}</EFFECT_MEASURE>" if kind in ("IV", "IPD") else ""
    if not item.get("subgroups"):
        content = rows(kind, item["rows"])
    else:
        content = "".join(
            f"<{kind}_SUBGROUP{attributes({'NO': position, 'ESTIMABLE': 'YES', **stored})}><NAME>{name}</NAME>\n"
            f"{rows(kind, [row for row in item['rows'] if row['subgroup'] == name])}</{kind}_SUBGROUP>\n"
            for position, (name, stored) in enumerate(item["subgroups"].items(), start=1)
        )
    return f"<{kind}_OUTCOME{attributes(settings)}>{named}\n{content}</{kind}_OUTCOME>\n"


def review(
    outcomes: str, studies: Iterable[str], *, more: str = "", type_: str = "INTERVENTION", included: str = ""
) -> str:
    """Return a whole file; `included` stands within the element of each study."""
    listed = "".join(
        f'<STUDY ID="{study_id(name)}" NAME="{name}" YEAR="" DATA_SOURCE="PUB">{included}</STUDY>\n' for name in studies
    )
    return (
        f'{HEAD}<COCHRANE_REVIEW TYPE="{type_}" ID="1" REVMAN_VERSION="5">\n<COVER_SHEET><TITLE>Drug for <I>disease</I></TITLE></COVER_SHEET>\n'
        f"<STUDIES_AND_REFERENCES><STUDIES><INCLUDED_STUDIES>\n{listed}</INCLUDED_STUDIES></STUDIES></STUDIES_AND_REFERENCES>\n{more}"
        f'<ANALYSES_AND_DATA><COMPARISON NO="1"><NAME>Drug versus placebo</NAME>\n{outcomes}</COMPARISON></ANALYSES_AND_DATA>\n</COCHRANE_REVIEW>\n'
    )
