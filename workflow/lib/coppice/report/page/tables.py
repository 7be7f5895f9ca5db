"""The tables of the report, each a pure function from results to HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coppice import __version__
from coppice.core.roles import MAIN, ROLES
from coppice.report.page import html_elements, words
from coppice.report.page.extent import counted, heading_of
from coppice.report.page.html_elements import Html, tag
from coppice.report.report_data import AnalysisView, ReviewView

Row = Sequence[object]
WIDTHS = {  # classes of the columns that hold more than a word
    "Reported": "reported",
    "Reason for choice": "why",
    "Read in": "address",
    "Analysed": "entered",
    "Patients": "patients",
    "Person-time": "patients",
    "Patients or person-time": "patients",
    "Report": "entered",
    "Relative effect or difference": "relative",
    "Estimate": "relative",
}
LONGEST_CELL = 26  # characters; anything longer is said below the table, where it does not widen a column
TAU2 = "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO}"
I2 = "I\N{SUPERSCRIPT TWO}"

WORD = re.compile(r"[\w-]+")
MOST_ROWS = 2_000  # of a table on the page: a browser sorts so many at once
TOO_LONG = f"The table has {{rows:,}} rows and is not shown (limit {MOST_ROWS:,}); see the result files."


def table(
    caption: object, columns: Sequence[str], rows: Iterable[Row], *, numeric: Iterable[int] = (), name: str
) -> Html:
    """Build a table whose first column heads its rows.

    Parameters
    ----------
    caption : object
        What the table shows.
    columns : sequence of str
        Headings.
    rows : iterable of sequence
        Cells; text is escaped, None prints as 'not assessed'.
    numeric : iterable of int
        Columns of numbers, aligned to the right.
    name : str
        Id of the table.

    Returns
    -------
    Html
        The table in a region of its own that scrolls sideways on narrow screens.
    """
    right, rows = set(numeric), list(rows)
    if len(rows) > MOST_ROWS:
        return tag("p", caption, f" {TOO_LONG.format(rows=len(rows))}", id=name)

    def cell(column: int, content: object) -> Html:
        kind = "number" if column in right else WIDTHS.get(columns[column].partition(" (")[0])
        text = tag("span", words.NOT_ASSESSED, class_="absent") if content is None else content
        return tag("th", text, scope="row") if column == 0 else tag("td", text, class_=kind)

    head = tag(
        "tr", *(tag("th", text, scope="col", class_="number" if i in right else None) for i, text in enumerate(columns))
    )
    body = [tag("tr", *(cell(i, content) for i, content in enumerate(row))) for row in rows]
    whole = tag("table", tag("caption", tag("span", caption)), tag("thead", head), tag("tbody", *body), id=name)
    return tag(
        "div",
        whole,
        class_="table",
        role="region",
        tabindex="0",
        aria_label=html_elements.plain(str(html_elements.escape(caption))),
    )


def summary(review: ReviewView) -> Html:
    """Build the table of all analyses: studies, patients, estimate, prediction, heterogeneity."""

    def row(analysis: AnalysisView) -> Row:
        pool, heterogeneity = analysis.pool, analysis.pool["heterogeneity"]
        main = pool["random"]
        role = "" if analysis.role == MAIN else f" ({ROLES[analysis.role]})"
        link = html_elements.join([tag("a", analysis.title, href=f"#{analysis.id}"), role])
        predicted = pool["prediction"]
        return (
            link,
            len(analysis.effects),
            counted(review, analysis),
            f"{analysis.measure.label} {words.estimate(analysis, main)}{words.caution(analysis)}"
            if main
            else _by_subgroup(analysis),
            words.interval(analysis, predicted, "low", "high") if predicted else words.DASH,
            analysis.style.variance(heterogeneity["tau2"] if heterogeneity else None),
            analysis.style.percent(heterogeneity["I2"] if heterogeneity else None, 0),
            _intervals_by(analysis),
        )

    levels = {words.level(analysis.pool) for analysis in review.analyses}
    level = levels.pop() if len(levels) == 1 else "level of the analysis"
    columns = (
        "Outcome",
        "Effects",
        heading_of(review),
        f"Random-effects estimate ({level} CI)",
        "Prediction interval",
        TAU2,
        I2,
        "CI method",
    )
    rows = [row(analysis) for analysis in review.analyses]
    return table("Results of all analyses.", columns, rows, numeric=(1, 2, 3, 4, 5, 6), name="table-summary")


def _intervals_by(analysis: AnalysisView) -> str:
    """Name the methods of the intervals that the table prints: that of the whole, or else those of the subgroups."""
    main = analysis.pool["random"]
    parts = [main] if main else [level["random"] for level in analysis.levels if level["random"]]
    return ", ".join(dict.fromkeys(map(words.interval_by, parts))) or words.DASH


def _by_subgroup(analysis: AnalysisView) -> Html:
    subgroups = analysis.pool["subgroups"]
    by = subgroups["by"] if subgroups else ""
    lines = [
        tag(
            "span",
            f"{words.level_of(by, level['level'])}: {analysis.measure.label} {words.estimate(analysis, level.get('random'))}",
            class_="line",
        )
        for level in analysis.levels
        if level["random"]
    ]
    return html_elements.join(lines or ["not pooled"])


def studies(review: ReviewView) -> Html:
    """Build the table of the studies: design, what was compared in whom, how many.

    A characteristic has a column if at least half of the studies state it and no value is long; those that an analysis
    uses for subgroups come first.
    """
    everyone = list(review.studies.values())
    keys = columns_of_characteristics(review)

    def arm(study: Mapping[str, Any], name: str) -> str:
        size = ((study.get("arms") or {}).get(name) or {}).get("n")
        return words.DASH if size is None else f"{size:,}"

    names = {name: _arm_names(everyone, name) for name in ("experimental", "control") if _has_column(review, name)}
    columns = ("Study", "Design", *_headings(keys), *(f"{names[name]}, n" for name in names))
    rows = [
        (
            tag("a", study.get("label") or study["study"], href=f"#study-{html_elements.anchor(study['study'])}"),
            words.readable(str(study.get("design") or words.NOT_STATED)),
            *(characteristic(study, key) for key in keys),
            *(arm(study, name) for name in names),
        )
        for study in everyone
    ]
    first = 2 + len(keys)
    return table(
        "Characteristics of the included studies.",
        columns,
        rows,
        numeric=range(first, len(columns)),
        name="table-studies",
    )


def _has_column(review: ReviewView, arm: str) -> bool:
    """Return whether an arm has a column: where no study states its size it would hold dashes."""
    stated = [(study.get("arms") or {}).get(arm) or {} for study in review.studies.values()]
    return any(item.get("n") is not None for item in stated)


def _headings(keys: Sequence[str]) -> list[str]:
    """Return the headings of characteristics; one that reads as another column does names its key."""
    read = [words.first_upper(words.readable(key)).strip() for key in keys]
    folded = [heading.casefold() for heading in ("Study", "Design", *read)]
    return [
        f"{heading} (characteristic {key})" if folded.count(heading.casefold()) > 1 else heading
        for heading, key in zip(read, keys, strict=True)
    ]


def columns_of_characteristics(review: ReviewView) -> list[str]:
    """Return the characteristics that have a column in the table of the studies."""
    everyone = list(review.studies.values())
    used = [subgroups["by"] for analysis in review.analyses if (subgroups := analysis.pool["subgroups"])]
    stated = [key for study in everyone for key in study.get("characteristics") or {}]
    return [
        key
        for key in dict.fromkeys([*used, *stated])
        if 2 * sum(characteristic(study, key) != words.DASH for study in everyone) >= len(everyone)
        and all(len(characteristic(study, key)) <= LONGEST_CELL for study in everyone)
    ]


def characteristic(study: Mapping[str, Any], key: str) -> str:
    """Print a characteristic of a study."""
    value = (study.get("characteristics") or {}).get(key)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return words.DASH if value is None else str(value)


def _arm_names(everyone: Sequence[Mapping[str, Any]], arm: str) -> str:
    names = {((study.get("arms") or {}).get(arm) or {}).get("name") for study in everyone} - {None}
    return str(names.pop()) if len(names) == 1 else arm.capitalize()


def study(review: ReviewView, key: str) -> Html:
    """Build what is said of one study beside the table: its long characteristics, its reports, remarks, risk of bias."""
    record = review.studies[key]
    in_columns = {*columns_of_characteristics(review), "design"}
    facts: dict[str, object] = {
        words.first_upper(words.readable(name)): characteristic(record, name)
        for name in record.get("characteristics") or {}
        if name not in in_columns and characteristic(record, name) != words.DASH
    }
    facts["Reports"] = html_elements.bullets(
        [
            html_elements.join([tag("code", name), citation(report)], " ")
            for name, report in (record.get("reports") or {}).items()
        ],
        class_="tight",
    )
    if record.get("note"):
        facts["Remarks"] = record["note"]
    facts["Risk of bias"] = risk_of_bias(record.get("risk_of_bias"))
    return html_elements.terms(facts, class_="facts")


def risk_of_bias(judged: Mapping[str, Any] | None) -> object:
    """Print the judgements on the risk of bias of a study, which come from people."""
    if not judged:
        return tag("span", words.NOT_ASSESSED, class_="absent")
    domains = "; ".join(f"{domain}: {judgement}" for domain, judgement in (judged.get("domains") or {}).items())
    return f"{judged.get('tool', 'tool not stated')}: {judged.get('overall') or words.NOT_ASSESSED} overall" + (
        f" ({domains})" if domains else ""
    )


def citation(report: Mapping[str, Any]) -> Html:
    """Print a report's citation with its links."""
    links = [
        link
        for link in (html_elements.pmid_link(report.get("pmid")), html_elements.doi_link(report.get("doi")))
        if link is not None
    ]
    return html_elements.join([report.get("citation") or "", *links], " ")


def versions(review: ReviewView) -> Html:
    """Build the table of the software."""
    rows = sorted({"coppice": __version__, **(review.spec.get("versions") or {})}.items())
    return table("Software versions.", ("Package", "Version"), rows, name="table-versions")


def places(review: ReviewView) -> Html | None:
    """Build the list of the places in which figures were read, by the keys that remarks name; None where there are none."""
    used = _words(review)
    every = {key: str(text) for key, text in (review.spec.get("sources") or {}).items()}
    named = [key for key in every if used.issuperset(WORD.findall(str(key)))]
    rows = [(tag("code", key), html_elements.linked(every[key])) for key in named]
    if not rows:
        return None
    caption = "Sources from which results were read, by the keys used in remarks and notes."
    listed = table(caption, ("Key", "Source"), rows, name="table-sources")
    return tag("details", tag("summary", f"Source keys ({len(rows)})"), listed)


def _words(review: ReviewView) -> set[str]:
    """Return the words of what is said of the studies and their figures, in which a key of a source may stand."""
    texts: list[object] = [review.spec.get(part) for part in ("studies", "analyses", "review")]
    for extract in review.extracts.values():
        measures = (extract.get("measures") or {}).values()
        figures = [figure for measure in measures for figure in measure.get("candidates") or []]
        texts.append(extract.get("note"))
        texts += [
            (figure.get("source"), figure.get("note"), figure.get("use"))
            for figure in (*figures, *(extract.get("unused") or []))
        ]
    return set(WORD.findall(repr(texts)))


def inputs(review: ReviewView) -> Html:
    """Build the table of the inputs and the SHA-256 of their content."""
    rows = [(name, tag("code", digest)) for name, digest in sorted((review.spec.get("inputs") or {}).items())]
    return table("Input files and their SHA-256 checksums.", ("Input", "SHA-256"), rows, name="table-inputs")
